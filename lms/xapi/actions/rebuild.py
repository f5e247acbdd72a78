"""Projecting everything anew from the statements: what stands in the tables must be what follows from them."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select, text

from lms.kernel import audit
from lms.kernel.actor import Actor
from lms.kernel.db import db
from lms.kernel.db.session import is_begun
from lms.kernel.db.shadows import shadows
from lms.kernel.db.unit import dialect
from lms.xapi.actions import road
from lms.xapi.actions.carrying import carried
from lms.xapi.models import StatementRow
from lms.xapi.queries.facts import of_statement, own_authorities
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

    The differences are between the rows before and after. No statement is stored meanwhile; a check that begins the
    unit of work keeps nobody from storing, and compares what there was at one moment.
    """
    if check:
        return _compared()
    hold_the_road()
    with db.session.begin_nested():
        before = _state()
        _clear()
        count = _project_all()
        result = RebuildResult(count, list(_differences(before, _state())))
    db.session.expire_all()
    after = {"statements": count, "differences": len(result.differences)}
    audit.note(actor=actor, action="records.rebuilt", subject=("record", "all"), after=after)
    db.session.flush()
    return result


def hold_the_road() -> None:
    """Let nobody store a statement until this transaction ends; SQLite's single writer is held anyway."""
    if dialect() == "postgresql":
        db.session.execute(text("lock table xapi_statement in share row exclusive mode"))


def _compared() -> RebuildResult:
    """Project everything into shadows of what projectors keep: all that they keep is what they clear."""
    if is_begun():  # what it reads is not of one moment
        hold_the_road()
    with shadows() as made:
        before = _state()
        _clear()
        made.are_all()
        count = _project_all()
        return RebuildResult(count, list(_differences(before, _state())))


def _clear() -> None:
    for projector in reversed(road.projectors()):
        projector.clear()
    db.session.flush()


def _project_all() -> int:
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
    own = own_authorities()
    row = StatementRow
    columns = (row.seq, row.id, row.stored, row.timestamp, row.registration, row.person_id, row.agency_id)
    wanted = select(*columns, row.authority_id, row.voided_by, row.payload).order_by(row.seq).limit(_AT_ONCE)
    last = 0
    while rows := db.session.execute(wanted.where(row.seq > last)).all():
        for found in rows:
            yield of_statement(found, own=found.authority_id in own)
        last = rows[-1].seq


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
