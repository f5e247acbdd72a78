"""Statements that are right and statements that are wrong in one place, as (name, change, pointer)."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

Change = Callable[[dict[str, Any]], Any]

ID = "7c5b1f0e-2d43-4c58-9a3c-0d5f6f4f2b11"
FULL: dict[str, Any] = {
    "id": ID,
    "actor": {"objectType": "Agent", "name": "A", "account": {"homePage": "https://gov.example", "name": "p-1"}},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/passed", "display": {"en-GB": "passed", "und": "x"}},
    "object": {
        "objectType": "Activity",
        "id": "https://gov.example/xapi/quiz/é",
        "definition": {
            "name": {"en": "Quiz", "zh-Hant-TW": "測驗"},
            "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
            "moreInfo": "https://gov.example/more",
            "interactionType": "choice",
            "correctResponsesPattern": ["a[,]b"],
            "choices": [{"id": "a", "description": {"en": "A"}}, {"id": "b"}],
            "extensions": {"https://gov.example/x": None},
        },
    },
    "result": {
        "score": {"scaled": 0.8, "raw": 8, "min": 0, "max": 10},
        "success": True,
        "completion": True,
        "response": "a[,]b",
        "duration": "P1DT2H3.5S",
        "extensions": {"tag:gov.example,2026:x": {"any": [None, 1]}},
    },
    "context": {
        "registration": "0d1b1f0e-2d43-4c58-9a3c-0d5f6f4f2b11",
        "instructor": {"mbox": "mailto:t@gov.example"},
        "team": {"objectType": "Group", "member": [{"mbox": "mailto:m@gov.example"}]},
        "contextActivities": {"parent": {"id": "https://gov.example/c"}, "category": [{"id": "https://gov.example/k"}]},
        "revision": "1",
        "platform": "P",
        "language": "pt-BR",
        "statement": {"objectType": "StatementRef", "id": ID},
        "extensions": {"https://gov.example/y": 1},
    },
    "timestamp": "2026-11-23T09:30:00.123+02:00",
    "version": "1.0.3",
    "attachments": [
        {
            "usageType": "https://gov.example/u",
            "display": {"en": "Certificate"},
            "contentType": "application/pdf",
            "length": 12,
            "sha2": "0" * 64,
            "fileUrl": "https://gov.example/f.pdf",
        }
    ],
}
LEAST: dict[str, Any] = {
    "actor": {"mbox": "mailto:a@gov.example"},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
    "object": {"id": "https://gov.example/a"},
}


def full() -> dict[str, Any]:
    """A statement with nearly everything in it."""
    return copy.deepcopy(FULL)


def least(**more: Any) -> dict[str, Any]:
    """The smallest statement, with something more."""
    return {**copy.deepcopy(LEAST), **more}


def put(path: str, value: Any) -> Change:
    """Set something deep within the full statement."""

    def change(statement: dict[str, Any]) -> None:
        *parts, last = path.split(".")
        place: Any = statement
        for part in parts:
            place = place[int(part)] if isinstance(place, list) else place[part]
        place[last] = value

    return change


def drop(path: str) -> Change:
    """Leave something out of the full statement."""

    def change(statement: dict[str, Any]) -> None:
        *parts, last = path.split(".")
        place: Any = statement
        for part in parts:
            place = place[int(part)] if isinstance(place, list) else place[part]
        del place[last]

    return change


PERSON = {"objectType": "Agent", "mbox": "mailto:a@b.example"}
CROWD = {"objectType": "Group", "mbox": "mailto:a@b.example"}
REFERENCE = {"objectType": "StatementRef", "id": ID}
SUB = {**LEAST, "objectType": "SubStatement"}
_def, _ctx = "object.definition", "context"

WRONG: list[tuple[str, Change, str]] = [
    ("unknown property", put("note", "x"), "/note"),
    ("property in wrong case", put("Result", {}), "/Result"),
    ("null", put("result", None), "/result"),
    ("null within", put("result.score", None), "/result/score"),
    ("array for an object", put("actor", []), "/actor"),
    ("no actor", drop("actor"), "/"),
    ("no verb", drop("verb"), "/"),
    ("no object", drop("object"), "/"),
    ("bad id", put("id", "7c5b1f0e2d434c589a3c0d5f6f4f2b11"), "/id"),
    ("id as a number", put("id", 7), "/id"),
    ("agent of unknown type", put("actor.objectType", "agent"), "/actor/objectType"),
    ("agent with two identifiers", put("actor.mbox", "mailto:a@b.example"), "/actor"),
    ("agent without identifier", drop("actor.account"), "/actor"),
    ("mail without mailto", put(f"{_ctx}.instructor.mbox", "t@gov.example"), "/context/instructor/mbox"),
    ("bad SHA-1", put(f"{_ctx}.instructor", {"mbox_sha1sum": "x" * 40}), "/context/instructor/mbox_sha1sum"),
    ("bad openid", put(f"{_ctx}.instructor", {"openid": "gov.example"}), "/context/instructor/openid"),
    ("account without name", drop("actor.account.name"), "/actor/account"),
    ("account without scheme", put("actor.account.homePage", "gov.example"), "/actor/account/homePage"),
    ("account with more", put("actor.account.id", 1), "/actor/account/id"),
    ("name as a number", put("actor.name", 3), "/actor/name"),
    ("group without members", put(f"{_ctx}.team", {"objectType": "Group"}), "/context/team"),
    ("agent as a team", put(f"{_ctx}.team", {"mbox": "mailto:a@b.example"}), "/context/team"),
    ("group in a group", put(f"{_ctx}.team.member", [{"objectType": "Group"}]), "/context/team/member/0/objectType"),
    ("members as an object", put(f"{_ctx}.team.member", {}), "/context/team/member"),
    ("authority as a named group", put("authority", CROWD), "/authority"),
    ("verb without id", drop("verb.id"), "/verb"),
    ("verb without scheme", put("verb.id", "passed"), "/verb/id"),
    ("verb of impossible length", put("verb.id", "http://gov.example/" + "v" * 400), "/verb/id"),
    ("IRI with a space", put("object.id", "https://gov.example/a b"), "/object/id"),
    ("IRI with a broken escape", put("object.id", "https://gov.example/%zz"), "/object/id"),
    ("IRI of impossible length", put("object.id", "https://gov.example/" + "é" * 600), "/object/id"),
    ("bad language tag", put("verb.display", {"e": "x"}), "/verb/display/e"),
    ("language tag with an underscore", put("verb.display", {"en_GB": "x"}), "/verb/display/en_GB"),
    ("text by language as a number", put("verb.display", {"en": 1}), "/verb/display/en"),
    ("object of unknown type", put("object.objectType", "activity"), "/object/objectType"),
    ("object type as an object", put("object.objectType", {}), "/object/objectType"),
    ("definition with more", put(f"{_def}.kind", "x"), "/object/definition/kind"),
    ("bad interaction type", put(f"{_def}.interactionType", "Choice"), "/object/definition/interactionType"),
    ("interaction without type", drop(f"{_def}.interactionType"), "/object/definition"),
    ("pattern of numbers", put(f"{_def}.correctResponsesPattern", [1]), "/object/definition/correctResponsesPattern/0"),
    ("the same choice twice", put(f"{_def}.choices", [{"id": "a"}, {"id": "a"}]), "/object/definition/choices/1/id"),
    ("choice without id", put(f"{_def}.choices", [{}]), "/object/definition/choices/0"),
    ("extension without IRI", put(f"{_def}.extensions", {"x": 1}), "/object/definition/extensions/x"),
    ("scaled above 1", put("result.score.scaled", 1.01), "/result/score/scaled"),
    ("score as text", put("result.score.raw", "8"), "/result/score/raw"),
    ("score as truth", put("result.score.raw", True), "/result/score/raw"),
    ("raw above max", put("result.score.raw", 11), "/result/score/raw"),
    ("min not below max", put("result.score.min", 10), "/result/score/min"),
    ("success in quotes", put("result.success", "true"), "/result/success"),
    ("bad duration", put("result.duration", "1h"), "/result/duration"),
    ("empty duration", put("result.duration", "P"), "/result/duration"),
    ("duration with an empty time", put("result.duration", "P1DT"), "/result/duration"),
    ("duration with a fraction inside", put("result.duration", "PT1.5H3M"), "/result/duration"),
    ("bad registration", put(f"{_ctx}.registration", "x"), "/context/registration"),
    ("unknown relation", put(f"{_ctx}.contextActivities.sibling", []), "/context/contextActivities/sibling"),
    ("relation to a text", put(f"{_ctx}.contextActivities.parent", ["x"]), "/context/contextActivities/parent/0"),
    ("bad context language", put(f"{_ctx}.language", "english language"), "/context/language"),
    ("context statement without type", put(f"{_ctx}.statement", {"id": ID}), "/context/statement"),
    ("revision of no activity", put("object", PERSON), "/context/revision"),
    ("reference without id", put("object", {"objectType": "StatementRef"}), "/object"),
    ("sub-statement with id", put("object", {**SUB, "id": ID}), "/object/id"),
    ("sub-statement in itself", put("object", {**SUB, "object": SUB}), "/object/object/objectType"),
    ("voiding an activity", put("verb.id", "http://adlnet.gov/expapi/verbs/voided"), "/object/objectType"),
    ("newer version", put("version", "3.0.0"), "/version"),
    ("attachment without hash", drop("attachments.0.sha2"), "/attachments/0"),
    ("attachment of negative length", put("attachments.0.length", -1), "/attachments/0/length"),
    ("attachment without media type", put("attachments.0.contentType", "pdf"), "/attachments/0/contentType"),
    ("attachments as an object", put("attachments", {}), "/attachments"),
]
TIMESTAMPS_WRONG = [
    "2026-11-23T09:30:00-00:00",
    "2026-11-23T09:30:00-0000",
    "2026-11-23T09:30:00-00",
    "0000-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "2026-02-30T00:00:00Z",
    "2026-11-23T24:00:00Z",
    "2016-12-31T23:59:60Z",
    "2026-11-23T09:30:00+02:75",
    "2026-11-23T09:30:00+25:00",
    "2026-11-23 09:30:00Z",
    "2026-11-23",
    "20261123T093000Z",
    "2026-11-23T09:30:00Z\n",
    "２０２６-11-23T09:30:00Z",
    "+12026-11-23T09:30:00Z",
    "now",
    "",
]
TIMESTAMPS_RIGHT = {
    "2026-11-23T09:30:00Z": "2026-11-23T09:30:00+00:00",
    "2026-11-23t09:30:00z": "2026-11-23T09:30:00+00:00",
    "2026-11-23T09:30:00.123456789+05:30": "2026-11-23T04:00:00.123456+00:00",
    "2026-11-23T00:30:00-0800": "2026-11-23T08:30:00+00:00",
    "2024-02-29T23:59:59+14": "2024-02-29T09:59:59+00:00",
}
