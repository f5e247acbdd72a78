"""Whether two statements with one id say the same (xAPI 2.3.1), and the form in which they are kept."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from lms.xapi.rules import moments

_NOTHING: Mapping[str, Any] = {}
_FINER = re.compile(r"([.,][0-9]{2})[0-9]+(?=S$)")
_SET_BY_THE_STORE = frozenset({"id", "stored", "authority", "version"})


def same(kept: Mapping[str, Any], sent: Mapping[str, Any]) -> bool:
    """Whether a statement that came again says what the kept one says, whatever the store itself had set."""
    return _saying(kept, timed="timestamp" in sent) == _saying(sent, timed=True)


def has_lists_only(statement: Mapping[str, Any]) -> bool:
    """Whether every related activity stands in a list already."""
    related = statement.get("context", _NOTHING).get("contextActivities", _NOTHING)
    for things in related.values():
        if isinstance(things, dict):
            return False
    thing = statement["object"]
    return thing.get("objectType") != "SubStatement" or has_lists_only(thing)


def lists_everywhere(statement: dict[str, Any]) -> dict[str, Any]:
    """The statement with every single related activity as a list of one, as it must be given out again."""
    changed = dict(statement)
    related = statement.get("context", {}).get("contextActivities")
    if related:
        arrays = {name: value if isinstance(value, list) else [value] for name, value in related.items()}
        changed["context"] = {**statement["context"], "contextActivities": arrays}
    if statement["object"].get("objectType") == "SubStatement":
        changed["object"] = lists_everywhere(statement["object"])
    return changed


def _saying(statement: Mapping[str, Any], *, timed: bool) -> str:
    whole = _with_comparable_durations(lists_everywhere(dict(statement)))
    said = {key: value for key, value in whole.items() if key not in _SET_BY_THE_STORE}
    if "timestamp" in said:
        moment = moments.read(said.pop("timestamp"), zone_needed=False)
        if timed:
            said["timestamp"] = moment.astimezone(UTC).isoformat()
    return json.dumps(said, sort_keys=True, ensure_ascii=False)


def _with_comparable_durations(statement: dict[str, Any]) -> dict[str, Any]:
    """Durations as they are compared: to a hundredth of a second (xAPI 4.2.7)."""
    changed, result = dict(statement), statement.get("result", _NOTHING)
    if "duration" in result:
        changed["result"] = {**result, "duration": _FINER.sub(r"\1", result["duration"])}
    if statement["object"].get("objectType") == "SubStatement":
        changed["object"] = _with_comparable_durations(statement["object"])
    return changed
