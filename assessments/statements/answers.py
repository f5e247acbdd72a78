"""How questions were answered and quizzes ended. What is right stays out: a record is read before the last attempt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from assessments.rules.interactions import interaction_type
from assessments.rules.kinds import Kind
from assessments.statements.sitting import Sitting, draft, step
from lms.xapi.rules import verbs
from lms.xapi.rules.facts import Draft, Thing
from lms.xapi.statements import iri


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One question as it was answered and marked; `response` is worded for the record, `score` is from 0 to 1."""

    question_key: str
    kind: Kind
    stem: str
    choices: Any
    response: str
    score: Fraction


def answered(sitting: Sitting, answer: Answer, *, at: datetime) -> Draft:
    """“Amara answered question 3, rightly.”"""
    question = Thing(
        iri=iri("courses", sitting.slug, "questions", answer.question_key),
        type=verbs.INTERACTION,
        name={sitting.language: answer.stem},
        definition={"interactionType": interaction_type(answer.kind), **_components(sitting.language, answer)},
    )
    result = {"score": {"scaled": _number(answer.score)}, "success": answer.score == 1, "response": answer.response}
    return draft(sitting, verbs.ANSWERED, question, at=at, result=result, parent=(step(sitting),))


def finished(
    sitting: Sitting, *, earned: Fraction, possible: Fraction, passed: bool, took: timedelta, at: datetime
) -> Draft:
    """“Amara passed the check with 9 of 10 points.”"""
    score = {"scaled": _number(earned / possible), "raw": _number(earned), "min": 0, "max": _number(possible)}
    result = {"score": score, "success": passed, "completion": True, "duration": duration(took)}
    return draft(sitting, verbs.PASSED if passed else verbs.FAILED, step(sitting), at=at, result=result)


def duration(took: timedelta) -> str:
    """A span of time in ISO 8601, in whole seconds."""
    return f"PT{max(0, int(took.total_seconds()))}S"


def _components(language: str, answer: Answer) -> dict[str, Any]:
    """The parts of an interaction, by their ids (xAPI 2.0, 4.2.2)."""
    match answer.kind:
        case "single" | "multi" | "scenario" | "order":
            return {"choices": _described(language, answer.choices)}
        case "match":
            return {
                "source": _described(language, answer.choices["left"]),
                "target": _described(language, answer.choices["right"]),
            }
        case _:
            return {}


def _described(language: str, options: list[dict[str, str]]) -> list[dict[str, Any]]:
    return [{"id": option["id"], "description": {language: option["text"]}} for option in options]


def _number(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)
