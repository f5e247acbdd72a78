"""A quiz within somebody's enrolment, and the attempts made at it so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from sqlalchemy import select

from assessments import policy
from assessments.models.attempts import Attempt, AttemptItem
from assessments.models.quizzes import Quiz
from courses.models import Course, CourseVersion, Enrolment
from lms.kernel import clock
from lms.kernel.actor import Actor
from lms.kernel.db import db
from lms.kernel.errors import NotThere


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizPlace:
    """A quiz as a step of the course version that somebody is enrolled in."""

    person_id: int
    enrolment_id: int
    enrolment_state: str
    registration: UUID
    slug: str
    course_title: str
    language: str
    version_number: int
    quiz_id: int
    step_key: str
    title: str
    intro_html: str
    pass_mark: int
    attempts: int | None
    draw: int | None
    shuffle: bool
    time_limit: int | None
    question_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PastAttempt:
    """One attempt as the list of attempts shows it; the score is a share from 0 to 1."""

    id: int
    number: int
    state: str
    started_at: datetime
    deadline_at: datetime | None
    submitted_at: datetime | None
    score: Fraction | None
    passed: bool | None

    @property
    def percent(self) -> int | None:
        """The score in whole percent, never rounded up to a pass."""
        return None if self.score is None else int(self.score * 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where somebody stands with a quiz: attempts so far, how many are left and when more open."""

    past: tuple[PastAttempt, ...]
    left: int | None
    opens_at: datetime | None

    @property
    def open(self) -> PastAttempt | None:
        """The attempt that is still open."""
        return next((attempt for attempt in self.past if attempt.state == "open"), None)

    @property
    def passed(self) -> PastAttempt | None:
        """The first attempt that passed."""
        return next((attempt for attempt in self.past if attempt.passed), None)

    @property
    def may_start(self) -> bool:
        """Whether a new attempt may begin now."""
        return not (self.open or self.passed or self.left == 0)


def quiz_place(actor: Actor, registration: UUID, step_key: str) -> QuizPlace:
    """One's own quiz; raises NotThere for a stranger's registration and for a step that is no quiz."""
    row = db.session.execute(
        select(
            Enrolment.person_id,
            Enrolment.id.label("enrolment_id"),
            Enrolment.state.label("enrolment_state"),
            Enrolment.registration,
            Course.slug,
            CourseVersion.title.label("course_title"),
            CourseVersion.language,
            CourseVersion.number.label("version_number"),
            Quiz.id.label("quiz_id"),
            Quiz.step_key,
            Quiz.title,
            Quiz.intro_html,
            Quiz.pass_mark,
            Quiz.attempts,
            Quiz.draw,
            Quiz.shuffle,
            Quiz.time_limit,
            Quiz.question_count,
        )
        .select_from(Enrolment)
        .join(CourseVersion, CourseVersion.id == Enrolment.version_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(Quiz, Quiz.version_id == Enrolment.version_id)
        .where(
            Enrolment.registration == registration,
            Enrolment.person_id == actor.person_id,
            Quiz.step_key == step_key,
        )
    ).first()
    if row is None:
        raise NotThere()
    return QuizPlace(**row._mapping)


def past_attempts(enrolment_id: int, quiz_id: int) -> tuple[PastAttempt, ...]:
    """The attempts of an enrolment at a quiz, first to last."""
    rows = db.session.execute(
        select(
            Attempt.id,
            Attempt.number,
            Attempt.state,
            Attempt.started_at,
            Attempt.deadline_at,
            Attempt.submitted_at,
            Attempt.score,
            Attempt.passed,
        )
        .where(Attempt.enrolment_id == enrolment_id, Attempt.quiz_id == quiz_id)
        .order_by(Attempt.number)
    )
    return tuple(
        PastAttempt(**{**row._mapping, "score": None if row.score is None else Fraction(row.score)}) for row in rows
    )


def standing(enrolment_id: int, quiz_id: int, allowed: int | None) -> Standing:
    """Where an enrolment stands with a quiz now."""
    past = past_attempts(enrolment_id, quiz_id)
    ended = [attempt.submitted_at for attempt in past if attempt.submitted_at is not None]
    now = clock.now()
    return Standing(past=past, left=policy.left(allowed, ended, now), opens_at=policy.opens_again(allowed, ended, now))


def first_unanswered(attempt_id: int) -> int | None:
    """Where to go on with an attempt: the place of its first question without an answer; None when all have one."""
    items = db.session.execute(
        select(AttemptItem.position, AttemptItem.response)
        .where(AttemptItem.attempt_id == attempt_id)
        .order_by(AttemptItem.position)
    )
    return next((item.position for item in items if not item.response), None)
