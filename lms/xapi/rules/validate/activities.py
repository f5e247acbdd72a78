"""Activities and their interactions (xAPI 2.4.4.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms.xapi.rules.validate import words
from lms.xapi.rules.validate.flaws import Check, Flaw
from lms.xapi.rules.validate.shapes import Shape, listed, remembered

PARTS: Mapping[str, tuple[str, ...]] = {
    "true-false": (),
    "choice": ("choices",),
    "fill-in": (),
    "long-fill-in": (),
    "matching": ("source", "target"),
    "performance": ("steps",),
    "sequencing": ("choices",),
    "likert": ("scale",),
    "numeric": (),
    "other": (),
}
LISTS = ("choices", "scale", "source", "target", "steps")

_COMPONENT = Shape("a part of an interaction", {"id": words.text, "description": words.language_map}, ("id",))
_components = listed(_COMPONENT, "parts of an interaction")


def _distinct(value: Any) -> None:
    _components(value)
    seen: set[str] = set()
    for index, part in enumerate(value):
        if part["id"] in seen:
            raise Flaw("stands twice in this list: every part needs its own id.", "id", index)
        seen.add(part["id"])


def _typed_interaction(definition: Mapping[str, Any]) -> None:
    said = definition.get("interactionType")
    for name in LISTS:
        if name in definition and (said is None or name not in PARTS[said]):
            raise _untyped(name) if said is None else _of_another(name, said)
    if said is None and "correctResponsesPattern" in definition:
        raise _untyped("correctResponsesPattern")


def _untyped(name: str) -> Flaw:
    return Flaw(f'has "{name}" but no "interactionType": say which kind of interaction it is.')


def _of_another(name: str, said: str) -> Flaw:
    allowed = " and ".join(f'"{own}"' for own in PARTS[said]) or "none"
    return Flaw(f'is not a list of the interaction type "{said}" (its lists: {allowed}): leave it out.', name)


_interaction: Mapping[str, Check] = {
    "interactionType": words.literal(*PARTS),
    "correctResponsesPattern": listed(words.text, "texts"),
    **dict.fromkeys(LISTS, _distinct),
}
DEFINITION = Shape(
    "an activity's definition",
    {
        "name": words.language_map,
        "description": words.language_map,
        "type": words.iri,
        "moreInfo": words.iri,
        "extensions": words.extensions,
        **_interaction,
    },
    (),
    (_typed_interaction,),
)
ACTIVITY = remembered(
    Shape("an activity", {"objectType": words.literal("Activity"), "id": words.iri, "definition": DEFINITION}, ("id",))
)
