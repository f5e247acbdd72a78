"""Projecting everything anew from the statements: what stands in the tables must be what follows from them."""

from __future__ import annotations

import heapq
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text

from lms.kernel import audit
from lms.kernel.actor import Actor
from lms.kernel.db import db
from lms.kernel.db.fresh import dialect
from lms.xapi.actions import road
from lms.xapi.actions.carrying import carried
from lms.xapi.models import Agent, StatementRow
from lms.xapi.rules.agents import OWN_ENDING
from lms.xapi.rules.facts import Fact

_AT_ONCE = 1000
_EXAMPLES = 3
State = Mapping[str, Counter[tuple[object, ...]]]


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a room's rows are not what follows from the statements: rows lacking and rows too many."""

    projector: str
    lacking: int
    too_many: int
    examples: tuple[str, ...]

    def __str__(self) -> str:
        shown = "; ".join(self.examples)
        return f"{self.projector}: {self.lacking} rows lacking, {self.too_many} too many, such as {shown}"


@dataclass(frozen=True, slots=True)
class RebuildResult:
    """How many facts were projected, and where the rows had differed from what they give."""

    statements: int
    differences: list[Difference]


def rebuild(*, actor: Actor, check: bool) -> RebuildResult:
    """Clear what projectors keep and project every statement in order; with `check`, leave all as it was.

    No statement is stored meanwhile. The differences are between the rows before and after.
    """
    hold_the_road()
    savepoint = db.session.begin_nested()
    before = _state()
    count = _project_all()
    result = RebuildResult(count, list(_differences(before, _state())))
    if check:
        savepoint.rollback()
        return result
    savepoint.commit()
    db.session.expire_all()
    after = {"statements": count, "differences": len(result.differences)}
    audit.note(actor=actor, action="records.rebuilt", subject=("record", "all"), after=after)
    db.session.flush()
    return result


def hold_the_road() -> None:
    """Let nobody store a statement until this transaction ends; SQLite's single writer is held anyway."""
    if dialect() == "postgresql":
        db.session.execute(text("lock table xapi_statement in share row exclusive mode"))


def _project_all() -> int:
    for projector in reversed(road.projectors()):
        projector.clear()
    db.session.flush()
    count = 0
    for fact in _facts():
        count += 1
        for projector in road.projectors():
            projector.project(fact)
    for projector in road.projectors():
        projector.settle()
    db.session.flush()
    return count


def _facts() -> Iterator[Fact]:
    """Every fact in the order of storing: those of statements, and those carried forward of erased ones."""
    return heapq.merge(_stored(), carried(), key=lambda fact: fact.seq)


def _stored() -> Iterator[Fact]:
    own = set(db.session.scalars(select(Agent.id).where(Agent.ifi.endswith(OWN_ENDING, autoescape=True))))
    row = StatementRow
    columns = (row.seq, row.id, row.stored, row.timestamp, row.registration, row.person_id, row.agency_id)
    wanted = select(*columns, row.authority_id, row.voided_by, row.payload).order_by(row.seq).limit(_AT_ONCE)
    last = 0
    while rows := db.session.execute(wanted.where(row.seq > last)).all():
        for found in rows:
            yield _fact(found, own=found.authority_id in own)
        last = rows[-1].seq


def _fact(row: Any, *, own: bool) -> Fact:
    said = json.loads(row.payload)
    thing = said["object"]
    return Fact(
        seq=row.seq,
        id=row.id,
        verb=said["verb"]["id"],
        object_iri=thing["id"] if thing.get("objectType", "Activity") == "Activity" else "",
        timestamp=row.timestamp,
        stored=row.stored,
        registration=row.registration,
        person_id=row.person_id,
        agency_id=row.agency_id,
        statement=said,
        own=own,
        withdrawn=row.voided_by is not None,
    )


def _state() -> State:
    db.session.flush()
    return {projector.name: Counter(projector.contents()) for projector in road.projectors()}


def _differences(before: State, after: State) -> Iterator[Difference]:
    for name, then in before.items():
        lacking, too_many = after[name] - then, then - after[name]
        if lacking or too_many:
            yield Difference(name, lacking.total(), too_many.total(), _examples(lacking, too_many))


def _examples(lacking: Counter[tuple[object, ...]], too_many: Counter[tuple[object, ...]]) -> tuple[str, ...]:
    kinds: Sequence[tuple[str, Counter[tuple[object, ...]]]] = (("lacks", lacking), ("has", too_many))
    return tuple(f"{word} {row}" for word, rows in kinds for row in list(rows)[:_EXAMPLES])
