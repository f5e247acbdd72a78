"""Marked attempts: what was right and why, only once an attempt was submitted, and only as far as it is released."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from markupsafe import Markup
from sqlalchemy import and_, select

from assessments import policy
from assessments.models.attempts import Attempt, AttemptItem
from assessments.models.keys import AnswerKey
from assessments.models.quizzes import Question, Quiz
from assessments.queries.attempts import AttemptHead, attempt_head
from assessments.queries.quizzes import PastAttempt, Standing, standing
from assessments.queries.wording import answer_words, inline, option_words
from assessments.rules import marking
from assessments.rules.key_json import key_from_json
from assessments.rules.keys import AnyOf, InOrder, Key, Numbers, OneOf, Pairs, Texts
from assessments.rules.keys import Question as Marked
from assessments.rules.numbers import write_number
from assessments.rules.responses import Chosen, Matched, Ordered, Response, Unanswered
from assessments.rules.stored import response_from_json
from assessments.rules.totals import totals_by
from courses.models import CourseStep
from lms.kernel.actor import Actor
from lms.kernel.db import db
from lms.skills.queries import competences

Verdict = Literal["right", "partial", "wrong", "unanswered"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """The feedback for one option, item or pair; `about` names it in plain words."""

    about: str
    html: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """One question of a submitted attempt; `right_answer` is empty until it is released."""

    position: int
    stem: Markup
    verdict: Verdict
    score: Fraction
    points: Fraction
    your_answer: str
    right_answer: str
    remarks: tuple[Remark, ...]
    reason: Markup
    competence: str
    lesson_key: str
    lesson_title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompetenceScore:
    """How much of the points of one competence was earned, in whole percent."""

    code: str
    title: str
    percent: int
    questions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A submitted attempt as its learner sees it."""

    head: AttemptHead
    attempt: PastAttempt
    standing: Standing
    released: bool
    questions: tuple[Reviewed, ...]
    competences: tuple[CompetenceScore, ...]

    @property
    def passed(self) -> bool:
        """Whether this attempt reached the pass mark."""
        return bool(self.attempt.passed)

    @property
    def percent(self) -> int:
        """The score in whole percent, never rounded up to a pass."""
        return self.attempt.percent or 0


def result(actor: Actor, attempt_id: int) -> Result | None:
    """The result of one's own attempt; None while it is open. Raises NotThere for a stranger's."""
    head = attempt_head(actor, attempt_id)
    if head.is_open:
        return None
    rows = _rows(attempt_id)
    quiz = rows[0]
    where = standing(quiz.enrolment_id, quiz.quiz_id, quiz.attempts)
    ended = sum(attempt.submitted_at is not None for attempt in where.past)
    released = policy.answers_released(quiz.attempts, head.number, ended, passed=where.passed is not None)
    questions = tuple(_reviewed(row, released) for row in rows)
    return Result(
        head=head,
        attempt=next(attempt for attempt in where.past if attempt.id == attempt_id),
        standing=where,
        released=released,
        questions=questions,
        competences=_by_competence(questions),
    )


def _rows(attempt_id: int) -> list[Any]:
    lesson = and_(CourseStep.version_id == Quiz.version_id, CourseStep.key == Question.lesson_key)
    return list(
        db.session.execute(
            select(
                Attempt.enrolment_id,
                Attempt.quiz_id,
                Quiz.attempts,
                AttemptItem.position,
                AttemptItem.response,
                AttemptItem.score,
                Question.key.label("question_key"),
                Question.kind,
                Question.stem,
                Question.choices,
                Question.points,
                Question.competence,
                Question.lesson_key,
                CourseStep.title.label("lesson_title"),
                AnswerKey.key,
                AnswerKey.feedback,
                AnswerKey.general_feedback,
            )
            .select_from(AttemptItem)
            .join(Attempt, Attempt.id == AttemptItem.attempt_id)
            .join(Quiz, Quiz.id == Attempt.quiz_id)
            .join(Question, Question.id == AttemptItem.question_id)
            .join(AnswerKey, AnswerKey.question_id == Question.id)
            .outerjoin(CourseStep, lesson)
            .where(AttemptItem.attempt_id == attempt_id)
            .order_by(AttemptItem.position)
        )
    )


def _reviewed(row: Any, released: bool) -> Reviewed:
    response = response_from_json(row.response)
    key = key_from_json(row.kind, row.key)
    score = Fraction(row.score or 0)
    return Reviewed(
        position=row.position,
        stem=inline(row.stem),
        verdict=_verdict(score, response),
        score=score,
        points=Fraction(row.points),
        your_answer=answer_words(row.choices, response),
        right_answer=_right_words(row.choices, key) if released else "",
        remarks=_remarks(row, key, response, released),
        reason=inline(row.general_feedback) if _is_explained(row, response, released) else Markup(),
        competence=row.competence,
        lesson_key=row.lesson_key if row.lesson_title else "",
        lesson_title=row.lesson_title or "",
    )


def _is_explained(row: Any, response: Response, released: bool) -> bool:
    """Whether the reason is told: nobody learns the answers by handing in an empty paper."""
    return bool(row.general_feedback) and (released or not isinstance(response, Unanswered))


def _verdict(score: Fraction, response: Response) -> Verdict:
    if isinstance(response, Unanswered):
        return "unanswered"
    return "right" if score == 1 else "partial" if score else "wrong"


def _remarks(row: Any, key: Key, response: Response, released: bool) -> tuple[Remark, ...]:
    """The feedback that belongs to what was chosen; once released, that of every option."""
    mark = marking.mark(Marked(id=row.question_key, kind=row.kind, key=key), response)
    words = option_words(row.choices)
    if released:
        names = set(words)
    elif isinstance(response, Chosen):
        names = set(mark.by_option)
    else:  # what is said of a pair or a place tells the right one: before release only where it was found
        names = {name for name, right in mark.by_option.items() if right}
    return tuple(
        Remark(about=text, html=inline(row.feedback[name]))
        for name, text in words.items()
        if name in names and row.feedback.get(name)
    )


def _right_words(choices: Any, key: Key) -> str:
    """The right answer in the words of the learner's own."""
    match key:
        case OneOf(weights):
            return answer_words(choices, Chosen(frozenset(name for name, share in weights.items() if share == 1)))
        case AnyOf():
            return answer_words(choices, Chosen(key.right))
        case Texts(accepted):
            return accepted[0]
        case Numbers(ranges, unit):
            return "; ".join(f"{_range(low, high)} {unit}".strip() for low, high in ranges)
        case Pairs(partners):
            return answer_words(choices, Matched(tuple(partners.items())))
        case InOrder(items):
            return answer_words(choices, Ordered(items))


def _range(low: Any, high: Any) -> str:
    return write_number(low) if low == high else f"{write_number(low)}–{write_number(high)}"


def _by_competence(questions: tuple[Reviewed, ...]) -> tuple[CompetenceScore, ...]:
    marks = {str(question.position): question for question in questions}
    points = {name: question.points for name, question in marks.items()}
    groups: Mapping[str, str | None] = {name: question.competence or None for name, question in marks.items()}
    titles = competences()
    return tuple(
        CompetenceScore(
            code=code,
            title=titles[code].title if code in titles else "",
            percent=int(total.percent or 0),
            questions=sum(group == code for group in groups.values()),
        )
        for code, total in totals_by(marks, points, groups).items()
    )
