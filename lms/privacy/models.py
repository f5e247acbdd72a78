"""Who was erased."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Integer
from sqlalchemy.orm import Mapped

from lms.kernel.db import Base, personal, plain


class Erasure(Base):
    """A person who was erased, under the certificate that the sealed logs speak of; why is in the log of deeds."""

    __tablename__ = "privacy_erasure"

    person_id: Mapped[int] = personal(ForeignKey("person.id"), primary_key=True)
    certificate: Mapped[UUID] = plain(unique=True)
    at: Mapped[datetime] = plain()
    statements: Mapped[int] = plain(Integer)
    carried: Mapped[int] = plain(Integer)
