"""A good statement, and how a case changes it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from lms.xapi.rules.validate import Version

VERSIONS: tuple[Version, ...] = ("1.0.3", "2.0.0")
BOTH, NEITHER = VERSIONS, ()
ONLY_1, ONLY_2 = VERSIONS[:1], VERSIONS[1:]
LEFT_OUT: Any = object()

ID = "7c5b1f0e-2d43-4c58-9a3c-0d5f6f4f2b11"
MAIL = {"mbox": "mailto:amina@gov.example"}
ACCOUNT = {"account": {"homePage": "https://gov.example", "name": "p-1"}}
OPENID = {"openid": "https://id.gov.example/amina"}
SHA1 = {"mbox_sha1sum": "cd9b00a5611f94eaa7b1661edab976068e364975"}
ACTIVITY = {"id": "https://gov.example/course"}
REFERENCE = {"objectType": "StatementRef", "id": ID}
LEAST = {"actor": MAIL, "verb": {"id": "http://adlnet.gov/expapi/verbs/passed"}, "object": ACTIVITY}
TEAM = {"objectType": "Group", "name": "Team", "member": [{"objectType": "Agent", "name": "B", **SHA1}]}
ATTACHMENT = {
    "usageType": "https://gov.example/usage",
    "display": {"en": "Certificate"},
    "description": {"en": "The certificate as a page"},
    "contentType": "application/pdf",
    "length": 12,
    "sha2": "495395e777cd98da653df9615d09c0fd6bb2f8d4788394cd53c56a3bfdcd848a",
    "fileUrl": "https://gov.example/f.pdf",
}
GOOD: dict[str, Any] = {
    "id": ID,
    "actor": {"objectType": "Agent", "name": "Amina", **ACCOUNT},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/passed", "display": {"en-GB": "passed"}},
    "object": {
        "objectType": "Activity",
        "id": "https://gov.example/quiz",
        "definition": {
            "name": {"en": "Quiz"},
            "description": {"en": "A quiz", "fr": "Un quiz"},
            "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
            "moreInfo": "https://gov.example/more",
            "interactionType": "choice",
            "correctResponsesPattern": ["a"],
            "choices": [{"id": "a", "description": {"en": "A"}}, {"id": "b"}],
            "extensions": {"https://gov.example/x": None},
        },
    },
    "result": {
        "score": {"scaled": 0.8, "raw": 8.5, "min": 1, "max": 10},
        "success": True,
        "completion": False,
        "response": "a",
        "duration": "PT1M",
        "extensions": {"https://gov.example/x": {"any": [None, 1]}},
    },
    "context": {
        "registration": "0d1b1f0e-2d43-4c58-9a3c-0d5f6f4f2b11",
        "instructor": {"objectType": "Agent", "name": "T", **OPENID},
        "team": TEAM,
        "contextActivities": {
            "parent": [ACTIVITY],
            "grouping": [ACTIVITY],
            "category": [ACTIVITY],
            "other": [ACTIVITY],
        },
        "revision": "1",
        "platform": "P",
        "language": "en",
        "statement": REFERENCE,
        "extensions": {"https://gov.example/y": ""},
    },
    "timestamp": "2026-11-23T09:30:00.123Z",
    "stored": "2026-11-23T09:30:01Z",
    "authority": {"objectType": "Agent", "name": "LRS", **MAIL},
    "version": "1.0.3",
    "attachments": [ATTACHMENT],
}


@dataclass(frozen=True, slots=True)
class Case:
    """A statement that a section of the specification lets in, or where it is wrong."""

    section: str
    what: str
    statement: Any
    accepted: tuple[Version, ...]
    pointer: str
    older: str = ""  # where 1.0.3 points, where it does not know the whole property

    def expected(self, version: Version) -> str:
        """Where a version points; nothing where it lets the statement in."""
        if version in self.accepted:
            return ""
        return self.older if self.older and version == "1.0.3" else self.pointer


def _copy(statement: dict[str, Any]) -> dict[str, Any]:
    copied: dict[str, Any] = json.loads(json.dumps(statement))  # so that no two places share a part
    return copied


def each(text: str, between: str = " ") -> list[str]:
    """Many values written in a row."""
    return text.split(between)


def good(**more: Any) -> dict[str, Any]:
    """A good statement with everything in it."""
    return _copy(GOOD) | more


def at(path: str, value: Any, base: Any = None) -> dict[str, Any]:
    """The statement with something changed or left out at a place such as `actor/name`."""
    statement: dict[str, Any] = _copy(GOOD if base is None else base)
    *parts, last = path.split("/")
    place: Any = statement
    for part in parts:
        place = place[int(part)] if isinstance(place, list) else place[part]
    where: Any = int(last) if isinstance(place, list) else last
    if value is LEFT_OUT:
        del place[where]
    else:
        place[where] = value
    return statement


def right(section: str, path: str, values: Iterable[Any], *, base: Any = None) -> Iterator[Case]:
    """Values that both versions let in at a place."""
    for value in values:
        yield Case(section, f"{path} may be {shown(value)}", at(path, value, base), BOTH, "")


def wrong(section: str, path: str, values: Iterable[Any], *, base: Any = None, pointer: str = "") -> Iterator[Case]:
    """Values that neither version lets in at a place."""
    for value in values:
        what = f"{path} may not be {shown(value)}"
        yield Case(section, what, at(path, value, base), NEITHER, pointer or f"/{path}")


def shown(value: Any) -> str:
    """A value as the name of a case."""
    return "left out" if value is LEFT_OUT else repr(value)[:600]


def within(cases: Iterable[Case]) -> Iterator[Case]:
    """The same cases, and the same once more within a sub-statement (2.4.4.3)."""
    for case in cases:
        yield case
        only_outside = {"id", "stored", "authority", "version"}
        inner = {key: value for key, value in case.statement.items() if key not in only_outside}
        statement = {**LEAST, "object": {"objectType": "SubStatement", **inner}}
        what = f"within a sub-statement, {case.what}"
        yield replace(case, what=what, statement=statement, pointer=_deeper(case.pointer), older=_deeper(case.older))


def _deeper(pointer: str) -> str:
    return f"/object{pointer}".rstrip("/") if pointer else ""


def nodes(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every place beneath a value, but not what stands in extensions."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in inside:
        place = f"{path}/{key}".lstrip("/")
        yield place, inner
        if key != "extensions":
            yield from nodes(inner, place)
