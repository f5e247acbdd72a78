"""Putting worded statements into the store, a batch in as few words to the database as it takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, cast

import msgspec
import orjson
from sqlalchemy.exc import IntegrityError

from lms.kernel.db import Base
from lms.kernel.db.fresh import listed, typed
from lms.kernel.db.unit import WriteWhileReading, dialect, is_reading, line_here
from lms.kernel.errors import Busy
from lms.xapi.actions import terms
from lms.xapi.actions.rows import Rows, Shelved, Worded, rows_of
from lms.xapi.models import Link, Reference, StatementId, StatementRow
from lms.xapi.rules.errors import ErasedMeanwhile

_TAKEN = """
select id from xapi_statement_id where id in (select value from json_each(?1))
union all select null
where (select count(*) from xapi_agent where id in (select value from json_each(?2))) < json_array_length(?2)"""
_written = msgspec.json.Encoder().encode
ERASED = "Somebody named here was erased from the record since this process met them: send it again."


def shelve(batch: Sequence[Worded]) -> set[int]:
    """Store those statements whose ids are free; returns the numbers of the stored ones.

    Raises ErasedMeanwhile where somebody they name was erased since this worker learnt the key: nothing is stored
    under it.
    """
    if is_reading():
        raise WriteWhileReading(f"{len(batch)} statements")
    rows = rows_of(batch)
    try:
        stored = _at_once(rows) if dialect() == "postgresql" else _one_table_after_another(rows)
        if None not in stored:
            return cast(set[int], stored)
        terms.forget()
        raise ErasedMeanwhile(ERASED)
    except IntegrityError as error:  # two workers met in one number: it was nobody's fault, and passes
        raise Busy() from error


def _at_once(rows: Rows) -> set[int | None]:
    """One question to PostgreSQL for the whole batch: it takes it apart quicker than a driver puts it together."""
    parts = [msgspec.json.encode(part).decode() for part in (rows.statements, rows.links, rows.references)]
    parts.append(f"{{{','.join(map(str, rows.agents))}}}")
    return {row[0] for row in line_here().fetch(at_once(), parts)}


def _one_table_after_another(rows: Rows) -> set[int | None]:
    """The single writer of SQLite looks which ids are free, and nobody takes them meanwhile."""
    line = line_here()
    wanted = {row.id.hex: row.seq for row in rows.statements}
    for taken in line.fetch(_TAKEN, (_as_json(list(wanted)), _as_json(rows.agents))):
        if taken[0] is None:
            return {None}
        wanted.pop(taken[0])
    free: set[int | None] = set(wanted.values())
    parts: tuple[tuple[type[Base], list[tuple[Any, ...]]], ...] = (
        (StatementId, list(wanted.items())),
        (StatementRow, [_kept(row) for row in rows.statements if row.seq in free]),
        (Link, [(link["kind"], link["key"], link["seq"]) for link in rows.links if link["seq"] in free]),
        (Reference, [(found["target"].hex, found["seq"]) for found in rows.references if found["seq"] in free]),
    )
    for model, values in parts:
        if values:
            line.put(one_by_one(model), values)
    return free


def _as_json(value: Any) -> str:
    return orjson.dumps(value).decode()


def _kept(row: Shelved) -> tuple[Any, ...]:
    """A statement's row as SQLite keeps it, in the order of its columns."""
    return (
        row.seq,
        row.id.hex,
        _moment(row.stored),
        _moment(row.timestamp),
        row.actor_id,
        row.verb_id,
        row.activity_id,
        row.authority_id,
        None if row.registration is None else row.registration.hex,
        row.person_id,
        row.agency_id,
        row.payload,
    )


def _moment(value: datetime) -> str:
    """A moment as SQLite keeps it: in UTC, with microseconds."""
    text = _written(value).decode()  # "2026-11-23T10:42:00.5Z" has six digits behind the point, or none
    return f"{text[1:11]} {text[12:20]}{text[20:27] if value.microsecond else '.000000'}"


_COLUMNS: Mapping[type[Base], Sequence[str]] = {
    StatementId: ("id", "seq"),
    StatementRow: Shelved.__struct_fields__,
    Link: ("kind", "key", "seq"),
    Reference: ("target", "seq"),
}


@cache
def one_by_one(model: type[Base]) -> str:
    """The insert of one row in the words of SQLite."""
    names = _COLUMNS[model]
    columns, places = ", ".join(f'"{name}"' for name in names), ", ".join("?" * len(names))
    return f'insert into "{model.__tablename__}" ({columns}) values ({places})'


@cache
def at_once() -> str:
    """The insert of a batch in the words of PostgreSQL; statements, links and references come as JSON.

    Where an agent is there no more, nothing is stored, and what comes back is null. Ids are taken in one order by
    everybody, so that no two batches wait for each other.
    """
    return f"""
with batch as (select * from json_to_recordset($1::json) as batch({_typed(StatementRow)})),
  known as (
    select count(*) = cardinality($4::bigint[]) as whole from xapi_agent where id = any($4::bigint[])),
  free as (
    insert into xapi_statement_id (id, seq)
    select id, seq from batch where (select whole from known) order by id on conflict do nothing returning seq),
  kept as (
    insert into xapi_statement ({_listed(StatementRow)})
    select {_listed(StatementRow)} from batch where seq in (select seq from free)),
  found as (
    insert into xapi_link ({_listed(Link)}) select {_listed(Link)}
    from json_to_recordset($2::json) as link({_typed(Link)}) where seq in (select seq from free)),
  pointed as (
    insert into xapi_reference ({_listed(Reference)}) select {_listed(Reference)}
    from json_to_recordset($3::json) as reference({_typed(Reference)}) where seq in (select seq from free))
select seq from free union all select null from known where not whole"""


def _listed(model: type[Base]) -> str:
    return listed(_COLUMNS[model])


def _typed(model: type[Base]) -> str:
    return typed(model, _COLUMNS[model])
