"""The order of storing as one number: when a statement was stored, and which worker stored it.

A statement's number grows with time, so the newest page, everything since a moment and a month's partition are all
ranges of one index, and no page shifts when something arrives.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

SLOT_BITS = 10
SLOTS = 1 << SLOT_BITS  # workers that may store in the same microsecond without meeting
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(moment: datetime) -> int:
    """A moment as whole microseconds since 1970."""
    return (moment - _EPOCH) // _MICROSECOND


def moment_at(microsecond: int) -> datetime:
    """The moment that is so many microseconds after the beginning of 1970."""
    return _EPOCH + microsecond * _MICROSECOND


def number(stored: datetime, slot: int = 0) -> int:
    """The number of a statement stored at a moment by a worker; the least one of that moment for slot 0."""
    return microseconds(stored) << SLOT_BITS | slot


def moment_of(seq: int) -> datetime:
    """When the statement with this number was stored."""
    return moment_at(seq >> SLOT_BITS)


def after(moment: datetime) -> int:
    """Statements stored later than a moment have numbers of at least this."""
    return number(moment) + SLOTS
