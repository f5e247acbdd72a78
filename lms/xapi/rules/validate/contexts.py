"""In what context something happened, in both versions (xAPI 2.4.6; context agents and groups: 2.0.0)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms.xapi.rules.validate import words
from lms.xapi.rules.validate.activities import ACTIVITY
from lms.xapi.rules.validate.flaws import Check, Flaw, Version
from lms.xapi.rules.validate.people import AGENT, GROUP, SOMEBODY
from lms.xapi.rules.validate.shapes import Shape, listed, one_or_listed, remembered

REFERENCE = Shape(
    "a reference to a statement",
    {"objectType": words.literal("StatementRef"), "id": words.uuid},
    ("objectType", "id"),
)
_iris = listed(words.iri, "IRIs")
_activities = one_or_listed(ACTIVITY, "activities")
RELATED = remembered(
    Shape("contextActivities", dict.fromkeys(("parent", "grouping", "category", "other"), _activities))
)


def _some_types(value: Any) -> None:
    _iris(value)
    if not value:
        raise Flaw("is empty: name at least one type or leave it out.")


CONTEXT_AGENT = Shape(
    "a context agent",
    {"objectType": words.literal("contextAgent"), "agent": AGENT, "relevantTypes": _some_types},
    ("objectType", "agent"),
)
CONTEXT_GROUP = Shape(
    "a context group",
    {"objectType": words.literal("contextGroup"), "group": GROUP, "relevantTypes": _some_types},
    ("objectType", "group"),
)
_both: Mapping[str, Check] = {
    "registration": words.uuid,
    "instructor": SOMEBODY,
    "team": GROUP,
    "contextActivities": RELATED,
    "revision": words.text,
    "platform": words.text,
    "language": words.language,
    "statement": REFERENCE,
    "extensions": words.extensions,
}
CONTEXTS: Mapping[Version, Shape] = {
    "1.0.3": Shape("a context in xAPI 1.0.3", _both),
    "2.0.0": Shape(
        "a context",
        {
            **_both,
            "contextAgents": listed(CONTEXT_AGENT, "context agents"),
            "contextGroups": listed(CONTEXT_GROUP, "context groups"),
        },
    ),
}


def of_an_activity(statement: Mapping[str, Any]) -> None:
    """A revision and a platform are those of an activity."""
    if "context" in statement and statement["object"].get("objectType", "Activity") != "Activity":
        for word in ("revision", "platform"):
            if word in statement["context"]:
                raise Flaw("is only for statements whose object is an activity.", word, "context")
