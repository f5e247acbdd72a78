"""Agents and groups (xAPI 2.4.2), and who vouches for a statement (2.4.9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms.xapi.rules.agents import IDENTIFIERS
from lms.xapi.rules.validate import words
from lms.xapi.rules.validate.flaws import Check, Flaw
from lms.xapi.rules.validate.shapes import Shape, by_type, listed, remembered

_ALL = ", ".join(IDENTIFIERS)


def _identifiers(somebody: Mapping[str, Any]) -> int:
    return ("account" in somebody) + ("mbox" in somebody) + ("mbox_sha1sum" in somebody) + ("openid" in somebody)


def _known_once(agent: Mapping[str, Any]) -> None:
    if _identifiers(agent) != 1:
        raise Flaw(f"must be known by exactly one of {_ALL}.")


def _known_or_members(group: Mapping[str, Any]) -> None:
    found = _identifiers(group)
    if found > 1:
        raise Flaw(f"must be known by one of {_ALL} only.")
    if not found and not group.get("member"):
        raise Flaw('is a group without an identifier: list who belongs to it in "member".')


ACCOUNT = Shape("an account", {"homePage": words.iri, "name": words.text}, ("homePage", "name"))
_KNOWN: Mapping[str, Check] = {
    "name": words.text,
    "mbox": words.mailto,
    "mbox_sha1sum": words.sha1,
    "openid": words.iri,
    "account": ACCOUNT,
}
AGENT = Shape("an agent", {"objectType": words.literal("Agent"), **_KNOWN}, (), (_known_once,))
GROUP = Shape(
    "a group",
    {"objectType": words.literal("Group"), "member": listed(AGENT, "agents"), **_KNOWN},
    ("objectType",),
    (_known_or_members,),
)
SOMEBODY = remembered(by_type("Agent", {"Agent": AGENT, "Group": GROUP}))


def authority(value: Any) -> None:
    """An agent, or the two halves of a three-legged sign-in as an anonymous group."""
    SOMEBODY(value)
    if value.get("objectType") == "Group" and (_identifiers(value) or len(value["member"]) != 2):
        raise Flaw("is a group: as an authority it has no identifier and exactly two members.")
