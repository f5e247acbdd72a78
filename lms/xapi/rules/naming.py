"""By what names a statement's agents and activities go, and what it says that its activities are.

Most of what a sender says he has said before: what came in the very same words is not taken apart again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from uuid import UUID

import orjson
from msgspec import Struct

from lms.xapi.rules.agents import identifier
from lms.xapi.rules.facets import facets, target_of

if TYPE_CHECKING:
    from functools import _lru_cache_wrapper

Part = Mapping[str, Any]
Found = TypeVar("Found")
_REMEMBERED = 4096  # of each kind
LONGEST = 600  # bytes of a part that is remembered: a worker that has met very many holds some 20 MB of them
_WITHOUT_AGENTS = frozenset({"registration", "contextActivities", "revision", "platform", "language", "extensions"})


class Marked(NamedTuple):
    """An activity of which something is said; the mark is another one for whatever else might be (in one process)."""

    iri: str
    mark: int


class Names(Struct, frozen=True):
    """A statement's verb, agents and activities by identifier and IRI, but for its authority.

    The object is among the activities, too, and the first; it is None where it is no activity. `everybody` holds each
    agent under its identifier. `target` is the statement that it is about.
    """

    actor: str
    verb: str
    object: str | None
    target: UUID | None
    registration: UUID | None
    agents: Sequence[str]
    related_agents: Sequence[str]
    activities: Sequence[str]
    everybody: Mapping[str, Part]
    marked: Sequence[Marked]


def names_in(statement: Part) -> Names:
    """By what names a statement's agents and activities go."""
    actor, thing = statement["actor"], statement["object"]
    context = statement.get("context", _NOTHING)
    if thing.get("objectType", "Activity") != "Activity" or not context.keys() <= _WITHOUT_AGENTS:
        return _all_names(statement)
    if "member" in actor or "member" in statement.get("authority", _NOTHING):
        return _all_names(statement)
    name, own = _recalled(_agent, actor), _recalled(_activities, thing)
    related = _recalled(_activities, context.get("contextActivities", _NOTHING))
    return plainly(name, actor, statement["verb"]["id"], _registration(context), own, related)


def plainly(
    name: str, actor: Part, verb: str, registration: UUID | None, own: Activities, related: Activities
) -> Names:
    """The names of a statement that speaks of nobody but its actor, and of nothing but activities."""
    things, marked = own.iris + related.iris, own.marked + related.marked
    return Names(name, verb, own.iris[0], None, registration, (), (), things, {name: actor}, marked)


def known_as(agent: Part) -> str:
    """The identifier of an agent who is named often."""
    return _recalled(_agent, agent)


def definitions_in(statement: Part, iri: str) -> list[Part]:
    """What a statement says that an activity is."""
    return [thing["definition"] for thing in _things_of(statement) if thing["id"] == iri and thing.get("definition")]


def _all_names(statement: Part) -> Names:
    found, thing = facets(statement), statement["object"]
    everybody: dict[str, Part] = {}

    def name(agent: Part) -> str:
        text = identifier(agent)
        everybody.setdefault(text, agent)
        return text

    activities, target = named(_things_of(statement)), target_of(statement)
    return Names(
        actor=name(statement["actor"]),
        verb=statement["verb"]["id"],
        object=thing["id"] if thing.get("objectType", "Activity") == "Activity" else None,
        target=UUID(target) if target else None,
        registration=_registration(statement.get("context", _NOTHING)),
        agents=[name(agent) for agent in found.agents],
        related_agents=[name(agent) for agent in found.related_agents],
        activities=activities.iris,
        everybody=everybody,
        marked=activities.marked,
    )


def _registration(context: Part) -> UUID | None:
    return UUID(context["registration"]) if "registration" in context else None


def _things_of(statement: Part) -> list[Part]:
    """Every activity of a statement, its object first."""
    thing = statement["object"]
    own = [thing] if thing.get("objectType", "Activity") == "Activity" else []
    return [*own, *facets(statement).related_activities]


_NOTHING: Part = {}


class Activities(NamedTuple):
    """Some activities by their IRIs, and of which of them something is said."""

    iris: tuple[str, ...]
    marked: tuple[Marked, ...]


def _recalled(found: _lru_cache_wrapper[Found], value: Part) -> Found:
    return recalled(found, orjson.dumps(value))


def recalled(found: _lru_cache_wrapper[Found], text: bytes) -> Found:
    """What was found for a part before, by its text; what is very long is not remembered."""
    return found(text) if len(text) <= LONGEST else found.__wrapped__(text)


@lru_cache(maxsize=_REMEMBERED)
def _agent(text: bytes) -> str:
    return identifier(orjson.loads(text))


@lru_cache(maxsize=_REMEMBERED)
def _activities(text: bytes) -> Activities:
    """An activity, or related activities by what they are to the statement."""
    value = orjson.loads(text)
    if "id" in value:
        return named([value])
    return named(thing for things in value.values() for thing in ([things] if isinstance(things, dict) else things))


def named(things: Iterable[Part]) -> Activities:
    """The names of activities."""
    found = list(things)
    said = [(thing["id"], thing["definition"]) for thing in found if thing.get("definition")]
    # the hash is salted, so that nobody can make two that are alike
    marked = tuple(Marked(iri, hash(orjson.dumps(definition))) for iri, definition in said)
    return Activities(tuple(thing["id"] for thing in found), marked)
