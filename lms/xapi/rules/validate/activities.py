"""Activities and their interactions (xAPI 2.4.4.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms.xapi.rules.errors import wrong
from lms.xapi.rules.validate import atoms
from lms.xapi.rules.validate.atoms import Check, Version
from lms.xapi.rules.validate.shapes import Shape, listed

INTERACTION_TYPES = (
    "true-false",
    "choice",
    "fill-in",
    "long-fill-in",
    "matching",
    "performance",
    "sequencing",
    "likert",
    "numeric",
    "other",
)
COMPONENTS = ("choices", "scale", "source", "target", "steps")

_COMPONENT = Shape("a part of an interaction", {"id": atoms.text, "description": atoms.language_map}, ("id",))
_components = listed(_COMPONENT, "parts of an interaction")


def _distinct(value: Any, at: str, version: Version) -> None:
    _components(value, at, version)
    seen: set[str] = set()
    for index, part in enumerate(value):
        if part["id"] in seen:
            raise wrong(f"{at}/{index}/id", "stands twice in this list: every part needs its own id.")
        seen.add(part["id"])


def _typed_interaction(value: Mapping[str, Any], at: str, version: Version) -> None:
    parts = [name for name in ("correctResponsesPattern", *COMPONENTS) if name in value]
    if parts and "interactionType" not in value:
        raise wrong(at, f'has "{parts[0]}" but no "interactionType": say which kind of interaction it is.')


_interaction: Mapping[str, Check] = {
    "interactionType": atoms.literal(*INTERACTION_TYPES),
    "correctResponsesPattern": listed(atoms.text, "texts"),
    **dict.fromkeys(COMPONENTS, _distinct),
}
DEFINITION = Shape(
    "an activity's definition",
    {
        "name": atoms.language_map,
        "description": atoms.language_map,
        "type": atoms.iri,
        "moreInfo": atoms.iri,
        "extensions": atoms.extensions,
        **_interaction,
    },
    (),
    (_typed_interaction,),
)
ACTIVITY = Shape(
    "an activity", {"objectType": atoms.literal("Activity"), "id": atoms.iri, "definition": DEFINITION}, ("id",)
)
