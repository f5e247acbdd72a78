"""The whole record as JSON lines, in the order of storing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import select

from lms.kernel.db import db
from lms.xapi.models import StatementRow

_AT_ONCE = 1000


def export_lines(since: datetime | None = None) -> Iterator[str]:
    """Every statement stored after a moment (UTC where it names no zone), voided ones too, one a line."""
    wanted = select(StatementRow.seq, StatementRow.payload).order_by(StatementRow.seq).limit(_AT_ONCE)
    if since is not None:
        wanted = wanted.where(StatementRow.stored > (since if since.tzinfo else since.replace(tzinfo=UTC)))
    last = 0
    while rows := db.session.execute(wanted.where(StatementRow.seq > last)).all():
        for row in rows:
            yield row.payload
        last = rows[-1].seq
