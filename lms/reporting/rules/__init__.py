"""Population and coverage as exact arithmetic (docs/rules.md, sections 2.3 and 2.5): round for display only."""

from __future__ import annotations

from lms.reporting.rules.cells import Ageing, Cell, ageing, tally
from lms.reporting.rules.fit import Fit, fit_of, person_fit, total_fit
from lms.reporting.rules.fit_history import FIT_COUNTS, Held, Targets, fit_entries, fit_on
from lms.reporting.rules.history import (
    CELL_COUNTS,
    Entry,
    Stay,
    Sums,
    cell_entries,
    cell_of,
    stay_on,
    stays,
    summed,
    taken_back,
    with_changes,
)
from lms.reporting.rules.population import Post, average_headcount, fte, headcount, hours_per_head, own_headcounts
from lms.reporting.rules.rounding import round_half_up
from lms.reporting.rules.tree import BrokenTree, Totals, descendants, tree_totals

__all__ = [
    "CELL_COUNTS",
    "FIT_COUNTS",
    "Ageing",
    "BrokenTree",
    "Cell",
    "Entry",
    "Fit",
    "Held",
    "Post",
    "Stay",
    "Sums",
    "Targets",
    "Totals",
    "ageing",
    "average_headcount",
    "cell_entries",
    "cell_of",
    "descendants",
    "fit_entries",
    "fit_of",
    "fit_on",
    "fte",
    "headcount",
    "hours_per_head",
    "own_headcounts",
    "person_fit",
    "round_half_up",
    "stay_on",
    "stays",
    "summed",
    "taken_back",
    "tally",
    "total_fit",
    "tree_totals",
    "with_changes",
]
