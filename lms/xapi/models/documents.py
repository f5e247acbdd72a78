"""Documents that clients keep beside statements: states and profiles."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from lms.kernel.db import Base, personal, plain

NOTHING = 0  # the key where a document belongs to no activity, or to nobody
NO_REGISTRATION = ""  # not null: a unique constraint takes nulls for different from each other


class Document(Base):
    """One document with what it belongs to: an activity, an agent, or both and perhaps a registration."""

    __tablename__ = "xapi_document"
    __table_args__ = (
        UniqueConstraint("kind", "activity_id", "agent_id", "registration", "name", name="uq_xapi_document_place"),
    )

    id: Mapped[int] = plain(primary_key=True)
    kind: Mapped[str] = plain(String(10))
    activity_id: Mapped[int] = personal(Integer)
    agent_id: Mapped[int] = personal(Integer, index=True)
    registration: Mapped[str] = personal(String(36))
    name: Mapped[str] = personal(String(1000))
    content: Mapped[bytes] = personal(LargeBinary)
    content_type: Mapped[str] = plain(String(255))
    etag: Mapped[str] = plain(String(40))
    updated: Mapped[datetime] = plain()
