"""Attempts as those who sit them see them: what was drawn, what was saved, never what is right (rule D4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from markupsafe import Markup
from sqlalchemy import and_, bindparam, func, select

from assessments.models.attempts import Attempt, AttemptItem
from assessments.models.quizzes import Question, Quiz
from assessments.queries.wording import further_text, inline, plain_words
from assessments.rules.kinds import Kind
from assessments.rules.numbers import write_number
from assessments.rules.responses import (
    Chosen,
    Entered,
    FormValues,
    Matched,
    Ordered,
    Response,
    Unanswered,
    Written,
)
from assessments.rules.stored import response_from_json
from assessments.rules.timing import time_is_over
from courses.models import Course, CourseVersion, Enrolment
from lms.kernel import clock
from lms.kernel.actor import Actor
from lms.kernel.db import db
from lms.kernel.db.prepared import Prepared
from lms.kernel.errors import NotThere


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptHead:
    """An attempt, its quiz and its course, as every page of the attempt names them."""

    id: int
    number: int
    state: str
    deadline_at: datetime | None
    started_at: datetime
    registration: UUID
    slug: str
    course_title: str
    language: str
    step_key: str
    title: str
    pass_mark: int

    @property
    def is_open(self) -> bool:
        """Whether answers can still be given."""
        return self.state == "open"

    @property
    def overdue(self) -> bool:
        """Whether the time is over, grace included."""
        return self.is_open and time_is_over(clock.now(), self.deadline_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A question's place in the navigator; the stem is plain text."""

    position: int
    answered: bool
    flagged: bool
    seen: bool
    stem: str = ""

    @property
    def state(self) -> str:
        """The one word the navigator colours by."""
        if self.flagged:
            return "flagged"
        return "answered" if self.answered else "seen" if self.seen else "unseen"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownOption:
    """An option, an item or a left side as it stands on the page; `partner` is the right side chosen for it."""

    id: str
    html: Markup
    text: str
    chosen: bool = False
    partner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionPage:
    """One question of an attempt with the answer that was saved."""

    head: AttemptHead
    position: int
    spots: tuple[Spot, ...]
    kind: Kind
    stem: Markup
    text_html: Markup
    options: tuple[ShownOption, ...]
    partners: tuple[ShownOption, ...]
    unit: str
    written: str
    revision: int
    saved_at: datetime | None
    flagged: bool

    @property
    def count(self) -> int:
        """How many questions the attempt has."""
        return len(self.spots)


_HEAD = (
    Attempt.id,
    Attempt.number,
    Attempt.state,
    Attempt.deadline_at,
    Attempt.started_at,
    Enrolment.registration,
    Course.slug,
    CourseVersion.title.label("course_title"),
    CourseVersion.language,
    Quiz.step_key,
    Quiz.title,
    Quiz.pass_mark,
)
_QUESTION = (
    Question.kind,
    Question.stem,
    Question.text_html,
    Question.choices,
    AttemptItem.shown,
    AttemptItem.response,
    AttemptItem.revision,
    AttemptItem.saved_at,
    AttemptItem.flagged,
)
_HEAD_NAMES = [column.key for column in _HEAD]
_own = (
    select(*_HEAD)
    .select_from(Attempt)
    .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
    .join(Quiz, Quiz.id == Attempt.quiz_id)
    .join(CourseVersion, CourseVersion.id == Quiz.version_id)
    .join(Course, Course.id == CourseVersion.course_id)
    .where(Attempt.id == bindparam("attempt"), Attempt.person_id == bindparam("person"))
)
_OWN = Prepared(_own)
_PAGE = Prepared(
    _own.add_columns(*_QUESTION)
    .join(AttemptItem, and_(AttemptItem.attempt_id == Attempt.id, AttemptItem.position == bindparam("place")))
    .join(Question, Question.id == AttemptItem.question_id)
)
_SPOTS = Prepared(
    select(AttemptItem.position, AttemptItem.response, AttemptItem.flagged, AttemptItem.saved_at)
    .where(AttemptItem.attempt_id == bindparam("attempt"))
    .order_by(AttemptItem.position)
)


def attempt_head(actor: Actor, attempt_id: int) -> AttemptHead:
    """One's own attempt; raises NotThere for a stranger's."""
    row = _OWN.first(attempt=attempt_id, person=actor.person_id)
    if row is None:
        raise NotThere()
    return AttemptHead(**row._asdict())


def question_page(actor: Actor, attempt_id: int, position: int) -> QuestionPage:
    """One question of one's own attempt; raises NotThere for a stranger's, and for a number out of range."""
    row = _PAGE.first(attempt=attempt_id, person=actor.person_id, place=position)
    if row is None:
        raise NotThere()
    head = AttemptHead(**dict(zip(_HEAD_NAMES, row, strict=False)))
    response = response_from_json(row.response)
    return QuestionPage(
        head=head,
        position=position,
        spots=_spots(attempt_id),
        kind=row.kind,
        stem=inline(row.stem),
        text_html=further_text(row.text_html, head.registration),
        options=_shown(row.choices, row.shown["options"], response),
        partners=_shown(row.choices, row.shown["partners"], Unanswered()),
        unit=row.shown["unit"],
        written=_written(response),
        revision=row.revision,
        saved_at=row.saved_at,
        flagged=row.flagged,
    )


def review_list(attempt_id: int) -> tuple[Spot, ...]:
    """Every question of an attempt with its stem, to look over before submitting."""
    rows = db.session.execute(
        select(AttemptItem.position, AttemptItem.response, AttemptItem.flagged, AttemptItem.saved_at, Question.stem)
        .join(Question, Question.id == AttemptItem.question_id)
        .where(AttemptItem.attempt_id == attempt_id)
        .order_by(AttemptItem.position)
    )
    return tuple(
        Spot(
            position=row.position,
            answered=bool(row.response),
            flagged=row.flagged,
            seen=row.saved_at is not None,
            stem=plain_words(row.stem),
        )
        for row in rows
    )


def question_count(attempt_id: int) -> int:
    """How many questions an attempt has."""
    return db.session.scalar(select(func.count()).where(AttemptItem.attempt_id == attempt_id)) or 0


def with_values(page: QuestionPage, values: FormValues, flagged: bool) -> QuestionPage:
    """The page with an answer that was sent but not saved, so that nothing typed is lost."""
    if isinstance(values, Mapping):
        options = [replace(option, partner=values.get(option.id, "")) for option in page.options]
        return replace(page, options=tuple(options), flagged=flagged)
    sent = list(values)
    options = [replace(option, chosen=option.id in sent) for option in page.options]
    if page.kind == "order" and {option.id for option in options} == set(sent):
        options.sort(key=lambda option: sent.index(option.id))
    written = (sent or [""])[0] if page.kind in ("short", "number") else ""
    return replace(page, options=tuple(options), written=written, flagged=flagged)


def _spots(attempt_id: int) -> tuple[Spot, ...]:
    return tuple(
        Spot(position=row.position, answered=bool(row.response), flagged=row.flagged, seen=row.saved_at is not None)
        for row in _SPOTS.all(attempt=attempt_id)
    )


def _shown(choices: Any, order: list[str], response: Response) -> tuple[ShownOption, ...]:
    """The options in the order of this attempt; an order that was saved takes the place of the one drawn."""
    texts = _texts(choices)
    chosen = response.options if isinstance(response, Chosen) else frozenset()
    partners = dict(response.pairs) if isinstance(response, Matched) else {}
    names = response.items if isinstance(response, Ordered) else order
    return tuple(
        ShownOption(
            id=name,
            html=inline(texts[name]),
            text=plain_words(texts[name]),
            chosen=name in chosen,
            partner=partners.get(name, ""),
        )
        for name in names
    )


def _texts(choices: Any) -> dict[str, str]:
    listed = choices if isinstance(choices, list) else [*choices.get("left", ()), *choices.get("right", ())]
    return {option["id"]: option["text"] for option in listed}


def _written(response: Response) -> str:
    """What stands in the box of a short answer or a number."""
    match response:
        case Written(text):
            return text
        case Entered(number):
            return write_number(number)
        case _:
            return ""
