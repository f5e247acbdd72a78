"""Statements whole: result, context, object, attachments, and what must hold between them (xAPI 2.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms.xapi.rules import verbs
from lms.xapi.rules.errors import wrong
from lms.xapi.rules.validate import atoms
from lms.xapi.rules.validate.activities import ACTIVITY
from lms.xapi.rules.validate.atoms import Check, Version
from lms.xapi.rules.validate.people import AGENT, GROUP, SOMEBODY, authority
from lms.xapi.rules.validate.shapes import Shape, by_type, listed, one_or_listed, since_two


def _score_in_order(value: Mapping[str, Any], at: str, version: Version) -> None:
    low, raw, high = value.get("min"), value.get("raw"), value.get("max")
    if low is not None and high is not None and low >= high:
        raise wrong(f"{at}/min", f"is {low}: it must be less than max, which is {high}.")
    if raw is not None and ((low is not None and raw < low) or (high is not None and raw > high)):
        raise wrong(f"{at}/raw", f"is {raw}: it must lie between min and max.")


def _some_types(value: Any, at: str, version: Version) -> None:
    listed(atoms.iri, "IRIs")(value, at, version)
    if not value:
        raise wrong(at, "is empty: name at least one type or leave it out.")


def _activity_words(value: Mapping[str, Any], at: str, version: Version) -> None:
    context = value.get("context", {})
    if value["object"].get("objectType", "Activity") != "Activity":
        for word in ("revision", "platform"):
            if word in context:
                raise wrong(f"{at}/context/{word}", "is only for statements whose object is an activity.")


def _voids_a_statement(value: Mapping[str, Any], at: str, version: Version) -> None:
    if value["verb"]["id"] == verbs.VOIDED and value["object"].get("objectType") != "StatementRef":
        raise wrong(f"{at}/object/objectType", 'must be "StatementRef": voiding names the statement it voids.')


VERB = Shape("a verb", {"id": atoms.verb_iri, "display": atoms.language_map}, ("id",))
REFERENCE = Shape(
    "a reference to a statement", {"objectType": atoms.literal("StatementRef"), "id": atoms.uuid}, ("objectType", "id")
)
SCORE = Shape(
    "a score",
    {"scaled": atoms.number(-1, 1), "raw": atoms.number(), "min": atoms.number(), "max": atoms.number()},
    (),
    (_score_in_order,),
)
RESULT = Shape(
    "a result",
    {
        "score": SCORE,
        "success": atoms.boolean,
        "completion": atoms.boolean,
        "response": atoms.text,
        "duration": atoms.duration,
        "extensions": atoms.extensions,
    },
)
_activities = one_or_listed(ACTIVITY, "activities")
RELATED = Shape("contextActivities", dict.fromkeys(("parent", "grouping", "category", "other"), _activities))
CONTEXT_AGENT = Shape(
    "a context agent",
    {"objectType": atoms.literal("contextAgent"), "agent": AGENT, "relevantTypes": _some_types},
    ("objectType", "agent"),
)
CONTEXT_GROUP = Shape(
    "a context group",
    {"objectType": atoms.literal("contextGroup"), "group": GROUP, "relevantTypes": _some_types},
    ("objectType", "group"),
)
CONTEXT = Shape(
    "a context",
    {
        "registration": atoms.uuid,
        "instructor": SOMEBODY,
        "team": GROUP,
        "contextActivities": RELATED,
        "contextAgents": since_two(listed(CONTEXT_AGENT, "context agents"), "a context"),
        "contextGroups": since_two(listed(CONTEXT_GROUP, "context groups"), "a context"),
        "revision": atoms.text,
        "platform": atoms.text,
        "language": atoms.language,
        "statement": REFERENCE,
        "extensions": atoms.extensions,
    },
)
ATTACHMENT = Shape(
    "an attachment",
    {
        "usageType": atoms.iri,
        "display": atoms.language_map,
        "description": atoms.language_map,
        "contentType": atoms.media_type,
        "length": atoms.length,
        "sha2": atoms.sha2,
        "fileUrl": atoms.iri,
    },
    ("usageType", "display", "contentType", "length", "sha2"),
)
_common: Mapping[str, Check] = {
    "actor": SOMEBODY,
    "verb": VERB,
    "result": RESULT,
    "context": CONTEXT,
    "timestamp": atoms.timestamp,
    "attachments": listed(ATTACHMENT, "attachments"),
}
_simple: Mapping[str, Check] = {"Activity": ACTIVITY, "Agent": AGENT, "Group": GROUP, "StatementRef": REFERENCE}
_needed = ("actor", "verb", "object")
SUB_STATEMENT = Shape(
    "a sub-statement",
    {**_common, "objectType": atoms.literal("SubStatement"), "object": by_type("Activity", _simple)},
    _needed,
    (_activity_words,),
)
STATEMENT = Shape(
    "a statement",
    {
        **_common,
        "id": atoms.uuid,
        "object": by_type("Activity", {**_simple, "SubStatement": SUB_STATEMENT}),
        "stored": atoms.timestamp,
        "authority": authority,
        "version": atoms.version_number,
    },
    _needed,
    (_activity_words, _voids_a_statement),
)


def validate(statement: Any, *, version: Version = "2.0.0", at: str = "") -> None:
    """Raises Malformed that names the first place where this is not a statement; `at` is where it stood."""
    STATEMENT(statement, at, version)
