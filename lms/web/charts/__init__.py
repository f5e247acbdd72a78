"""Charts as drawings: pure functions from numbers to SVG, coloured by the style sheet, spoken by one sentence.

The caller gives each chart its table; a chart never stands alone.
"""

from __future__ import annotations

from lms.web.charts.shares import bars, heat, ring, spark, stacked_share
from lms.web.charts.trends import MOST_LABELS, trend

__all__ = ["MOST_LABELS", "bars", "heat", "ring", "spark", "stacked_share", "trend"]
