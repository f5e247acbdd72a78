"""How this installation names things: IRIs under its own base, and accounts with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms.xapi.rules.agents import OWN_AUTHORITY

UNITS = "units"  # beneath it stand the activities of launched units, which are judged by the units themselves
BOUNDARIES = ("/", "#", "?", ":")  # where a name ends and what lies beneath it begins
_base = "https://cadre.example"


def set_base(iri_base: str) -> None:
    """Fix the start of every IRI this installation makes; called once, by the factory."""
    global _base
    _base = iri_base


def iri(*parts: str) -> str:
    """The IRI of something of ours: `iri("courses", "sec-201")`."""
    return "/".join((_base, "xapi", *parts))


def is_native(activity: str) -> bool:
    """Whether something is judged by this installation alone: all of ours but what was named for a launched unit."""
    return is_ours(activity) and not activity.startswith(iri(UNITS, ""))


def extension(name: str) -> str:
    """The IRI of an extension of ours."""
    return iri("extensions", name)


def account(name: str) -> dict[str, Any]:
    """A pseudonymous account as an agent."""
    return {"objectType": "Agent", "account": {"homePage": _base, "name": name}}


def own_authority() -> dict[str, Any]:
    """The authority of what this installation says itself."""
    return account(OWN_AUTHORITY)


def account_of_ours(agent: Mapping[str, Any]) -> str | None:
    """The account name of an agent that is known by an account with us."""
    held = agent.get("account")
    return str(held["name"]) if held and held["homePage"].rstrip("/") == _base else None


def begins(activity: str, prefix: str) -> bool:
    """Whether an IRI is a prefix or stands beneath it: `…/courses/1` is no beginning of `…/courses/17`."""
    if not activity.startswith(prefix):
        return False
    return activity == prefix or prefix.endswith(BOUNDARIES) or activity[len(prefix)] in BOUNDARIES


def is_ours(activity_iri: str) -> bool:
    """Whether an IRI is one that only this installation gives."""
    return activity_iri.startswith(f"{_base}/")
