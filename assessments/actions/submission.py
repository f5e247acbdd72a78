"""Hand in an attempt: mark what was saved, on the server alone, and tell the record; once, however often asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, cast

from sqlalchemy import Table, bindparam, select, update

from assessments.models.attempts import Attempt, AttemptItem
from assessments.models.keys import AnswerKey
from assessments.models.quizzes import Question, Quiz
from assessments.queries.wording import plain_words
from assessments.rules.interactions import xapi_response
from assessments.rules.key_json import key_from_json
from assessments.rules.keys import Question as Marked
from assessments.rules.marking import Mark, mark
from assessments.rules.stored import response_from_json
from assessments.rules.timing import GRACE, time_is_over
from assessments.rules.totals import Total, passed, total
from assessments.statements.answers import Answer, answered, finished
from assessments.statements.sitting import Sitting
from courses.models import Course, CourseVersion, Enrolment
from lms.kernel import clock
from lms.kernel.actor import Actor
from lms.kernel.db import db
from lms.kernel.errors import NotThere
from lms.people.queries import stamp
from lms.xapi import record

LONGEST_SCORE = 24  # characters of a score's column
ROUGHEST = 10**10


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How an attempt ended; the score is a share from 0 to 1."""

    attempt_id: int
    score: Fraction
    passed: bool


def submit(*, actor: Actor, attempt_id: int) -> Outcome:
    """Hand in one's own attempt with the answers last saved; a second time gives the same outcome.

    Raises NotThere for a stranger's attempt.
    """
    row = _locked(Attempt.id == attempt_id, Attempt.person_id == actor.person_id)
    if row is None:
        raise NotThere()
    return _ended(row)


def submit_if_overdue(*, actor: Actor, enrolment_id: int, quiz_id: int) -> Outcome | None:
    """Hand in one's own open attempt at a quiz if its time is over."""
    row = _locked(
        Attempt.enrolment_id == enrolment_id,
        Attempt.quiz_id == quiz_id,
        Attempt.person_id == actor.person_id,
        Attempt.state == "open",
    )
    if row is None or not time_is_over(clock.now(), row.deadline_at):
        return None
    return _ended(row)


def submit_when_overdue(*, attempt_id: int) -> Outcome | None:
    """Hand in one attempt if it is still open and its time is over."""
    row = _locked(Attempt.id == attempt_id, Attempt.state == "open")
    return _ended(row) if row is not None and time_is_over(clock.now(), row.deadline_at) else None


def submit_overdue(*, limit: int = 50) -> int:
    """Hand in attempts whose time is over and whose learner went away; returns how many."""
    late = select(Attempt.id).where(Attempt.state == "open", Attempt.deadline_at < clock.now() - GRACE)
    found = db.session.scalars(late.order_by(Attempt.deadline_at).limit(limit)).all()
    for attempt_id in found:
        row = _locked(Attempt.id == attempt_id)
        if row is not None:
            _ended(row)
    return len(found)


def _locked(*which: Any) -> Any | None:
    """An attempt with all that its statements name; nobody else saves or submits until this is over."""
    return db.session.execute(
        select(
            Attempt.id,
            Attempt.person_id,
            Attempt.number,
            Attempt.state,
            Attempt.started_at,
            Attempt.deadline_at,
            Attempt.score,
            Attempt.passed,
            Enrolment.registration,
            Course.slug,
            CourseVersion.title.label("course_title"),
            CourseVersion.language,
            CourseVersion.number.label("version_number"),
            Quiz.step_key,
            Quiz.title.label("quiz_title"),
            Quiz.pass_mark,
        )
        .select_from(Attempt)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .join(CourseVersion, CourseVersion.id == Quiz.version_id)
        .join(Course, Course.id == CourseVersion.course_id)
        .where(*which)
        .with_for_update(of=Attempt)
    ).first()


def _ended(row: Any) -> Outcome:
    """The outcome of an attempt, which is marked now if it is still open."""
    if row.state == "submitted":
        return Outcome(attempt_id=row.id, score=Fraction(row.score), passed=bool(row.passed))
    now = clock.now()
    at = row.deadline_at if time_is_over(now, row.deadline_at) else now
    answers = _answers(row.id)
    marks = {answer.question_key: _mark(answer) for answer in answers}
    sum_total = total(marks, {answer.question_key: Fraction(answer.points) for answer in answers})
    has_passed = passed(sum_total, row.pass_mark)
    score = sum_total.share or Fraction(0)
    _write(row.id, answers, marks, score=score, has_passed=has_passed, at=at)
    _tell(row, answers, marks, sum_total, has_passed=has_passed, at=at)
    return Outcome(attempt_id=row.id, score=score, passed=has_passed)


def _answers(attempt_id: int) -> Sequence[Any]:
    return db.session.execute(
        select(
            AttemptItem.id,
            AttemptItem.response,
            Question.key.label("question_key"),
            Question.kind,
            Question.stem,
            Question.choices,
            Question.points,
            AnswerKey.key,
        )
        .join(Question, Question.id == AttemptItem.question_id)
        .join(AnswerKey, AnswerKey.question_id == Question.id)
        .where(AttemptItem.attempt_id == attempt_id)
        .order_by(AttemptItem.position)
    ).all()


def _mark(answer: Any) -> Mark:
    question = Marked(id=answer.question_key, kind=answer.kind, key=key_from_json(answer.kind, answer.key))
    return mark(question, response_from_json(answer.response))


def _write(
    attempt_id: int,
    answers: Sequence[Any],
    marks: Mapping[str, Mark],
    *,
    score: Fraction,
    has_passed: bool,
    at: datetime,
) -> None:
    items, attempts = cast(Table, AttemptItem.__table__), cast(Table, Attempt.__table__)
    db.session.connection().execute(
        update(items).where(items.c.id == bindparam("item")).values(score=bindparam("share")),
        [{"item": answer.id, "share": _written(marks[answer.question_key].score)} for answer in answers],
    )
    db.session.connection().execute(
        update(attempts)
        .where(attempts.c.id == attempt_id)
        .values(state="submitted", submitted_at=at, score=_written(score), passed=has_passed)
    )


def _written(score: Fraction) -> str:
    """A score as its column holds it: exact, unless odd weights make it longer than anyone could read."""
    text = str(score)
    return text if len(text) <= LONGEST_SCORE else str(score.limit_denominator(ROUGHEST))


def _tell(
    row: Any,
    answers: Sequence[Any],
    marks: Mapping[str, Mark],
    points: Total,
    *,
    has_passed: bool,
    at: datetime,
) -> None:
    sitting = Sitting(
        stamp=stamp(row.person_id, at.date()),
        registration=row.registration,
        slug=row.slug,
        course_title=row.course_title,
        language=row.language,
        version_number=row.version_number,
        step_key=row.step_key,
        quiz_title=row.quiz_title,
        number=row.number,
    )
    for answer in answers:
        record(answered(sitting, _answer(answer, marks[answer.question_key]), at=at))
    took = at - row.started_at
    record(
        finished(
            sitting, earned=points.earned, possible=points.possible or Fraction(1), passed=has_passed, took=took, at=at
        )
    )


def _answer(answer: Any, marked: Mark) -> Answer:
    return Answer(
        question_key=answer.question_key,
        kind=answer.kind,
        stem=plain_words(answer.stem),
        choices=answer.choices,
        response=xapi_response(answer.kind, response_from_json(answer.response)),
        score=marked.score,
    )
