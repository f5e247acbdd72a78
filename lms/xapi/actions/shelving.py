"""Putting worded statements into the store, a batch in as few words to the database as it takes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple, cast
from uuid import UUID

import orjson
from sqlalchemy.exc import IntegrityError

from lms.kernel.db import Base
from lms.kernel.db.fresh import listed, typed
from lms.kernel.db.unit import dialect, line_here
from lms.kernel.errors import Busy
from lms.xapi.actions import terms
from lms.xapi.models import Link, Reference, StatementId, StatementRow
from lms.xapi.rules.agents import identifier
from lms.xapi.rules.facets import Facets, Kind, facets, target_of
from lms.xapi.rules.facts import Stamp

Row = dict[str, Any]
_AGENT, _RELATED_AGENT = int(Kind.AGENT), int(Kind.RELATED_AGENT)
_RELATED_ACTIVITY = int(Kind.RELATED_ACTIVITY)
_TAKEN = """
select id from xapi_statement_id where id in (select value from json_each(?1))
union all select null
where (select count(*) from xapi_agent where id in (select value from json_each(?2))) < json_array_length(?2)"""
ERASED = "Somebody named here was erased from the record since this process met them: send it again."


@dataclass(slots=True)
class Worded:
    """A statement about to be stored: its text and what it says, its number, and whose act it was."""

    id: UUID
    seq: int
    stored: datetime
    timestamp: datetime
    registration: UUID | None
    stamp: Stamp | None
    statement: Mapping[str, Any]
    text: str
    facets: Facets


@dataclass(slots=True)
class Rows:
    """What a batch becomes in each table."""

    statements: list[Row]
    links: list[Row]
    references: list[Row]
    agents: list[int]  # the keys of everybody named: each must be there still


def word(
    statement: Mapping[str, Any],
    text: str,
    *,
    id: UUID,
    number: tuple[int, datetime],
    timestamp: datetime,
    stamp: Stamp | None,
) -> Worded:
    """Make a statement ready for its shelf."""
    registration = statement.get("context", {}).get("registration")
    return Worded(
        id=id,
        seq=number[0],
        stored=number[1],
        timestamp=timestamp,
        registration=_uuid(registration) if registration else None,
        stamp=stamp,
        statement=statement,
        text=text,
        facets=facets(statement),
    )


@lru_cache(maxsize=4096)
def _uuid(text: str) -> UUID:
    """A registration: one comes with every step of somebody's way through a course."""
    return UUID(text)


def shelve(batch: Sequence[Worded]) -> set[int]:
    """Store those statements whose ids are free; returns the numbers of the stored ones.

    Raises Busy where somebody they name was erased since this worker learnt the key: nothing is stored under it.
    """
    rows = rows_of(batch)
    try:
        stored = _at_once(rows) if dialect() == "postgresql" else _one_table_after_another(rows)
        if None not in stored:
            return cast(set[int], stored)
        terms.forget()
        raise Busy(ERASED)
    except IntegrityError as error:  # two workers met in one number: it was nobody's fault, and passes
        raise Busy() from error


def rows_of(batch: Sequence[Worded]) -> Rows:
    """The rows of a batch, with every agent, verb and activity under its short key."""
    agents: dict[str, Mapping[str, Any]] = {}
    name = _namer(agents)
    named = [_identified(worded, name) for worded in batch]
    agent_keys = terms.agent_keys(agents)
    verb_keys = terms.verb_keys([worded.statement["verb"]["id"] for worded in batch])
    activity_keys = terms.activity_keys([iri for names in named for iri in names.activities])
    rows = Rows([], [], [], sorted({agent_keys[name] for name in agents}))
    for worded, names in zip(batch, named, strict=True):
        seq, said = worded.seq, worded.statement
        actor, authority = agent_keys[names.actor], agent_keys[names.authority]
        activity = activity_keys[names.object] if names.object is not None else None
        rows.statements.append(
            {
                "seq": seq,
                "id": worded.id,
                "stored": worded.stored,
                "timestamp": worded.timestamp,
                "actor_id": actor,
                "verb_id": verb_keys[said["verb"]["id"]],
                "activity_id": activity,
                "authority_id": authority,
                "registration": worded.registration,
                "person_id": worded.stamp.person_id if worded.stamp else None,
                "agency_id": worded.stamp.agency_id if worded.stamp else None,
                "payload": worded.text,
            }
        )
        _link(rows.links, seq, _AGENT, {agent_keys[name] for name in names.agents}, {actor})
        beyond: set[int | None] = {actor, authority, *(agent_keys[name] for name in names.agents)}
        _link(rows.links, seq, _RELATED_AGENT, {agent_keys[name] for name in names.related_agents}, beyond)
        things = {activity_keys[iri] for iri in names.activities}
        _link(rows.links, seq, _RELATED_ACTIVITY, things, {activity})
        target = target_of(said)
        if target is not None:
            rows.references.append({"target": UUID(target), "seq": seq})
    return rows


class _Names(NamedTuple):
    """A statement's agents and activities by identifier and IRI; the object is among the activities, too."""

    actor: str
    authority: str
    object: str | None
    agents: Sequence[str]
    related_agents: Sequence[str]
    activities: Sequence[str]


def _namer(agents: dict[str, Mapping[str, Any]]) -> Callable[[Mapping[str, Any]], str]:
    """What names everybody of a batch, and notes each under that name; the authority of all is named once."""
    known: dict[int, str] = {}

    def name(agent: Mapping[str, Any]) -> str:
        text = known.get(id(agent))  # the batch holds them all, so no two have one
        if text is None:
            text = known[id(agent)] = identifier(agent)
            agents.setdefault(text, agent)
        return text

    return name


def _identified(worded: Worded, name: Callable[[Mapping[str, Any]], str]) -> _Names:
    said, found = worded.statement, worded.facets
    thing = said["object"]
    iri = thing["id"] if thing.get("objectType", "Activity") == "Activity" else None
    related = [activity["id"] for activity in found.related_activities]
    return _Names(
        name(said["actor"]),
        name(said["authority"]),
        iri,
        [name(agent) for agent in found.agents] if found.agents else (),
        [name(agent) for agent in found.related_agents] if found.related_agents else (),
        related if iri is None else [iri, *related],
    )


def _link(links: list[Row], seq: int, kind: int, keys: set[int], but: set[int | None]) -> None:
    for key in keys:
        if key not in but:
            links.append({"kind": kind, "key": key, "seq": seq})


def _at_once(rows: Rows) -> set[int | None]:
    """One question to PostgreSQL for the whole batch: it takes it apart quicker than a driver puts it together."""
    parts = [orjson.dumps(part).decode() for part in (rows.statements, rows.links, rows.references)]
    parts.append(f"{{{','.join(map(str, rows.agents))}}}")
    return {row[0] for row in line_here().fetch(at_once(), parts)}


def _one_table_after_another(rows: Rows) -> set[int | None]:
    """The single writer of SQLite looks which ids are free, and nobody takes them meanwhile."""
    line = line_here()
    wanted = {row["id"].hex: row["seq"] for row in rows.statements}
    for taken in line.fetch(_TAKEN, (json.dumps(list(wanted)), json.dumps(rows.agents))):
        if taken[0] is None:
            return {None}
        wanted.pop(taken[0])
    free: set[int | None] = set(wanted.values())
    parts: tuple[tuple[type[Base], list[tuple[Any, ...]]], ...] = (
        (StatementId, list(wanted.items())),
        (StatementRow, [_kept(row) for row in rows.statements if row["seq"] in free]),
        (Link, [(link["kind"], link["key"], link["seq"]) for link in rows.links if link["seq"] in free]),
        (Reference, [(found["target"].hex, found["seq"]) for found in rows.references if found["seq"] in free]),
    )
    for model, values in parts:
        if values:
            line.put(one_by_one(model), values)
    return free


def _kept(row: Row) -> tuple[Any, ...]:
    """A statement's row as SQLite keeps it, in the order of its columns."""
    stored, timestamp, registration = row["stored"], row["timestamp"], row["registration"]
    return (
        row["seq"],
        row["id"].hex,
        stored.isoformat(" ", "microseconds")[:26],
        timestamp.isoformat(" ", "microseconds")[:26],
        row["actor_id"],
        row["verb_id"],
        row["activity_id"],
        row["authority_id"],
        None if registration is None else registration.hex,
        row["person_id"],
        row["agency_id"],
        row["payload"],
    )


_STATEMENT = (
    "seq",
    "id",
    "stored",
    "timestamp",
    "actor_id",
    "verb_id",
    "activity_id",
    "authority_id",
    "registration",
    "person_id",
    "agency_id",
    "payload",
)
_COLUMNS: Mapping[type[Base], Sequence[str]] = {
    StatementId: ("id", "seq"),
    StatementRow: _STATEMENT,
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
