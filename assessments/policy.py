"""When an attempt may begin, how long it lasts, and when right answers may be seen: pure decisions (SPEC 4.4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from typing import Final

from assessments.rules.timing import PAUSE, attempts_left, deadline, next_attempt_at

STANDARD: Final = "1"
UNLIMITED: Final = "unlimited"
FACTORS: Final = (STANDARD, "5/4", "3/2", "2", UNLIMITED)


def deadline_with(factor: str, started: datetime, limit_minutes: int) -> datetime | None:
    """When time is up for someone with this factor; None for someone whose time is unlimited (row X10)."""
    return None if factor == UNLIMITED else deadline(started, limit_minutes, Fraction(factor))


def left(allowed: int | None, ended: Sequence[datetime], now: datetime) -> int | None:
    """How many attempts may still be begun in this series; None is any number."""
    return attempts_left(allowed, ended, now, PAUSE)


def opens_again(allowed: int | None, ended: Sequence[datetime], now: datetime) -> datetime | None:
    """When the next series of attempts opens, for someone who has none left now."""
    opens = next_attempt_at(allowed, ended, PAUSE)
    return opens if opens is not None and opens > now else None


def answers_released(allowed: int | None, number: int, ended: int, *, passed: bool) -> bool:
    """Whether the right answers of an attempt may be shown: after a pass, or once its series is used up.

    It stays so when the next series opens; without a limit only a pass releases them.
    """
    if passed or not allowed:
        return passed
    last_of_series = -(-number // allowed) * allowed
    return ended >= last_of_series
