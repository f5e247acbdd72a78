"""Who did what, when and why: an append-only log written in the same transaction as the deed (rule D11)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, Text, insert
from sqlalchemy.orm import Mapped

from lms.kernel import clock
from lms.kernel.actor import Actor
from lms.kernel.db import Base, personal, plain, run


class AuditEvent(Base):
    """One deed."""

    __tablename__ = "audit_event"

    id: Mapped[int] = plain(primary_key=True)
    at: Mapped[datetime] = plain(index=True)
    actor: Mapped[str] = personal(String(80))
    action: Mapped[str] = plain(String(80))
    subject_kind: Mapped[str] = plain(String(40))
    subject_id: Mapped[str] = personal(String(80))
    before: Mapped[dict[str, Any] | None] = personal(JSON)
    after: Mapped[dict[str, Any] | None] = personal(JSON)
    why: Mapped[str] = personal(Text, default="")


_NOTE = insert(AuditEvent)


def note(
    *,
    actor: Actor,
    action: str,
    subject: tuple[str, object],
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    why: str = "",
) -> None:
    """Write a deed into the log; `subject` is a kind and an id, such as ("course", 12)."""
    deed = {
        "at": clock.now(),
        "actor": (actor.account_name or actor.kind)[:80],
        "action": action,
        "subject_kind": subject[0],
        "subject_id": str(subject[1])[:80],
        "before": dict(before) if before is not None else None,
        "after": dict(after) if after is not None else None,
        "why": why,
    }
    run(_NOTE, deed)
