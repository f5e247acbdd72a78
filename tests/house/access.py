"""The reviewed table of who may use which function: `access.csv`, one row for each endpoint and method."""

from __future__ import annotations

import csv

from tests.house.source import ROOT
from tests.house.world import ROLES

TABLE = ROOT / "tests" / "house" / "access.csv"
WORDS = {"in", "sign-in", "401", "403"}
Cells = dict[tuple[str, str], dict[str, str]]


def table() -> Cells:
    """The reviewed outcomes by endpoint and method, then by role."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        found = [(row["endpoint"], row["method"], row) for row in csv.DictReader(file)]
    assert len({entry[:2] for entry in found}) == len(found), "a row stands twice"
    return {(endpoint, method): {role: row[role] for role in ROLES} for endpoint, method, row in found}
