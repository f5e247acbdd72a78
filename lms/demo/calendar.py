"""The demonstration's diary: what happens when, carried out in the order of time."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from lms.kernel import clock

Deed = Callable[[], object]


class Diary:
    """Collects deeds with their moments and carries them out in order under the clock."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._deeds: list[tuple[datetime, int, Deed]] = []

    def note(self, day: date, deed: Deed, *, hour: int | None = None) -> datetime:
        """Plan a deed for some working hour of a day."""
        at = hour if hour is not None else self._rng.randint(8, 16)
        moment = datetime.combine(day, time(at, self._rng.randint(0, 59), self._rng.randint(0, 59)), UTC)
        self.at(moment, deed)
        return moment

    def at(self, moment: datetime, deed: Deed) -> None:
        """Plan a deed for a moment."""
        self._deeds.append((moment, len(self._deeds), deed))

    def live(self, until: datetime) -> int:
        """Carry out everything that lies before a moment; returns how much that was."""
        past = sorted(deed for deed in self._deeds if deed[0] < until)
        for moment, _, deed in past:
            with clock.at(moment):
                deed()
        return len(past)


def months_before(day: date, months: int) -> date:
    """The first day of the month that lies some months before a day's."""
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)


def workday(day: date) -> date:
    """The day itself, or the Monday after it."""
    return day + timedelta(max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
