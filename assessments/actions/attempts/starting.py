"""Begin an attempt: what is drawn, in what order, and until when, is fixed here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from assessments.models.attempts import Attempt, AttemptItem
from assessments.models.quizzes import Question
from assessments.queries import quizzes
from assessments.queries.adjustments import deadline_for
from assessments.queries.quizzes import QuizPlace, Standing
from assessments.rules.draws import draw, shuffled
from assessments.rules.timing import GRACE
from assessments.statements.sitting import Sitting, attempted
from lms.kernel import clock, ids, jobs
from lms.kernel.actor import Actor
from lms.kernel.db import db
from lms.kernel.errors import Conflict
from lms.people.queries import stamp
from lms.xapi import record

SEEDS = 2**31
SUBMIT_OVERDUE = "assessments.submit-overdue"
A_MOMENT = timedelta(seconds=1)
ALWAYS_MIXED = frozenset({"order"})  # its source order is the answer
MIXED_IF_ASKED = frozenset({"single", "multi", "match"})


class NoAttemptLeft(Conflict):
    """All attempts of the series are used up, the quiz is passed already, or the course has been left."""

    code = "no-attempt-left"


@dataclass(frozen=True, slots=True)
class _Drawable:
    """A question as drawing sees it: by its lasting key."""

    id: str
    objective: str | None
    row_id: int
    kind: str
    choices: Any


def start(*, actor: Actor, registration: UUID, step_key: str) -> int:
    """Begin an attempt at one's own quiz, or go on with the open one; returns its id.

    Raises NotThere for a quiz one is not enrolled in, NoAttemptLeft where none may begin.
    """
    place = quizzes.quiz_place(actor, registration, step_key)
    standing = quizzes.standing(place.enrolment_id, place.quiz_id, place.attempts)
    if standing.open:
        return standing.open.id
    _make_sure_may_start(place, standing)
    attempt_id = _open(place, number=len(standing.past) + 1)
    if attempt_id is None:  # another request of the same person was a moment quicker
        return _opened_meanwhile(place)
    return attempt_id


def _make_sure_may_start(place: QuizPlace, standing: Standing) -> None:
    if standing.passed:
        raise NoAttemptLeft(_("You have passed this quiz already. Go on with the course."))
    if place.enrolment_state != "active":
        raise NoAttemptLeft(_("You no longer take this course. Enrol again to take the quiz."))
    if not standing.may_start:
        raise NoAttemptLeft(_("You have used all attempts. The page of the quiz says when the next one opens."))


def _opened_meanwhile(place: QuizPlace) -> int:
    found = quizzes.standing(place.enrolment_id, place.quiz_id, place.attempts).open
    if found is None:
        raise NoAttemptLeft(_("This attempt has been made already. Open the quiz again to see it."))
    return found.id


def _open(place: QuizPlace, *, number: int) -> int | None:
    """Write the attempt with its questions; None if the database has that attempt, or an open one, already."""
    now = clock.now()
    seed = ids.new().int % SEEDS
    until = deadline_for(place.person_id, now, place.time_limit)
    attempt = {
        "person_id": place.person_id,
        "enrolment_id": place.enrolment_id,
        "quiz_id": place.quiz_id,
        "number": number,
        "state": "open",
        "seed": seed,
        "started_at": now,
        "deadline_at": until,
    }
    try:
        with db.session.begin_nested():
            attempt_id = db.session.execute(insert(Attempt).values(**attempt).returning(Attempt.id)).scalar_one()
    except IntegrityError:
        return None
    _draw(place, attempt_id, seed)
    if until is not None:  # whoever goes away is marked all the same
        jobs.enqueue(
            SUBMIT_OVERDUE, {"attempt": attempt_id}, key=f"overdue:{attempt_id}", after=until + GRACE + A_MOMENT
        )
    _tell(place, number, now)
    return attempt_id


def _hand_in_later(attempt_id: int, at: datetime) -> None:
    """Whoever goes away is marked all the same, once the time is over."""
    jobs.enqueue(SUBMIT_OVERDUE, {"attempt": attempt_id}, key=f"overdue:{attempt_id}", after=at)


def _draw(place: QuizPlace, attempt_id: int, seed: int) -> None:
    """Fix the questions of an attempt and the order of what they offer."""
    questions = {question.id: question for question in _questions(place.quiz_id)}
    drawn = draw(list(questions.values()), place.draw, seed, _seen(place) if place.draw else ())
    db.session.execute(
        insert(AttemptItem),
        [
            {
                "attempt_id": attempt_id,
                "position": position,
                "question_id": questions[key].row_id,
                "shown": _shown(questions[key], f"{seed}:{key}", place.shuffle),
                "response": {},
            }
            for position, key in enumerate(drawn, start=1)
        ],
    )


def _questions(quiz_id: int) -> Sequence[_Drawable]:
    rows = db.session.execute(
        select(Question.key, Question.objective, Question.id, Question.kind, Question.choices)
        .where(Question.quiz_id == quiz_id)
        .order_by(Question.position)
    )
    return [_Drawable(row.key, row.objective or None, row.id, row.kind, row.choices) for row in rows]


def _seen(place: QuizPlace) -> frozenset[str]:
    """The questions that earlier attempts have shown."""
    keys = db.session.scalars(
        select(Question.key)
        .join(AttemptItem, AttemptItem.question_id == Question.id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .where(Attempt.enrolment_id == place.enrolment_id, Attempt.quiz_id == place.quiz_id)
    )
    return frozenset(keys)


def _shown(question: _Drawable, seed: str, shuffle: bool) -> dict[str, Any]:
    """The order in which an attempt shows options and partners; partners and items to order are always mixed."""
    choices = question.choices
    if question.kind == "match":
        options, partners = _names(choices["left"]), list(shuffled(_names(choices["right"]), f"{seed}:partners"))
    else:
        options, partners = (_names(choices) if isinstance(choices, list) else []), []
    if question.kind in ALWAYS_MIXED or (shuffle and question.kind in MIXED_IF_ASKED):
        options = list(shuffled(options, seed))
    unit = choices.get("unit", "") if isinstance(choices, dict) else ""
    return {"options": options, "partners": partners, "unit": unit}


def _names(options: Sequence[dict[str, str]]) -> list[str]:
    return [option["id"] for option in options]


def _tell(place: QuizPlace, number: int, now: datetime) -> None:
    sitting = Sitting(
        stamp=stamp(place.person_id, now.date()),
        registration=place.registration,
        slug=place.slug,
        course_title=place.course_title,
        language=place.language,
        version_number=place.version_number,
        step_key=place.step_key,
        quiz_title=place.title,
        number=number,
    )
    record(attempted(sitting, at=now))
