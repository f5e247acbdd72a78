"""What others said of our people: the statements that rooms above may come to count, and whether they still stand."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, BindParameter, ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from lms.kernel.db import db
from lms.kernel.db.prepared import Prepared
from lms.xapi.models import Activity, Agent, Carried, StatementId, StatementRow, Verb
from lms.xapi.queries.facts import of_carried, of_statement
from lms.xapi.rules.agents import OWN_ENDING, identifier
from lms.xapi.rules.facts import Fact
from lms.xapi.rules.iris import BOUNDARIES

_AT_ONCE = 500
_voiding = aliased(StatementRow)
_LATEST = Prepared(select(StatementRow.stored).order_by(StatementRow.seq.desc()).limit(1))
_carried_voiding = aliased(Carried)
_VOIDED_AT = func.coalesce(_voiding.stored, _carried_voiding.stored)
_OF: BindParameter[int] = bindparam("of", type_=BigInteger)
# whichever of the two was erased since: what is carried forward of it still tells
_WITHDRAWN = Prepared(
    select(StatementId.seq, _VOIDED_AT.label("stored"))
    .outerjoin(_voiding, _voiding.seq == StatementId.seq)
    .outerjoin(_carried_voiding, _carried_voiding.seq == StatementId.seq)
    .where(
        StatementId.id
        == func.coalesce(
            select(StatementRow.voided_by).where(StatementRow.seq == _OF).scalar_subquery(),
            select(Carried.voided_by).where(Carried.seq == _OF).scalar_subquery(),
        ),
        _VOIDED_AT.is_not(None),
    )
)


@dataclass(frozen=True, slots=True)
class Said:
    """A statement from outside about one of our people, and when it was voided."""

    fact: Fact
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """When a statement was voided; `came_first` where its voiding was stored before itself."""

    at: datetime
    came_first: bool


def withdrawal(seq: int) -> Withdrawal | None:
    """When the statement with a number was voided, if it was."""
    row = _WITHDRAWN.first(of=seq)
    return Withdrawal(row.stored, row.seq < seq) if row is not None else None


def latest_stored() -> datetime | None:
    """When the latest statement was stored."""
    row = _LATEST.first()
    return row.stored if row is not None else None


def said_about(activity: str, *, is_prefix: bool, sender: str, verbs: Collection[str]) -> Iterator[Said]:
    """What others said with some verbs about an activity, or all whose IRIs begin so, in the order of storing.

    `sender` is the identifier of an authority; anybody's where it is empty. Those voided before they came are left out.
    """
    stored = _in_parts(_stored_about(activity, is_prefix, sender, verbs), StatementRow.seq, _said)
    carried = _in_parts(_carried_about(activity, is_prefix, verbs), Carried.seq, _said_once)
    theirs = (said for said in carried if sender in ("", identifier(said.fact.statement["authority"])))
    return heapq.merge(stored, theirs, key=lambda said: said.fact.seq)


def _stored_about(activity: str, is_prefix: bool, sender: str, verbs: Collection[str]) -> Select[*tuple[Any, ...]]:
    row = StatementRow
    return _with_voiding(row).where(
        row.activity_id.in_(select(Activity.id).where(_named(Activity.iri, activity, is_prefix))),
        row.verb_id.in_(select(Verb.id).where(Verb.iri.in_(list(verbs)))),
        row.authority_id.in_(select(Agent.id).where(_sent_by(sender))),
        row.person_id.is_not(None),
    )


def _carried_about(activity: str, is_prefix: bool, verbs: Collection[str]) -> Select[*tuple[Any, ...]]:
    """The same of those that were erased, of any sender."""
    named = _named(Carried.object_iri, activity, is_prefix)
    of_others = (Carried.own.is_(False), Carried.person_id.is_not(None))
    return _with_voiding(Carried).where(named, Carried.verb.in_(list(verbs)), *of_others)


def _with_voiding(row: type[StatementRow] | type[Carried]) -> Select[*tuple[Any, ...]]:
    return (
        select(row, StatementId.seq.label("voided_seq"), _VOIDED_AT.label("voided_at"))
        .outerjoin(StatementId, StatementId.id == row.voided_by)
        .outerjoin(_voiding, _voiding.seq == StatementId.seq)
        .outerjoin(_carried_voiding, _carried_voiding.seq == StatementId.seq)
        .order_by(row.seq)
        .limit(_AT_ONCE)
    )


def _in_parts(wanted: Select[*tuple[Any, ...]], seq: Any, said: Callable[..., Said]) -> Iterator[Said]:
    last = 0
    while rows := db.session.execute(wanted.where(seq > last)).all():
        yield from (said(*found) for found in rows if found.voided_seq is None or found.voided_seq > found[0].seq)
        last = rows[-1][0].seq


def _named(iri: Any, activity: str, is_prefix: bool) -> ColumnElement[bool]:
    """The condition of an activity's IRI, where it is a prefix as rules.iris.begins has it."""
    same: ColumnElement[bool] = iri == activity
    if not is_prefix:
        return same
    # not LIKE: SQLite's knows no difference between large and small letters
    alike = func.substr(iri, 1, len(activity)) == activity
    if activity.endswith(BOUNDARIES):
        return alike
    return or_(same, and_(alike, func.substr(iri, len(activity) + 1, 1).in_(BOUNDARIES)))


def _sent_by(sender: str) -> ColumnElement[bool]:
    return Agent.ifi == sender if sender else ~Agent.ifi.endswith(OWN_ENDING, autoescape=True)


def _said(row: StatementRow, voided_seq: int | None, voided_at: datetime | None) -> Said:
    return Said(of_statement(row, own=False), voided_at)


def _said_once(row: Carried, voided_seq: int | None, voided_at: datetime | None) -> Said:
    return Said(of_carried(row), voided_at)
