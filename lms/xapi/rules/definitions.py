"""What an activity is, as all statements together say (xAPI 2.4.4.1; Communication 2.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_BY_KEY = ("name", "description", "extensions")
_OF_AN_INTERACTION = frozenset({"correctResponsesPattern", "choices", "scale", "source", "target", "steps"})


def merged(kept: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of an activity with what a later statement says: languages are added, the rest is replaced.

    An interaction that has become one of another type keeps nothing that the former type was made of.
    """
    type_kept = kept.get("interactionType")
    if said.get("interactionType", type_kept) != type_kept:
        kept = {name: value for name, value in kept.items() if name not in _OF_AN_INTERACTION}
    whole = {**kept, **said}
    for name in _BY_KEY:
        if name in kept and name in said:
            whole[name] = {**kept[name], **said[name]}
    return whole


def activity(iri: str, definition: Mapping[str, Any]) -> dict[str, Any]:
    """An activity as it is shown: with its definition where anything is known of it."""
    bare = {"objectType": "Activity", "id": iri}
    return {**bare, "definition": dict(definition)} if definition else bare
