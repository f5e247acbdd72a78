"""Statements as clients get them: the text as stored, page by page along the order of storing."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import Boolean, bindparam, column, select, text

from lms.kernel import clock
from lms.kernel.actor import Actor
from lms.kernel.db import db, memory
from lms.kernel.db.prepared import Prepared
from lms.kernel.db.quiet import is_quiet
from lms.kernel.db.unit import dialect, notes
from lms.kernel.errors import NotThere
from lms.xapi.models import Agent, StatementId, StatementRow
from lms.xapi.policy import only_own
from lms.xapi.queries import search
from lms.xapi.rules.parameters import Filters

_NEWEST = Prepared(select(StatementRow.stored).order_by(StatementRow.seq.desc()).limit(1))
_SINGLE = Prepared(
    select(StatementRow.payload, StatementRow.stored, StatementRow.voided_by, Agent.ifi)
    .join(StatementId, StatementId.seq == StatementRow.seq)
    .join(Agent, Agent.id == StatementRow.authority_id)
    .where(StatementId.id == bindparam("id"))
)
# Whoever has begun and has not ended may yet store something as of then, even if nothing is written so far: the moment
# of storing is taken before the first row is. How long ago that was, the database says: its clock may be another one.
_LONGEST_OPEN = Prepared(
    text(
        "select cast(extract(epoch from clock_timestamp() - min(xact_start)) as float) as longest "
        "from pg_stat_activity "
        "where datname = current_database() and xact_start is not null and backend_type = 'client backend' "
        "and (pid <> pg_backend_pid() or :own)"
    )
    .bindparams(bindparam("own", type_=Boolean))
    .columns(column("longest"))
)
_MICROSECOND = timedelta(microseconds=1)
_LATELY = 0.1  # seconds
_STORED = "xapi.stored"
_MEMORY = "xapi.consistent"


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


def statements(actor: Actor, filters: Filters, through: datetime | None = None) -> Page:
    """The statements that match, newest first unless asked otherwise; voided ones are left out.

    `through` is up to when the record was complete before anything of this was read, where that was asked already.
    """
    through = through or consistent_through()
    found = search.matching(filters, reader=only_own(actor))
    shown = found[: filters.limit]
    more = replace(filters, beyond=shown[-1].seq) if len(found) > filters.limit else None
    return Page(tuple(row.payload for row in shown), more, through)


def single(actor: Actor, statement_id: UUID, *, voided: bool, through: datetime | None = None) -> Single:
    """One statement by its id, among the voided or the others; raises NotThere."""
    through = through or consistent_through()
    row = _SINGLE.first(id=statement_id)
    own = only_own(actor)
    if row is not None and ((row.voided_by is not None) != voided or own not in (None, row.ifi)):
        row = None
    if row is None:
        raise NotThere("There is no such statement, or it is not for this key to read.")
    return Single(row.payload, row.stored, through)


def consistent_through(*, own: bool = False) -> datetime:
    """Up to which moment of storing nothing can appear any more (`X-Experience-API-Consistent-Through`).

    `own` where that is to hold for others as well, who do not see what the present transaction stores.
    """
    now = clock.now() if clock.stands() else clock.now() - _MICROSECOND  # somebody may yet store within this one
    if dialect() == "postgresql":
        longest: float | None = _LONGEST_OPEN.first(own=own).longest
        return now if longest is None else now - timedelta(seconds=longest)
    if is_quiet(db.engine):  # whoever begins to write from here on stores as of later
        return now
    # one writer at a time stores in order, so everything up to the newest that can be seen is there
    newest = _NEWEST.first()
    return now if newest is None else newest.stored


def note_stored(moment: datetime) -> None:
    """Note as of which moment the present transaction stored last."""
    notes()[_STORED] = moment


def stored_here() -> datetime | None:
    """As of which moment the present transaction stored last; None where it has not."""
    found: datetime | None = notes().get(_STORED)
    return found


def consistent_lately() -> datetime:
    """The same for whoever stores: on PostgreSQL found out a moment ago, as he would only be told what he knows."""
    if clock.stands():
        return consistent_through()
    if dialect() == "sqlite":  # its single writer knows what is the newest
        return stored_here() or consistent_through()
    last = memory.memory(_MEMORY, _Last)
    if time.monotonic() - last.asked_at > _LATELY:
        last.through, last.asked_at = consistent_through(own=True), time.monotonic()
    return last.through


@dataclass(slots=True)
class _Last:
    """When a worker found out last up to which moment the record is complete."""

    through: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    asked_at: float = -_LATELY
