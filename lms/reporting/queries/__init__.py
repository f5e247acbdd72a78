"""Reads of coverage: figures, the people behind them, and what proves them.

Things to remember: figures are worked out for the whole government once for a state of the record and kept within the
process under everything they depend on (asked.py, shelf.py); only then are they cut to what the actor may see. The
people of a cell, a person and a proof are looked up within the actor's reach each time.
"""

from lms.reporting.queries.figures import coverage_json
from lms.reporting.queries.focus import Headline, Overview, Point, overview
from lms.reporting.queries.lists import (
    STATUSES,
    Card,
    People,
    Reacher,
    Slice,
    Standee,
    people_of_cell,
    people_of_fit,
)
from lms.reporting.queries.matrix import EVERY, Line, Matrix, Wish, matrix
from lms.reporting.queries.person import PersonPage, person
from lms.reporting.queries.proof import Proof, Trail, evidence, statement

__all__ = [
    "EVERY",
    "STATUSES",
    "Card",
    "Headline",
    "Line",
    "Matrix",
    "Overview",
    "People",
    "PersonPage",
    "Point",
    "Proof",
    "Reacher",
    "Slice",
    "Standee",
    "Trail",
    "Wish",
    "coverage_json",
    "evidence",
    "matrix",
    "overview",
    "people_of_cell",
    "people_of_fit",
    "person",
    "statement",
]
