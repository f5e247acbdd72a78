"""Which attainments a requirement accepts, and until when: the rows that standings are worked out from.

They follow from the attainments and the terms alone, whatever came first: a requirement laid down after the
attainments, a late record and a rebuild all end in the same rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, bindparam, insert, select, update

from lms.kernel.db import run
from lms.requirements.models import Fulfilment
from lms.requirements.queries import RequirementRow
from lms.requirements.rules import Evidence, RequirementTerms, accept, expires_on
from lms.skills.models import Attainment

Present = dict[int, tuple[date | None, datetime | None]]


class Attained(NamedTuple):
    """An attainment of a required target."""

    person_id: int
    attainment_id: int
    achieved_on: date
    assurance: int
    recorded_at: datetime
    revoked_at: datetime | None
    statement_id: UUID


_OF_ALL: Select[*tuple[Any, ...]] = select(
    Attainment.person_id,
    Attainment.id,
    Attainment.achieved_on,
    Attainment.assurance,
    Attainment.recorded_at,
    Attainment.revoked_at,
    Attainment.statement_id,
).where(Attainment.target == bindparam("target"), Attainment.assurance >= bindparam("least"))
_OF_PERSON = _OF_ALL.where(Attainment.person_id == bindparam("person"))
_PRESENT = select(Fulfilment.attainment_id, Fulfilment.expires_on, Fulfilment.revoked_at).where(
    Fulfilment.requirement_id == bindparam("of"), Fulfilment.person_id == bindparam("person")
)


def accept_all(requirement: RequirementRow) -> int:
    """Accept what everyone attained before the requirement was laid down; returns how much that was."""
    return _write(requirement, _attained(requirement, _OF_ALL, {}), {})


def accept_of(requirement: RequirementRow, person_id: int) -> None:
    """Work out anew what a person holds under a requirement, after something was attained or revoked."""
    known: Present = {row[0]: (row[1], row[2]) for row in run(_PRESENT, {"of": requirement.id, "person": person_id})}
    _write(requirement, _attained(requirement, _OF_PERSON, {"person": person_id}), known)


def _attained(requirement: RequirementRow, wanted: Select[*tuple[Any, ...]], of: dict[str, int]) -> list[Attained]:
    """Attainments of the target that are sure enough, by person and in the order achieved."""
    asked = {"target": requirement.target, "least": requirement.terms.min_rank, **of}
    found = [Attained(*row) for row in run(wanted, asked)]
    return sorted(found, key=lambda item: (item.person_id, item.achieved_on, item.recorded_at, item.statement_id.hex))


def _write(requirement: RequirementRow, attained: Sequence[Attained], present: Present) -> int:
    """Insert what is new and correct what a late record or a revocation moved; returns how many are new."""
    new: list[dict[str, Any]] = []
    moved: list[dict[str, Any]] = []
    for _person_id, theirs in groupby(attained, key=lambda item: item.person_id):
        for item, until in _expiries(requirement.terms, list(theirs)):
            if item.attainment_id not in present:
                new.append(_row(requirement, item, until))
            elif present[item.attainment_id] != (until, item.revoked_at):
                moved.append({"which": item.attainment_id, "until": until, "revoked": item.revoked_at})
    if new:
        run(insert(Fulfilment), new)
    if moved:
        which = (Fulfilment.requirement_id == requirement.id, Fulfilment.attainment_id == bindparam("which"))
        correct = update(Fulfilment).where(*which)
        values: dict[str, Any] = {"expires_on": bindparam("until"), "revoked_at": bindparam("revoked")}
        run(correct.values(values), moved)
    return len(new)


def _expiries(terms: RequirementTerms, theirs: Sequence[Attained]) -> list[tuple[Attained, date | None]]:
    """Give every attainment of one person, in the order achieved, its expiry; a revoked one renews nothing."""
    standing = [item for item in theirs if item.revoked_at is None]
    evidence = [Evidence(item.achieved_on, item.assurance, item.recorded_at.date()) for item in standing]
    accepted = accept(terms, evidence, date.max)
    kept = [(item, found.expires_on) for item, found in zip(standing, accepted, strict=True)]
    return kept + [(item, expires_on(terms, item.achieved_on)) for item in theirs if item.revoked_at is not None]


def _row(requirement: RequirementRow, item: Attained, until: date | None) -> dict[str, Any]:
    return {
        "requirement_id": requirement.id,
        "person_id": item.person_id,
        "attainment_id": item.attainment_id,
        "achieved_on": item.achieved_on,
        "expires_on": until,
        "assurance": item.assurance,
        "recorded_at": item.recorded_at,
        "revoked_at": item.revoked_at,
    }
