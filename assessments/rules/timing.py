"""How long an attempt may take and when the next may begin (docs/rules.md, section 4.4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Final

# Time for the last answers to travel; nobody is shown it.
GRACE: Final = timedelta(seconds=30)
PAUSE: Final = timedelta(hours=24)


def deadline(started: datetime, limit_minutes: int | None, factor: Fraction = Fraction(1)) -> datetime | None:
    """Give the instant at which time is up; `factor` is the person's extra time (5/4 is a quarter more)."""
    if limit_minutes is None:
        return None
    if factor < 1:
        raise ValueError(f"An extra-time factor of {factor} would take time away: use 1 or more.")
    whole = limit_minutes * 60 * factor
    return started + timedelta(seconds=-(-whole.numerator // whole.denominator))


def time_is_over(now: datetime, until: datetime | None, grace: timedelta = GRACE) -> bool:
    """Say whether an answer comes too late; up to and with the end of the grace it does not."""
    return until is not None and now > until + grace


def seconds_left(now: datetime, until: datetime | None) -> int | None:
    """Give the whole seconds to show on the countdown, never below 0; None without a limit."""
    return None if until is None else max(0, (until - now) // timedelta(seconds=1))


def attempts_left(
    allowed: int | None, ended: Sequence[datetime], now: datetime, pause: timedelta | None = None
) -> int | None:
    """Say how many attempts may still be begun; None is any number.

    `ended` are the attempts that ended: an open one is gone on with, not begun. With a pause, a new series of
    attempts opens when it has passed since the last one of the series ended.
    """
    if allowed is None:
        return None
    if pause is None or allowed == 0:
        return max(0, allowed - len(ended))
    opens = next_attempt_at(allowed, ended, pause)
    return 0 if opens is not None and now < opens else allowed - len(ended) % allowed


def next_attempt_at(allowed: int | None, ended: Sequence[datetime], pause: timedelta = PAUSE) -> datetime | None:
    """Say when the next series of attempts opens; None if attempts are left in this one."""
    if not allowed or not ended or len(ended) % allowed:
        return None
    return max(ended) + pause
