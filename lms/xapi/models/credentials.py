"""Who may write to the record or read it from outside."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped

from lms.kernel.db import Base, plain


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
