"""The figures of a day as plain numbers for programs (docs/rules.md, section 2.5)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from lms.kernel import clock
from lms.kernel.actor import Actor
from lms.kernel.errors import NotThere
from lms.reporting.queries.matrix import EVERY, Line, Matrix, Wish, matrix
from lms.reporting.rules import Cell, Fit

_COUNTS = ("headcount", "met", "not_yet_due", "in_grace", "overdue", "excused", "exempt")


def coverage_json(
    *,
    actor: Actor,
    as_at: date,
    known_on: date | None = None,
    requirement: str | None = None,
    agency: str | None = None,
) -> dict[str, Any]:
    """The cells of every agency with everything beneath it; rates are between 0 and 1, None without a denominator.

    Without `known_on` all that is on record counts. Raises NotThere, with what to check, for an unknown code.
    """
    wish = Wish(as_at, known_on, agency, requirement, frozenset({EVERY}))
    try:
        found = matrix(actor, wish)
    except NotThere:
        raise NotThere(_nothing(wish)) from None
    return {
        "as_at": as_at.isoformat(),
        "known_at": (known_on or clock.today()).isoformat(),
        "cells": [cell for line in found.lines for cell in _cells(found, line)],
        "staff": [_staff(line) for line in found.lines],
        "role_fit": [_fit(_code(line), line.fit) for line in found.lines],
    }


def _staff(line: Line) -> dict[str, Any]:
    """Headcount and full-time equivalents (M1)."""
    return {"agency": _code(line), "headcount": line.headcount, "full_time": float(line.full_time)}


def _cells(found: Matrix, line: Line) -> list[dict[str, Any]]:
    return [_cell(_code(line), row.code, line.cells[row.code]) for row in found.requirements]


def _cell(agency: str | None, requirement: str, cell: Cell) -> dict[str, Any]:
    counts = {name: getattr(cell, name) for name in _COUNTS}
    rates = {"current_rate": _number(cell.current_rate), "compliance_of_due": _number(cell.compliance_of_due)}
    return {"agency": agency, "requirement": requirement, **counts, **rates}


def _fit(agency: str | None, fit: Fit) -> dict[str, Any]:
    return {
        "agency": agency,
        "people_with_targets": fit.people,
        "fully_fit": fit.fully_fit,
        "pairs": fit.pairs,
        "role_fit": _number(fit.role_fit),
        "targets_met": _number(fit.targets_met),
        "assessed_share": _number(fit.assessed_share),
        "gap_index": _number(fit.gap_index),
    }


def _code(line: Line) -> str | None:
    return line.agency.code if line.agency else None


def _number(rate: Fraction | None) -> float | None:
    return None if rate is None else float(rate)


def _nothing(wish: Wish) -> str:
    asked = [f"agency {wish.agency!r}"] if wish.agency else []
    asked += [f"requirement {wish.requirement!r}"] if wish.requirement else []
    return f"There is no {' or no '.join(asked)} on {wish.as_at}: check the code and the day."
