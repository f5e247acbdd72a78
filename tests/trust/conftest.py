"""The government of the walks for faults that happen to it, sealed logs, and an installation that may be killed."""

from tests.house.conftest import founded, world
from tests.trust.installations import installation
from tests.trust.sealed import sealed

__all__ = ["founded", "installation", "sealed", "world"]
