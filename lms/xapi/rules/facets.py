"""What a statement can be found by (xAPI Communication 2.1.3): agents and activities, and how close they are to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

Part = Mapping[str, Any]


class Kind(IntEnum):
    """How a further agent, activity or verb belongs to a statement."""

    AGENT = 1  # found by `agent`: in the object, or a member of a group that acts or is acted upon
    RELATED_AGENT = 2  # found by `agent` with `related_agents`
    ACTIVITY = 3  # found by `activity`: the object of a statement that this one refers to
    RELATED_ACTIVITY = 4  # found by `activity` with `related_activities`
    VERB = 5  # found by `verb`: the verb of a statement that this one refers to


@dataclass(slots=True)
class Facets:
    """The agents and activities of a statement beside its actor and its object where that is an activity."""

    agents: list[Part] = field(default_factory=list)
    related_agents: list[Part] = field(default_factory=list)
    related_activities: list[Part] = field(default_factory=list)


def facets(statement: Part) -> Facets:
    """Everybody and everything that a statement speaks of."""
    found = Facets()
    actor, thing = statement["actor"], statement["object"]
    if "member" in actor:
        found.agents.extend(actor["member"])
    kind = thing.get("objectType", "Activity")
    if kind in ("Agent", "Group"):
        found.agents.extend(_with_members(thing))
    elif kind == "SubStatement":
        _beneath(thing, found)
    if "member" in statement.get("authority", ()):
        found.related_agents.extend(statement["authority"]["member"])
    if "context" in statement:
        _around(statement["context"], found)
    return found


def _beneath(sub: Part, found: Facets) -> None:
    """What a sub-statement speaks of is related to the statement that holds it."""
    found.related_agents.extend(_with_members(sub["actor"]))
    thing = sub["object"]
    kind = thing.get("objectType", "Activity")
    if kind == "Activity":
        found.related_activities.append(thing)
    elif kind != "StatementRef":
        found.related_agents.extend(_with_members(thing))
    if "context" in sub:
        _around(sub["context"], found)


def _around(context: Part, found: Facets) -> None:
    for name in ("instructor", "team"):
        if name in context:
            found.related_agents.extend(_with_members(context[name]))
    for entry in context.get("contextAgents", ()):
        found.related_agents.append(entry["agent"])
    for entry in context.get("contextGroups", ()):
        found.related_agents.extend(_with_members(entry["group"]))
    for things in context.get("contextActivities", _NOTHING).values():
        found.related_activities.extend((things,) if isinstance(things, dict) else things)


_NOTHING: Part = {}


def _with_members(somebody: Part) -> Iterator[Part]:
    yield somebody
    yield from somebody.get("member", ())


def target_of(statement: Part) -> str | None:
    """The id of the statement that a statement is about; None where it is about anything else."""
    thing = statement["object"]
    return str(thing["id"]) if thing.get("objectType") == "StatementRef" else None
