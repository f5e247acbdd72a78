"""Extra time that a person has in quizzes with a time limit; why is nobody's business here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped

from lms.kernel.db import Base, personal, plain


class TimeAdjustment(Base):
    """A person's factor, such as "5/4", or "unlimited"; it counts for attempts begun from then on."""

    __tablename__ = "time_adjustment"

    person_id: Mapped[int] = personal(ForeignKey("person.id"), primary_key=True)
    factor: Mapped[str] = personal(String(10))
    set_at: Mapped[datetime] = plain()
    set_by: Mapped[int | None] = personal(Integer)
