"""The rows that statements become: each with its text, its number and everything it is found by, under short keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from lms.xapi.actions import terms
from lms.xapi.rules.agents import identifier
from lms.xapi.rules.facets import Kind
from lms.xapi.rules.facts import Stamp
from lms.xapi.rules.naming import Names, names_in

Row = dict[str, Any]
_AGENT, _RELATED_AGENT = int(Kind.AGENT), int(Kind.RELATED_AGENT)
_RELATED_ACTIVITY = int(Kind.RELATED_ACTIVITY)


class Worded(Struct):
    """A statement about to be stored: its text and what it says, its number, and whose act it was."""

    id: UUID
    seq: int
    stored: datetime
    timestamp: datetime
    stamp: Stamp | None
    statement: Mapping[str, Any]
    authority: Mapping[str, Any]
    text: str
    names: Names


class Shelved(Struct):
    """A statement's row, in the order of its columns."""

    seq: int
    id: UUID
    stored: datetime
    timestamp: datetime
    actor_id: int
    verb_id: int
    activity_id: int | None
    authority_id: int
    registration: UUID | None
    person_id: int | None
    agency_id: int | None
    payload: str


@dataclass(slots=True)
class Rows:
    """What a batch becomes in each table."""

    statements: list[Shelved]
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
    return Worded(
        id=id,
        seq=number[0],
        stored=number[1],
        timestamp=timestamp,
        stamp=stamp,
        statement=statement,
        authority=statement["authority"],
        text=text,
        names=names_in(statement),
    )


def rows_of(batch: Sequence[Worded]) -> Rows:
    """The rows of a batch, with every agent, verb and activity under its short key."""
    agents: dict[str, Mapping[str, Any]] = {}
    authorities = _authorities(batch, agents)
    for worded in batch:
        agents.update(worded.names.everybody)
    agent_keys = terms.agent_keys(agents)
    verb_keys = terms.verb_keys([worded.names.verb for worded in batch])
    activity_keys = terms.activity_keys([iri for worded in batch for iri in worded.names.activities])
    rows = Rows([], [], [], sorted({agent_keys[name] for name in agents}))
    for worded, vouching in zip(batch, authorities, strict=True):
        seq, names = worded.seq, worded.names
        actor, authority = agent_keys[names.actor], agent_keys[vouching]
        activity = activity_keys[names.object] if names.object is not None else None
        rows.statements.append(
            Shelved(
                seq,
                worded.id,
                worded.stored,
                worded.timestamp,
                actor,
                verb_keys[names.verb],
                activity,
                authority,
                names.registration,
                worded.stamp.person_id if worded.stamp else None,
                worded.stamp.agency_id if worded.stamp else None,
                worded.text,
            )
        )
        if names.agents or names.related_agents:
            agents_here = {agent_keys[name] for name in names.agents}
            _link(rows.links, seq, _AGENT, agents_here, {actor})
            related_here = {agent_keys[name] for name in names.related_agents}
            _link(rows.links, seq, _RELATED_AGENT, related_here, {actor, authority, *agents_here})
        things = {activity_keys[iri] for iri in names.activities}
        _link(rows.links, seq, _RELATED_ACTIVITY, things, {activity})
        if names.target is not None:
            rows.references.append({"target": names.target, "seq": seq})
    return rows


def _authorities(batch: Sequence[Worded], agents: dict[str, Mapping[str, Any]]) -> list[str]:
    """Who vouches for each statement, noted by name; whoever vouches for all of a batch is named once."""
    known: dict[int, str] = {}
    found = []
    for worded in batch:
        authority = worded.authority
        name = known.get(id(authority))  # the batch holds them all, so no two have one
        if name is None:
            name = known[id(authority)] = identifier(authority)
            agents[name] = authority
        found.append(name)
    return found


def _link(links: list[Row], seq: int, kind: int, keys: set[int], but: set[int | None]) -> None:
    for key in keys:
        if key not in but:
            links.append({"kind": kind, "key": key, "seq": seq})
