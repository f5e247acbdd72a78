"""Carrying facts forward: what follows from a statement stays when the statement goes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, select

from lms.kernel import strict_json
from lms.kernel.db import run
from lms.xapi.actions import road
from lms.xapi.models import Carried
from lms.xapi.queries.facts import of_carried
from lms.xapi.rules.carrying import essence
from lms.xapi.rules.facts import Fact

_AT_ONCE = 1000
_carried: Any = Carried.__table__
_NEW = insert(_carried)
_AFTER = select(_carried).where(_carried.c.seq > bindparam("last")).order_by(_carried.c.seq).limit(_AT_ONCE)


def carry(facts: Iterable[tuple[Fact, UUID | None]]) -> int:
    """Keep the essence of those facts from which rows of some room follow, each with what voided it."""
    rows = [
        _row(fact, voided_by)
        for fact, voided_by in facts
        if any(projector.keeps(fact) for projector in road.projectors())
    ]
    if rows:
        run(_NEW, rows)
    return len(rows)


def carried() -> Iterator[Fact]:
    """Every fact that was carried forward, in the order of storing."""
    last = 0
    while rows := run(_AFTER, {"last": last}).all():
        yield from map(of_carried, rows)
        last = rows[-1].seq


def _row(fact: Fact, voided_by: UUID | None) -> dict[str, Any]:
    return {
        "seq": fact.seq,
        "id": fact.id,
        "verb": fact.verb,
        "object_iri": fact.object_iri,
        "timestamp": fact.timestamp,
        "stored": fact.stored,
        "registration": fact.registration,
        "person_id": fact.person_id,
        "agency_id": fact.agency_id,
        "own": fact.own,
        "voided_by": voided_by,
        "essence": strict_json.write(essence(fact)),
    }
