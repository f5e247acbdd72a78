"""A statement in columns, as tables for others hold it: nothing that says who a person is beyond its pseudonym."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

_NOTHING: Mapping[str, Any] = {}


class Outcome(NamedTuple):
    """What a statement's result says, as far as it says anything."""

    success: bool | None
    completion: bool | None
    score_scaled: float | None


class Row(NamedTuple):
    """A statement in columns, in their order. `voided` is as of the export; `voids` is the statement it withdraws."""

    seq: int
    id: str
    stored: datetime
    timestamp: datetime
    actor: str
    verb: str
    object_id: str | None
    object_type: str
    registration: str | None
    authority: str
    success: bool | None
    completion: bool | None
    score_scaled: float | None
    voided: bool
    voids: str | None
    payload: str


def outcome(statement: Mapping[str, Any]) -> Outcome:
    """The result of a statement."""
    result = statement.get("result", _NOTHING)
    return Outcome(result.get("success"), result.get("completion"), result.get("score", _NOTHING).get("scaled"))
