"""Quizzes on their way into the tables: what learners see on one side, keys and feedback on the other (rule D4).

The ids of options, pairs and items are made of the question's key and the text alone, so neither an id nor the order
of ids says which is right.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from sqlalchemy import delete, insert, select

from assessments.formats import Question as Source
from assessments.formats import Quiz as SourceQuiz
from assessments.formats import shares
from assessments.kinds.checking import parsed
from assessments.models.keys import AnswerKey
from assessments.models.quizzes import Question, Quiz
from assessments.rules.key_json import key_to_json
from assessments.rules.keys import AnyOf, InOrder, Key, Numbers, OneOf, Pairs, Texts
from courses.formats.markdown import render
from courses.formats.model import Course, Module, StepFile
from courses.kinds import LESSON
from lms.kernel.db import db
from lms.kernel.errors import Refused

ID_LENGTH = 10


@dataclass(frozen=True, slots=True)
class Parted:
    """A question parted into what is shown and what is right."""

    choices: Any
    key: Key
    feedback: dict[str, str]


def write(*, version_id: int, step: StepFile, course: Course) -> None:
    """Keep a quiz of a draft version; raises Refused for a file that `check` would have refused."""
    quiz, issues = parsed(step)
    if quiz is None:
        raise Refused(f"The quiz {step.path} has errors: {issues[0].message}")
    module = next((module for module in course.modules if step in module.steps), None)
    values = _quiz_values(quiz, step, module) | {"version_id": version_id}
    quiz_id = db.session.execute(insert(Quiz).values(**values).returning(Quiz.id)).scalar_one()
    lessons = _lessons(course)
    for position, source in enumerate(quiz.questions, start=1):
        parted = part(source)
        row = _question_values(source, parted, module) | {"lesson_key": lessons.get(source.objective, "")}
        question_id = db.session.execute(
            insert(Question).values(quiz_id=quiz_id, position=position, **row).returning(Question.id)
        ).scalar_one()
        db.session.execute(insert(AnswerKey).values(question_id=question_id, **_key_values(source, parted)))


def discard(*, version_id: int) -> None:
    """Remove the quizzes of a version with their questions and keys."""
    quizzes = select(Quiz.id).where(Quiz.version_id == version_id)
    questions = select(Question.id).where(Question.quiz_id.in_(quizzes))
    db.session.execute(delete(AnswerKey).where(AnswerKey.question_id.in_(questions)))
    db.session.execute(delete(Question).where(Question.quiz_id.in_(quizzes)))
    db.session.execute(delete(Quiz).where(Quiz.version_id == version_id))


def part(source: Source) -> Parted:
    """Part a question of a kind that can be marked."""
    match source.kind:
        case "match":
            return _pairs(source)
        case "order":
            names = {item.id: _name(source, item.text) for item in source.items}
            choices = sorted(({"id": names[item.id], "text": item.text} for item in source.items), key=_by_id)
            feedback = {names[item.id]: item.feedback for item in source.items if item.feedback}
            return Parted(choices, InOrder(tuple(names.values())), feedback)
        case "short":
            return Parted({}, Texts(tuple(one.text for one in source.accepted)), {})
        case "number":
            ranges = tuple((one.low, one.high) for one in source.ranges)
            return Parted({"unit": source.unit}, Numbers(ranges, source.unit), {})
        case _:
            return _options(source)


def _options(source: Source) -> Parted:
    """Options in the order of the file, with the share that each earns."""
    options = source.choices if source.kind == "scenario" else source.options
    names = {one.id: _truth(one.text) if source.kind == "truefalse" else _name(source, one.text) for one in options}
    weights: dict[str, Fraction] = {names[name]: share for name, share in shares(source).items()}
    return Parted(
        [{"id": names[one.id], "text": one.text} for one in options],
        AnyOf(weights) if source.kind == "multi" else OneOf(weights),
        {names[one.id]: one.feedback for one in options if one.feedback},
    )


def _pairs(source: Source) -> Parted:
    """Both sides of the pairs, the right side in an order that says nothing of its partners."""
    left = {pair.id: _name(source, pair.left, "left") for pair in source.pairs}
    right = {pair.id: _name(source, pair.right, "right") for pair in source.pairs}
    choices = {
        "left": [{"id": left[pair.id], "text": pair.left} for pair in source.pairs],
        "right": sorted(({"id": right[pair.id], "text": pair.right} for pair in source.pairs), key=_by_id),
    }
    feedback = {left[pair.id]: pair.feedback for pair in source.pairs if pair.feedback}
    return Parted(choices, Pairs({left[pair.id]: right[pair.id] for pair in source.pairs}), feedback)


def _name(source: Source, text: str, side: str = "") -> str:
    """The id of an option: made of what the learner sees anyhow."""
    return "o" + sha256(f"{source.id}\0{side}\0{text}".encode()).hexdigest()[:ID_LENGTH]


def _truth(text: str) -> str:
    return text.strip().casefold()


def _by_id(option: dict[str, str]) -> str:
    return option["id"]


def _quiz_values(quiz: SourceQuiz, step: StepFile, module: Module | None) -> dict[str, Any]:
    return {
        "step_key": step.step_id,
        "title": step.title,
        "intro_html": _html(quiz.intro, module),
        "pass_mark": quiz.pass_mark,
        "attempts": quiz.attempts,
        "draw": quiz.draw,
        "shuffle": quiz.shuffle,
        "time_limit": quiz.time_limit,
        "question_count": shown_count(quiz),
    }


def shown_count(quiz: SourceQuiz) -> int:
    """How many questions an attempt shows."""
    if quiz.draw is None:
        return len(quiz.questions)
    groups: dict[str, int] = {}
    for question in quiz.questions:
        groups[question.objective] = groups.get(question.objective, 0) + 1
    return sum(min(quiz.draw, count) for count in groups.values())


def _question_values(source: Source, parted: Parted, module: Module | None) -> dict[str, Any]:
    return {
        "key": source.id,
        "kind": source.kind,
        "stem": source.stem,
        "text_html": _html(source.text, module),
        "choices": parted.choices,
        "points": f"{source.points:f}",
        "competence": source.competence,
        "objective": source.objective,
    }


def _key_values(source: Source, parted: Parted) -> dict[str, Any]:
    return {
        "key": key_to_json(parted.key),
        "feedback": parted.feedback,
        "general_feedback": source.feedback,
    }


def _lessons(course: Course) -> dict[str, str]:
    """The first lesson that teaches each objective."""
    found: dict[str, str] = {}
    for step in course.steps():
        if step.kind == LESSON:
            for objective in step.objectives:
                found.setdefault(objective, step.step_id)
    return found


def _html(text: str, module: Module | None) -> str:
    """Further text as markup; pictures are addressed as in lessons."""
    if not text:
        return ""

    def address(name: str) -> str:
        media = module.find_media(name) if module else None
        return f"media/{quote(media.path)}" if media else ""

    def alt(name: str) -> str:
        media = module.find_media(name) if module else None
        return media.alt if media else ""

    return render(text, address, media_alt=alt).html
