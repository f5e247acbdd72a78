"""What others said of our people: the statements that rooms above may come to count, and whether they still stand."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.orm import aliased

from lms.kernel.db import db
from lms.kernel.db.prepared import Prepared
from lms.xapi.models import Activity, Agent, StatementId, StatementRow, Verb
from lms.xapi.rules.agents import OWN_ENDING
from lms.xapi.rules.facts import Fact

_AT_ONCE = 500
_voiding = aliased(StatementRow)
_LATEST = Prepared(select(StatementRow.stored).order_by(StatementRow.seq.desc()).limit(1))
_WITHDRAWN = Prepared(
    select(_voiding.seq, _voiding.stored)
    .select_from(StatementRow)
    .join(StatementId, StatementId.id == StatementRow.voided_by)
    .join(_voiding, _voiding.seq == StatementId.seq)
    .where(StatementRow.seq == bindparam("of"))
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
    row = StatementRow
    conditions = [
        row.activity_id.in_(select(Activity.id).where(_named(activity, is_prefix))),
        row.verb_id.in_(select(Verb.id).where(Verb.iri.in_(list(verbs)))),
        row.authority_id.in_(select(Agent.id).where(_sent_by(sender))),
        row.person_id.is_not(None),
    ]
    wanted = (
        select(row, _voiding.seq.label("voided_seq"), _voiding.stored.label("voided_at"))
        .outerjoin(StatementId, StatementId.id == row.voided_by)
        .outerjoin(_voiding, _voiding.seq == StatementId.seq)
        .where(*conditions)
        .order_by(row.seq)
        .limit(_AT_ONCE)
    )
    last = 0
    while rows := db.session.execute(wanted.where(row.seq > last)).all():
        yield from (_said(*found) for found in rows if found.voided_seq is None or found.voided_seq > found[0].seq)
        last = rows[-1][0].seq


def _named(activity: str, is_prefix: bool) -> ColumnElement[bool]:
    # not LIKE: SQLite's knows no difference between large and small letters
    return func.substr(Activity.iri, 1, len(activity)) == activity if is_prefix else Activity.iri == activity


def _sent_by(sender: str) -> ColumnElement[bool]:
    return Agent.ifi == sender if sender else ~Agent.ifi.endswith(OWN_ENDING, autoescape=True)


def _said(row: StatementRow, voided_seq: int | None, voided_at: datetime | None) -> Said:
    statement: dict[str, Any] = json.loads(row.payload)
    fact = Fact(
        seq=row.seq,
        id=row.id,
        verb=statement["verb"]["id"],
        object_iri=statement["object"]["id"],
        timestamp=row.timestamp,
        stored=row.stored,
        registration=row.registration,
        person_id=row.person_id,
        agency_id=row.agency_id,
        statement=statement,
        own=False,
    )
    return Said(fact, voided_at)
