"""Population and coverage as exact arithmetic (docs/rules.md, sections 2.3 and 2.5): round for display only."""

from __future__ import annotations

from lms.reporting.rules.cells import Ageing, Cell, ageing, tally
from lms.reporting.rules.fit import Fit, fit_of, person_fit, total_fit
from lms.reporting.rules.population import Post, average_headcount, fte, headcount, hours_per_head, own_headcounts
from lms.reporting.rules.rounding import round_half_up
from lms.reporting.rules.tree import BrokenTree, Totals, descendants, tree_totals

__all__ = [
    "Ageing",
    "BrokenTree",
    "Cell",
    "Fit",
    "Post",
    "Totals",
    "ageing",
    "average_headcount",
    "descendants",
    "fit_of",
    "fte",
    "headcount",
    "hours_per_head",
    "own_headcounts",
    "person_fit",
    "round_half_up",
    "tally",
    "total_fit",
    "tree_totals",
]
