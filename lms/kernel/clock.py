"""What time it is: UTC, aware, and settable so that history can be lived again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_stands_at: ContextVar[datetime | None] = ContextVar("clock_stands_at", default=None)


def now() -> datetime:
    """The present moment in UTC."""
    return _stands_at.get() or datetime.now(UTC)


def stands() -> bool:
    """Whether the clock has been set: history is being lived again, or a test is running."""
    return _stands_at.get() is not None


def today(zone: str = "UTC") -> date:
    """The calendar day it is in a time zone (SPEC 2.2.3: days are the agency's own)."""
    return now().astimezone(ZoneInfo(zone)).date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let the clock stand at a moment, which must be aware."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone: give an aware moment.")
    token = _stands_at.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _stands_at.reset(token)
