"""Statements whole: result, object, attachments, and what must hold between them (xAPI 2.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms.xapi.rules import verbs
from lms.xapi.rules.validate import numbers, words
from lms.xapi.rules.validate.activities import ACTIVITY
from lms.xapi.rules.validate.contexts import CONTEXTS, REFERENCE, of_an_activity
from lms.xapi.rules.validate.flaws import Check, Flaw, Version
from lms.xapi.rules.validate.people import AGENT, GROUP, SOMEBODY, authority
from lms.xapi.rules.validate.shapes import Shape, by_type, listed, remembered

VERB = remembered(Shape("a verb", {"id": words.verb_iri, "display": words.language_map}, ("id",)))
SCORE = Shape(
    "a score",
    {"scaled": numbers.scaled, "raw": numbers.number, "min": numbers.number, "max": numbers.number},
    (),
    (numbers.score_in_order,),
)
RESULT = Shape(
    "a result",
    {
        "score": SCORE,
        "success": numbers.boolean,
        "completion": numbers.boolean,
        "response": words.text,
        "duration": words.duration,
        "extensions": words.extensions,
    },
)
ATTACHMENT = Shape(
    "an attachment",
    {
        "usageType": words.iri,
        "display": words.language_map,
        "description": words.language_map,
        "contentType": words.media_type,
        "length": numbers.length,
        "sha2": words.sha2,
        "fileUrl": words.iri,
    },
    ("usageType", "display", "contentType", "length", "sha2"),
)
_NEEDED = ("actor", "verb", "object")
_OBJECTS: Mapping[str, Check] = {"Activity": ACTIVITY, "Agent": AGENT, "Group": GROUP, "StatementRef": REFERENCE}
_VERSIONS: Mapping[Version, Check] = {
    "1.0.3": words.version_number(r"1\.0(\.[0-9]{1,3})?", "1.0.x"),
    "2.0.0": words.version_number(r"1\.0(\.[0-9]{1,3})?|2\.0\.0", "1.0.x or 2.0.0"),
}


def _voids_a_statement(statement: Mapping[str, Any]) -> None:
    if statement["verb"]["id"] == verbs.VOIDED and statement["object"].get("objectType") != "StatementRef":
        raise Flaw('must be "StatementRef": voiding names the statement it voids.', "objectType", "object")


def _common(version: Version) -> dict[str, Check]:
    """What a statement and a sub-statement have in common."""
    return {
        "actor": SOMEBODY,
        "verb": VERB,
        "result": RESULT,
        "context": CONTEXTS[version],
        "timestamp": words.timestamp(zone_needed=version != "1.0.3"),
        "attachments": listed(ATTACHMENT, "attachments"),
    }


def _statement(version: Version) -> Shape:
    common = _common(version)
    type_and_object = {"objectType": words.literal("SubStatement"), "object": by_type("Activity", _OBJECTS)}
    sub = Shape("a sub-statement", {**common, **type_and_object}, (*_NEEDED, "objectType"), (of_an_activity,))
    only_here = {
        "id": words.uuid,
        "object": by_type("Activity", {**_OBJECTS, "SubStatement": sub}),
        "stored": common["timestamp"],
        "authority": authority,
        "version": _VERSIONS[version],
    }
    return Shape("a statement", {**common, **only_here}, _NEEDED, (of_an_activity, _voids_a_statement))


STATEMENTS: Mapping[Version, Shape] = {"1.0.3": _statement("1.0.3"), "2.0.0": _statement("2.0.0")}


def validate(statement: Any, *, version: Version = "2.0.0", at: str = "") -> None:
    """Raises Malformed that names the first place where this is not a statement; `at` is where it stood."""
    try:
        STATEMENTS[version](statement)
    except Flaw as flaw:
        raise flaw.refusal(at) from None
