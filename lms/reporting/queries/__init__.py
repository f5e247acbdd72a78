"""Reads of coverage: figures, the people behind them, and what proves them.

Things to remember: what pages need of the record is kept within the process, for the whole government and every day,
and brought up to date by what came since (record); only then is it cut to what the actor may see. Where that is of no
use (another moment of knowledge, a unit of work that may write), figures are worked out from the database. Both give
the same. The people of a cell, a person and a proof are looked up within the actor's reach each time.
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
