"""The rows that statements become: each with its text, its number and everything it is found by, under short keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from lms.xapi.actions import terms
from lms.xapi.rules.agents import identifier
from lms.xapi.rules.facets import Facets, Kind, facets, target_of
from lms.xapi.rules.facts import Stamp

Row = dict[str, Any]
_AGENT, _RELATED_AGENT = int(Kind.AGENT), int(Kind.RELATED_AGENT)
_RELATED_ACTIVITY = int(Kind.RELATED_ACTIVITY)


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
