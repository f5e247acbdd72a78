"""Agents and groups (xAPI 2.4.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms.xapi.rules.agents import IDENTIFIERS
from lms.xapi.rules.errors import wrong
from lms.xapi.rules.validate import atoms
from lms.xapi.rules.validate.atoms import Check, Version
from lms.xapi.rules.validate.shapes import Shape, by_type, listed


def _identifiers(value: Mapping[str, Any]) -> list[str]:
    return [name for name in IDENTIFIERS if name in value]


def _known_once(value: Mapping[str, Any], at: str, version: Version) -> None:
    if len(_identifiers(value)) != 1:
        raise wrong(at, f"must be known by exactly one of {', '.join(IDENTIFIERS)}.")


def _known_or_members(value: Mapping[str, Any], at: str, version: Version) -> None:
    found = _identifiers(value)
    if len(found) > 1:
        raise wrong(at, f"must be known by one of {', '.join(IDENTIFIERS)} only.")
    if not found and not value.get("member"):
        raise wrong(at, 'is a group without an identifier: list who belongs to it in "member".')


ACCOUNT = Shape("an account", {"homePage": atoms.iri, "name": atoms.text}, ("homePage", "name"))
_KNOWN: Mapping[str, Check] = {
    "name": atoms.text,
    "mbox": atoms.mailto,
    "mbox_sha1sum": atoms.sha1,
    "openid": atoms.iri,
    "account": ACCOUNT,
}
AGENT = Shape("an agent", {"objectType": atoms.literal("Agent"), **_KNOWN}, (), (_known_once,))
GROUP = Shape(
    "a group",
    {"objectType": atoms.literal("Group"), "member": listed(AGENT, "agents"), **_KNOWN},
    ("objectType",),
    (_known_or_members,),
)
SOMEBODY = by_type("Agent", {"Agent": AGENT, "Group": GROUP})


def authority(value: Any, at: str, version: Version) -> None:
    """An agent, or the two halves of a three-legged sign-in as an anonymous group (xAPI 2.4.9)."""
    SOMEBODY(value, at, version)
    if value.get("objectType") == "Group" and (_identifiers(value) or len(value["member"]) != 2):
        raise wrong(at, "is a group: as an authority it has no identifier and exactly two members.")
