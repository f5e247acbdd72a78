"""How much more time a person has."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from assessments.models.adjustments import TimeAdjustment
from assessments.policy import STANDARD, deadline_with
from lms.kernel import clock
from lms.kernel.db import db


def factor_of(person_id: int) -> str:
    """A person's factor; "1" for everybody without an adjustment."""
    wanted = select(TimeAdjustment.factor).where(TimeAdjustment.person_id == person_id)
    return db.session.scalar(wanted) or STANDARD


def deadline_for(person_id: int, started: datetime, limit_minutes: int | None) -> datetime | None:
    """When time will be up for a person who begins now; None without a limit, for all or for this person."""
    return None if limit_minutes is None else deadline_with(factor_of(person_id), started, limit_minutes)


def minutes_for(person_id: int, limit_minutes: int | None) -> int | None:
    """How many minutes a person has, rounded up; None without a limit."""
    now = clock.now()
    until = deadline_for(person_id, now, limit_minutes)
    return None if until is None else -(-int((until - now).total_seconds()) // 60)
