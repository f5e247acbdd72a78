"""Who did what, when and why: an append-only log written in the same transaction as the deed (rule D11).

The database itself refuses to change or remove a deed, unless its salt in the seal was destroyed before (row J5).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, Text, insert
from sqlalchemy.orm import Mapped

from lms.kernel import clock
from lms.kernel.actor import Actor
from lms.kernel.db import Base, personal, plain, run
from lms.kernel.db.creating import when_created
from lms.kernel.sealing.logs import Log


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


def _words(id: int, at: datetime, *said: Any) -> str:
    """A deed as it is sealed."""
    names = ("actor", "action", "subject_kind", "subject_id", "before", "after", "why")
    deed = {"id": id, "at": at.isoformat(), **dict(zip(names, said, strict=True))}
    return json.dumps(deed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


_row = AuditEvent
AUDIT = Log(
    name="audit",
    number=1,
    subject=_row.id,
    columns=(
        *(_row.id, _row.at, _row.actor, _row.action, _row.subject_kind, _row.subject_id),
        *(_row.before, _row.after, _row.why),
    ),
    words=_words,
    lateness=50_000,  # numbers are given when a deed is noted, and seen when its transaction ends
    stays_emptied=True,
)

_ERASED = f"exists (select 1 from seal_leaf where log = {AUDIT.number} and subject = old.id and salt is null)"
STANDS_SQLITE = tuple(
    f"create trigger audit_event_no_{deed} before {deed} on audit_event when not {_ERASED} "
    "begin select raise(abort, 'audit_event: deeds are never changed or removed'); end"
    for deed in ("update", "delete")
)
STANDS_POSTGRESQL = (
    f"""create or replace function audit_event_stands() returns trigger language plpgsql as $$
begin
  if tg_op <> 'TRUNCATE' then
    if {_ERASED} then
      if tg_op = 'DELETE' then return old; end if;
      return new;
    end if;
  end if;
  raise exception 'audit_event: deeds are never changed or removed';
end $$""",
    "create trigger audit_event_stands before update or delete on audit_event "
    "for each row execute function audit_event_stands()",
    "create trigger audit_event_whole before truncate on audit_event "
    "for each statement execute function audit_event_stands()",
)
when_created(AuditEvent, on="sqlite", statements=STANDS_SQLITE)
when_created(AuditEvent, on="postgresql", statements=STANDS_POSTGRESQL)


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
