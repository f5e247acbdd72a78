"""Pages of coverage: the figures, the people behind them, what proves them, and all of it as files."""

from lms.reporting.views import coverage, exports, people, proof
from lms.reporting.views.blueprint import blueprint

__all__ = ["blueprint", "coverage", "exports", "people", "proof"]
