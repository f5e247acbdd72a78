"""The three forms in which statements are given out (xAPI Communication 2.1.3): exact, ids and canonical.

Neither ids nor canonical touches extensions: what stands in them is their sender's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from lms.xapi.rules.agents import IDENTIFIERS

Part = dict[str, Any]
Definitions = Mapping[str, Mapping[str, Any]]
_MAPS = ("name", "description")
_COMPONENTS = ("choices", "scale", "source", "target", "steps")


def ids(statement: Part) -> Part:
    """The statement with nothing of agents, activities and verbs but what identifies them."""
    return _reworded(statement, _bare_agent, lambda activity: {"id": activity["id"]}, lambda verb: {"id": verb["id"]})


def canonical(statement: Part, definitions: Definitions, languages: Sequence[str]) -> Part:
    """The statement with the definitions that the record has of its activities, each text in one language.

    `languages` are the reader's, best first.
    """

    def activity(said: Part) -> Part:
        known = definitions.get(said["id"]) or said.get("definition")
        return {**said, "definition": _in_one_language(known, languages)} if known else said

    def verb(said: Part) -> Part:
        return {**said, "display": spoken(said["display"], languages)} if "display" in said else said

    return _with_attachments(_reworded(statement, lambda agent: agent, activity, verb), languages)


def activities(statement: Part) -> Iterator[str]:
    """The IRIs of the activities that a statement speaks of."""
    found: list[str] = []

    def note(activity: Part) -> Part:
        found.append(activity["id"])
        return activity

    _reworded(statement, lambda agent: agent, note, lambda verb: verb)
    return iter(found)


def hashes(statement: Part) -> set[str]:
    """The hashes of the attachments of a statement and of its sub-statement."""
    own = {str(attachment["sha2"]).lower() for attachment in statement.get("attachments", ())}
    thing = statement["object"]
    return own | hashes(thing) if thing.get("objectType") == "SubStatement" else own


def spoken(texts: Mapping[str, str], languages: Sequence[str]) -> dict[str, str]:
    """The one text of a language map that a reader understands best; the first where he understands none (RFC 4647)."""
    if len(texts) < 2:
        return dict(texts)
    tags = {tag.lower(): tag for tag in texts}
    found = next((tag for wanted in languages if (tag := _look_up(wanted.lower(), tags))), None)
    chosen = found or tags.get("en") or tags.get("und") or next(iter(texts))
    return {chosen: texts[chosen]}


def _look_up(wanted: str, tags: Mapping[str, str]) -> str | None:
    """The tag itself, a wider one (en for en-GB), or a narrower one (en-US for en)."""
    parts = wanted.split("-")
    for length in range(len(parts), 0, -1):
        found = tags.get("-".join(parts[:length]))
        if found is not None:
            return found
    return next((tag for low, tag in tags.items() if low.split("-")[0] == parts[0]), None)


def _reworded(
    statement: Part,
    agent: Callable[[Part], Part],
    activity: Callable[[Part], Part],
    verb: Callable[[Part], Part],
) -> Part:
    """The statement with each of its agents, activities and verbs in other words, also in a sub-statement."""
    changed = {**statement, "actor": agent(statement["actor"]), "verb": verb(statement["verb"])}
    thing = statement["object"]
    match thing.get("objectType", "Activity"):
        case "Activity":
            changed["object"] = activity(thing)
        case "Agent" | "Group":
            changed["object"] = agent(thing)
        case "SubStatement":
            changed["object"] = _reworded(thing, agent, activity, verb)
    if "context" in statement:
        changed["context"] = _around(statement["context"], agent, activity)
    if "authority" in statement:
        changed["authority"] = agent(statement["authority"])
    return changed


def _around(context: Part, agent: Callable[[Part], Part], activity: Callable[[Part], Part]) -> Part:
    changed = {key: agent(value) if key in ("instructor", "team") else value for key, value in context.items()}
    for name, what in (("contextAgents", "agent"), ("contextGroups", "group")):
        if name in context:
            changed[name] = [{**entry, what: agent(entry[what])} for entry in context[name]]
    if "contextActivities" in context:
        changed["contextActivities"] = {
            kind: [activity(one) for one in (things if isinstance(things, list) else [things])]
            for kind, things in context["contextActivities"].items()
        }
    return changed


def _bare_agent(said: Part) -> Part:
    """Who it is; of a group that nothing identifies, who its members are."""
    bare = {key: said[key] for key in ("objectType", *IDENTIFIERS) if key in said}
    if not any(name in said for name in IDENTIFIERS):
        bare["member"] = [_bare_agent(member) for member in said.get("member", ())]
    return bare


def _in_one_language(definition: Mapping[str, Any], languages: Sequence[str]) -> Part:
    changed = dict(definition)
    for name in _MAPS:
        if name in changed:
            changed[name] = spoken(changed[name], languages)
    for name in _COMPONENTS:
        if name in changed:
            changed[name] = [_component(part, languages) for part in changed[name]]
    return changed


def _component(part: Part, languages: Sequence[str]) -> Part:
    return {**part, "description": spoken(part["description"], languages)} if "description" in part else part


def _with_attachments(statement: Part, languages: Sequence[str]) -> Part:
    if "attachments" not in statement:
        return statement
    texts = ("display", "description")
    said = [
        {key: spoken(value, languages) if key in texts else value for key, value in attachment.items()}
        for attachment in statement["attachments"]
    ]
    return {**statement, "attachments": said}
