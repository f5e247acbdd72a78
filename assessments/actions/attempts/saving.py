"""Save one answer: the busiest deed of the house, so one read and one write, and nothing is built that is not needed.

Two pages may hold the same question. Each save names the revision it was made on, and the write happens only where
that is still the revision in the row; the row of the attempt is held meanwhile, so that nothing is acknowledged that
marking did not see.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from flask_babel import gettext as _
from sqlalchemy import Table, bindparam, select, update

from assessments.models.attempts import Attempt, AttemptItem
from assessments.models.quizzes import Question
from assessments.queries.wording import answer_words
from assessments.rules.kinds import Offered, Problem
from assessments.rules.responses import FormValues, Response, read_response
from assessments.rules.stored import response_from_json, response_to_json
from assessments.rules.timing import time_is_over
from lms.kernel import clock
from lms.kernel.actor import Actor
from lms.kernel.db import run
from lms.kernel.db.prepared import Prepared
from lms.kernel.errors import Conflict, NotThere, Refused

_attempt, _question = Attempt.__table__, Question.__table__
_item = cast(Table, AttemptItem.__table__)
_MINE = Prepared(
    select(
        _item.c.id,
        _item.c.revision,
        _item.c.response,
        _item.c.saved_at,
        _item.c.flagged,
        _item.c.shown,
        _attempt.c.state,
        _attempt.c.deadline_at,
        _question.c.kind,
        _question.c.id.label("question_id"),
    )
    .select_from(_item)
    .join(_attempt, _attempt.c.id == _item.c.attempt_id)
    .join(_question, _question.c.id == _item.c.question_id)
    .where(
        _item.c.attempt_id == bindparam("attempt"),
        _item.c.position == bindparam("place"),
        _attempt.c.person_id == bindparam("person"),
    )
    .with_for_update(read=True, of=_attempt)
)
_KEEP = (
    update(_item)
    .where(_item.c.id == bindparam("item"), _item.c.revision == bindparam("seen"))
    .values(
        response=bindparam("answer"),
        revision=bindparam("seen") + 1,
        saved_at=bindparam("moment"),
        save_id=bindparam("save"),
        flagged=bindparam("flag"),
    )
)
_CHOICES = select(_question.c.choices).where(_question.c.id == bindparam("question"))


@dataclass(frozen=True, slots=True)
class Saved:
    """An acknowledged answer: its revision, and when it was saved."""

    revision: int
    saved_at: datetime


class StaleAnswer(Conflict):
    """Another page saved this question meanwhile: both answers in words, and the revision that stands."""

    code = "stale-answer"

    def __init__(self, *, yours: str, theirs: str, revision: int) -> None:
        super().__init__(_("Another page or device saved a different answer. Choose which one stands."))
        self.yours = yours
        self.theirs = theirs
        self.revision = revision


class TimeOver(Conflict):
    """An answer that came after the time."""

    code = "time-over"


class AlreadySubmitted(Conflict):
    """An answer for an attempt that has been handed in."""

    code = "already-submitted"


def save(
    *,
    actor: Actor,
    attempt_id: int,
    position: int,
    values: FormValues,
    revision: int,
    save_id: str = "",
    flagged: bool = False,
) -> Saved:
    """Save the answer to one question of one's own open attempt; the same answer again changes nothing.

    Raises NotThere, AlreadySubmitted, TimeOver, StaleAnswer, or Refused where the answer cannot be read.
    """
    row = _mine(actor, attempt_id, position)
    now = clock.now()
    _make_sure_open(row, now)
    response = _read(row, values)
    answer = response_to_json(response)
    if row.saved_at is not None and row.response == answer and row.flagged == flagged:
        return Saved(row.revision, row.saved_at)
    if row.revision != revision:
        raise _stale(row, response)
    kept = {"item": row.id, "seen": revision, "answer": answer, "moment": now, "save": save_id, "flag": flagged}
    if run(_KEEP, kept).rowcount == 0:  # another page was a moment quicker
        raise _stale(_mine(actor, attempt_id, position), response)
    return Saved(revision + 1, now)


def _mine(actor: Actor, attempt_id: int, position: int) -> Any:
    row = _MINE.first(attempt=attempt_id, place=position, person=actor.person_id)
    if row is None:
        raise NotThere()
    return row


def _make_sure_open(row: Any, now: datetime) -> None:
    if row.state != "open":
        raise AlreadySubmitted(_("This attempt was handed in before, so the answer was not saved."))
    if time_is_over(now, row.deadline_at):
        raise TimeOver(_("The time is over. Every answer saved before is kept and will be marked."))


def _read(row: Any, values: FormValues) -> Response:
    shown = row.shown
    offered = Offered(tuple(shown["options"]), tuple(shown["partners"]), shown["unit"])
    response = read_response(row.kind, values, offered)
    if isinstance(response, Problem):
        raise Refused(response.message, errors={"answer": response.message})
    return response


def _stale(row: Any, response: Response) -> StaleAnswer:
    choices = run(_CHOICES, {"question": row.question_id}).scalar_one()
    return StaleAnswer(
        yours=answer_words(choices, response),
        theirs=answer_words(choices, response_from_json(row.response)),
        revision=row.revision,
    )
