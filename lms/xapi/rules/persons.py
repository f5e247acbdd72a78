"""Somebody as a Person: everything is a list, as people have several names and addresses (xAPI Communication 2.4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lms.xapi.rules.agents import IDENTIFIERS


def person(agents: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """One Person from agents that are the same somebody: each name and identifier once."""
    found: dict[str, Any] = {"objectType": "Person"}
    for agent in agents:
        for name in ("name", *IDENTIFIERS):
            if name in agent and agent[name] not in found.setdefault(name, []):
                found[name].append(agent[name])
    return found
