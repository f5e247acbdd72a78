"""What is right, and why: read by marking, authoring and released results, and by nothing else (rule D4)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ForeignKey, Text
from sqlalchemy.orm import Mapped

from lms.kernel.db import Base, plain


class AnswerKey(Base):
    """The key of one question and the feedback for each choice ({option id: text})."""

    __tablename__ = "answer_key"

    question_id: Mapped[int] = plain(ForeignKey("question.id"), primary_key=True)
    key: Mapped[Any] = plain(JSON)
    feedback: Mapped[dict[str, str]] = plain(JSON, default=dict)
    general_feedback: Mapped[str] = plain(Text, default="")
