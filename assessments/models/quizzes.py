"""Quizzes and their questions as learners may see them: nothing here tells what is right."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped

from lms.kernel.db import Base, plain


class Quiz(Base):
    """A quiz step of a course version: its mark to pass, its limits, how it is drawn."""

    __tablename__ = "quiz"
    __table_args__ = (UniqueConstraint("version_id", "step_key"),)

    id: Mapped[int] = plain(primary_key=True)
    version_id: Mapped[int] = plain(ForeignKey("course_version.id"))
    step_key: Mapped[str] = plain(String(80))
    title: Mapped[str] = plain(String(200))
    intro_html: Mapped[str] = plain(Text, default="")
    pass_mark: Mapped[int] = plain(Integer, default=80)
    attempts: Mapped[int | None] = plain(Integer)
    draw: Mapped[int | None] = plain(Integer)
    shuffle: Mapped[bool] = plain(Boolean, default=False)
    time_limit: Mapped[int | None] = plain(Integer)
    question_count: Mapped[int] = plain(Integer)


class Question(Base):
    """A question of a quiz, without its key; immutable with the version it belongs to.

    `choices` depends on the kind: [{id, text}] for options, {left: [...], right: [...]} for matching,
    [{id, text}] for ordering, {unit} for numbers, {} for short answers.
    """

    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("quiz_id", "key"), UniqueConstraint("quiz_id", "position"))

    id: Mapped[int] = plain(primary_key=True)
    quiz_id: Mapped[int] = plain(ForeignKey("quiz.id"))
    key: Mapped[str] = plain(String(80))
    position: Mapped[int] = plain(Integer)
    kind: Mapped[str] = plain(String(12))
    stem: Mapped[str] = plain(Text)
    text_html: Mapped[str] = plain(Text, default="")
    choices: Mapped[Any] = plain(JSON)
    points: Mapped[str] = plain(String(12), default="1")
    competence: Mapped[str] = plain(String(12), default="")
    objective: Mapped[str] = plain(String(12), default="")
    lesson_key: Mapped[str] = plain(String(80), default="")
