"""Dated facts: half-open days of validity, and when the fact was recorded and withdrawn (SPEC 2.2)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BindParameter, CheckConstraint, ColumnElement, and_, or_
from sqlalchemy.orm import Mapped, declared_attr

from lms.kernel.db.columns import personal, plain


class Dated:
    """`[starts_on, ends_on)`, never edited in place: a correction withdraws the row and records another."""

    starts_on: Mapped[date] = personal()
    ends_on: Mapped[date | None] = personal()
    recorded_at: Mapped[datetime] = plain()
    withdrawn_at: Mapped[datetime | None] = plain()

    @declared_attr.directive
    def __table_args__(cls) -> tuple[object, ...]:
        return (CheckConstraint("ends_on is null or ends_on > starts_on", name="interval"),)


def holds_on(row: type[Dated], day: date | BindParameter[date]) -> ColumnElement[bool]:
    """The dated row covers the day and has not been withdrawn."""
    return and_(row.starts_on <= day, or_(row.ends_on.is_(None), row.ends_on > day), row.withdrawn_at.is_(None))


def holds_on_as_known(
    row: type[Dated], day: date | BindParameter[date], known_at: datetime | BindParameter[datetime]
) -> ColumnElement[bool]:
    """The dated row covers the day as far as was known at a moment (SPEC 2.2.2)."""
    known = and_(row.recorded_at <= known_at, or_(row.withdrawn_at.is_(None), row.withdrawn_at > known_at))
    return and_(row.starts_on <= day, or_(row.ends_on.is_(None), row.ends_on > day), known)
