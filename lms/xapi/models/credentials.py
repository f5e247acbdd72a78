"""Who may write to the record or read it from outside."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.orm import Mapped

from lms.kernel.db import Base, personal, plain


class Credential(Base):
    """A Basic key for the record: shown once, stored hashed, scoped, and it may end (row A9)."""

    __tablename__ = "xapi_credential"

    id: Mapped[int] = plain(primary_key=True)
    name: Mapped[str] = plain(String(120))
    key: Mapped[str] = plain(String(40), unique=True)
    secret_hash: Mapped[str] = plain(String(64))
    scopes: Mapped[list[str]] = plain(JSON)
    created_at: Mapped[datetime] = plain()
    expires_at: Mapped[datetime | None] = plain()
    revoked_at: Mapped[datetime | None] = plain()
    last_used_on: Mapped[date | None] = plain()


class Launch(Base):
    """A token for one session of one unit: bound to a person, a registration and an activity, and it ends (row E2).

    `verbs` lists those allowed; none are listed where the unit chooses its own.
    """

    __tablename__ = "xapi_launch"
    __table_args__ = (Index("ix_xapi_launch_registration", "registration"),)

    id: Mapped[int] = plain(primary_key=True)
    name: Mapped[str] = plain(String(40), unique=True)
    secret_hash: Mapped[str] = plain(String(64))
    account_name: Mapped[str] = personal(String(80))
    registration: Mapped[UUID] = personal()
    activity: Mapped[str] = plain(Text)
    session: Mapped[str] = personal(String(36))
    verbs: Mapped[list[str]] = plain(JSON)
    opened_at: Mapped[datetime] = personal()
    expires_at: Mapped[datetime] = plain()
    ended_at: Mapped[datetime | None] = personal()
