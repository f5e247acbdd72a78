"""Attempts: the draw fixed at the start, every answer saved with its revision, immutable once submitted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped

from lms.kernel.db import Base, personal, plain


class Attempt(Base):
    """One attempt of one person at one quiz; the numbers and the one open attempt are the database's to keep."""

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "quiz_id", "number", name="uq_attempt_number"),
        CheckConstraint("state in ('open','submitted')", name="state"),
        Index(
            "uq_attempt_open",
            "enrolment_id",
            "quiz_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_attempt_person", "person_id"),
    )

    id: Mapped[int] = plain(primary_key=True)
    person_id: Mapped[int] = personal(ForeignKey("person.id"))
    enrolment_id: Mapped[int] = personal(ForeignKey("enrolment.id"))
    quiz_id: Mapped[int] = personal(ForeignKey("quiz.id"))
    number: Mapped[int] = personal(Integer)
    state: Mapped[str] = personal(String(10), default="open")
    seed: Mapped[int] = plain(Integer)
    started_at: Mapped[datetime] = personal()
    deadline_at: Mapped[datetime | None] = personal()
    submitted_at: Mapped[datetime | None] = personal()
    score: Mapped[str | None] = personal(String(24))
    passed: Mapped[bool | None] = personal(Boolean)


class AttemptItem(Base):
    """One drawn question in an attempt: what was shown, what was answered, and once submitted, how it was marked.

    `shown` holds the order of the choices; `score` is a fraction written "n/d" between 0 and 1.
    """

    __tablename__ = "attempt_item"
    __table_args__ = (UniqueConstraint("attempt_id", "position"),)

    id: Mapped[int] = plain(primary_key=True)
    attempt_id: Mapped[int] = personal(ForeignKey("attempt.id"))
    position: Mapped[int] = personal(Integer)
    question_id: Mapped[int] = personal(ForeignKey("question.id"))
    shown: Mapped[Any] = personal(JSON)
    response: Mapped[Any] = personal(JSON, default=None)
    revision: Mapped[int] = personal(Integer, default=0)
    saved_at: Mapped[datetime | None] = personal()
    save_id: Mapped[str] = personal(String(40), default="")
    flagged: Mapped[bool] = personal(Boolean, default=False)
    score: Mapped[str | None] = personal(String(24))
