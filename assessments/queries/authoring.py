"""Questions with their keys, for those who write them and for the demonstration that answers them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from assessments.models.attempts import AttemptItem
from assessments.models.keys import AnswerKey
from assessments.models.quizzes import Question
from assessments.rules.key_json import key_from_json
from assessments.rules.keys import Key
from lms.kernel.db import db


@dataclass(frozen=True, slots=True)
class KeyedItem:
    """A drawn question of an attempt with its key."""

    position: int
    kind: str
    key: Key


def keyed_items(attempt_id: int) -> list[KeyedItem]:
    """The questions of an attempt in their order, with their keys."""
    rows = db.session.execute(
        select(AttemptItem.position, Question.kind, AnswerKey.key)
        .join(Question, Question.id == AttemptItem.question_id)
        .join(AnswerKey, AnswerKey.question_id == Question.id)
        .where(AttemptItem.attempt_id == attempt_id)
        .order_by(AttemptItem.position)
    )
    return [KeyedItem(row.position, row.kind, key_from_json(row.kind, row.key)) for row in rows]
