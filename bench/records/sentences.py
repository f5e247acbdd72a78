"""Statements as a busy learning tool sends them: about 1.25 KB each, most of them about few courses."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

TOOL = "https://tool.example"
VERBS = ("answered", "completed", "progressed", "passed", "experienced", "initialized", "failed", "terminated")
MODULES, QUESTIONS = 6, 12
BEGIN = datetime(2026, 1, 5, 8, tzinfo=UTC)
VERB = "http://adlnet.gov/expapi/verbs/"
_TYPE = "http://adlnet.gov/expapi/activities/"
CATEGORY = "https://w3id.org/xapi/cmi5/context/categories/cmi5"
_SESSION = "https://w3id.org/xapi/cmi5/context/extensions/sessionid"


def outsider(number: int) -> dict[str, Any]:
    """Somebody with an account at a tool outside."""
    return {"objectType": "Agent", "account": {"homePage": TOOL, "name": f"learner-{number:06}"}}


class Writer:
    """Words statements with ids of their own; the same seed words the same ones."""

    def __init__(self, actors: Sequence[dict[str, Any]], *, courses: int = 60, seed: int = 1) -> None:
        self._random = random.Random(seed)
        self._actors, self._courses = actors, range(courses)
        self._actor_weights, self._course_weights = _falling(len(actors)), _falling(courses)
        self._count = 0

    def some(self, count: int) -> list[dict[str, Any]]:
        """So many statements more."""
        return [self._one() for _ in range(count)]

    def every_word(self) -> list[str]:
        """One statement about each question and each actor, as JSON: what a record knows that has run for a while."""
        places = [(c, m, q) for c in self._courses for m in range(MODULES) for q in range(QUESTIONS)]
        return [_text(self._about(number % len(self._actors), *place)) for number, place in enumerate(places)]

    def texts(self, count: int) -> list[str]:
        """The same as JSON."""
        return [_text(statement) for statement in self.some(count)]

    def _one(self) -> dict[str, Any]:
        who = self._chosen(range(len(self._actors)), self._actor_weights)
        course = self._chosen(self._courses, self._course_weights)
        return self._about(who, course, self._random.randrange(MODULES), self._random.randrange(QUESTIONS))

    def _about(self, who: int, course: int, module: int, question: int) -> dict[str, Any]:
        self._count += 1
        verb = self._random.choices(VERBS, (40, 15, 15, 8, 10, 5, 3, 4))[0]
        happened = BEGIN + timedelta(seconds=self._count * 7)
        return {
            "id": str(UUID(int=self._random.getrandbits(128), version=4)),
            "actor": self._actors[who],
            "verb": {"id": VERB + verb, "display": {"en": verb}},
            "object": _question(course, module, question),
            "result": self._result(),
            "context": _context(who, course, module),
            "timestamp": happened.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        }

    def _result(self) -> dict[str, Any]:
        raw = self._random.randrange(0, 101)
        return {
            "score": {"scaled": raw / 100, "raw": raw, "min": 0, "max": 100},
            "success": raw >= 60,
            "completion": True,
            "response": "abcd"[raw % 4],
            "duration": f"PT{self._random.randrange(5, 240)}.{raw:02}S",
        }

    def _chosen(self, among: Sequence[int], weights: Sequence[float]) -> int:
        return self._random.choices(among, cum_weights=weights)[0]


def _text(statement: dict[str, Any]) -> str:
    return json.dumps(statement, ensure_ascii=False, separators=(",", ":"))


def course_iri(course: int) -> str:
    """How a course is named."""
    return f"{TOOL}/courses/{course:04}"


def module_iri(course: int, module: int) -> str:
    """How a part of a course is named."""
    return f"{course_iri(course)}/modules/{module}"


def question_iri(course: int, module: int, question: int) -> str:
    """How a question is named."""
    return f"{module_iri(course, module)}/questions/{question}"


def registration(who: int, course: int) -> str:
    """Somebody's way through a course."""
    return str(UUID(int=(who + 1) << 64 | (course + 1) << 4, version=4))


def _falling(count: int) -> list[float]:
    """Cumulative weights in the manner of Zipf: the second half as often as the first, the third a third."""
    total, found = 0.0, []
    for rank in range(1, count + 1):
        total += 1 / rank
        found.append(total)
    return found


def _question(course: int, module: int, question: int) -> dict[str, Any]:
    return {
        "objectType": "Activity",
        "id": question_iri(course, module, question),
        "definition": {
            "type": f"{_TYPE}cmi.interaction",
            "name": {"en": f"Question {question + 1} of part {module + 1}"},
            "interactionType": "choice",
            "correctResponsesPattern": ["b"],
            "choices": [{"id": letter} for letter in "abcd"],
        },
    }


def _context(who: int, course: int, module: int) -> dict[str, Any]:
    return {
        "registration": registration(who, course),
        "contextActivities": {
            "parent": [{"id": module_iri(course, module), "definition": {"type": f"{_TYPE}module"}}],
            "grouping": [{"id": course_iri(course), "definition": {"type": f"{_TYPE}course"}}],
            "category": [{"id": CATEGORY}],
        },
        "platform": "Tool",
        "language": "en",
        "extensions": {_SESSION: f"s-{who}-{course}"},
    }
