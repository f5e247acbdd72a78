"""Statements as clients get them: the text as stored, page by page along the order of storing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVarTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select, text

from lms.kernel import clock
from lms.kernel.actor import Actor
from lms.kernel.db import UtcDateTime, db
from lms.kernel.db.fresh import dialect
from lms.kernel.errors import NotThere
from lms.xapi.models import Activity, Agent, StatementRow, Verb
from lms.xapi.policy import READ
from lms.xapi.rules.agents import identifier
from lms.xapi.rules.iris import account
from lms.xapi.rules.parameters import Filters

# whoever has begun to write and has not ended may yet store something as of then
Parts = TypeVarTuple("Parts")
_NEWEST = select(StatementRow.stored).order_by(StatementRow.seq.desc()).limit(1)
_OLDEST_OPEN = text(
    "select min(xact_start) as began from pg_stat_activity "
    "where datname = current_database() and backend_xid is not null and pid <> pg_backend_pid()"
).columns(began=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Page:
    """Statements as JSON texts; `more` asks for the next ones, None at the end. Complete up to `through`."""

    statements: tuple[str, ...]
    more: Filters | None
    through: datetime


@dataclass(frozen=True, slots=True)
class Single:
    """One statement as JSON text and when it was stored."""

    statement: str
    stored: datetime
    through: datetime


def statements(actor: Actor, filters: Filters) -> Page:
    """The statements that match, newest first unless asked otherwise; voided ones are left out."""
    through = consistent_through()
    wanted = _within(actor, select(StatementRow.seq, StatementRow.payload)).where(
        StatementRow.voided_by.is_(None), *_conditions(filters)
    )
    order = StatementRow.seq.asc() if filters.ascending else StatementRow.seq.desc()
    rows = db.session.execute(wanted.order_by(order).limit(filters.limit + 1)).all()
    shown = rows[: filters.limit]
    more = replace(filters, beyond=shown[-1].seq) if len(rows) > filters.limit else None
    return Page(tuple(row.payload for row in shown), more, through)


def single(actor: Actor, statement_id: UUID, *, voided: bool) -> Single:
    """One statement by its id, among the voided or the others; raises NotThere."""
    through = consistent_through()
    wanted = _within(actor, select(StatementRow.payload, StatementRow.stored)).where(
        StatementRow.id == statement_id,
        StatementRow.voided_by.is_not(None) if voided else StatementRow.voided_by.is_(None),
    )
    row = db.session.execute(wanted).first()
    if row is None:
        raise NotThere("There is no such statement, or it is not for this key to read.")
    return Single(row.payload, row.stored, through)


def consistent_through() -> datetime:
    """Up to which moment of storing nothing can appear any more (`X-Experience-API-Consistent-Through`)."""
    now = clock.now()
    if dialect() == "postgresql":
        oldest: datetime | None = db.session.execute(_OLDEST_OPEN).scalar()
        return now if oldest is None else min(now, oldest)
    # one writer at a time stores in order, so everything up to the newest that can be seen is there
    newest: datetime | None = db.session.execute(_NEWEST).scalar()
    return now if newest is None else newest


def _within(actor: Actor, wanted: Select[*Parts]) -> Select[*Parts]:
    """Only what the actor may read: everything, or what came with his own key."""
    reach = actor.reach(READ)
    if reach.everywhere:
        return wanted
    known = identifier(account(actor.account_name))
    return wanted.where(StatementRow.authority_id == _key(Agent.id, Agent.ifi == known))


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    row = StatementRow
    beyond = filters.beyond
    possible: list[tuple[object, Any]] = [
        (filters.agent, lambda: row.actor_id == _key(Agent.id, Agent.ifi == filters.agent)),
        (filters.verb, lambda: row.verb_id == _key(Verb.id, Verb.iri == filters.verb)),
        (filters.activity, lambda: row.activity_id == _key(Activity.id, Activity.iri == filters.activity)),
        (filters.registration, lambda: row.registration == filters.registration),
        (filters.since, lambda: row.stored > filters.since),
        (filters.until, lambda: row.stored <= filters.until),
        (beyond, lambda: row.seq > beyond if filters.ascending else row.seq < beyond),
    ]
    return [condition() for given, condition in possible if given is not None]


def _key(column: Any, where: ColumnElement[bool]) -> Any:
    return select(column).where(where).scalar_subquery()
