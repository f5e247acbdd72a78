"""Counts of every day at once: what changed by day is added up, so that any day is looked up instead of counted."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import add, sub
from typing import Final, NamedTuple, TypeVar

from lms.reporting.rules.cells import Cell
from lms.requirements.rules import STATUSES, Step

P = TypeVar("P", bound=Hashable)
Entry = tuple[P, date, int, int]  # where, from which day on, which count, by how much
_SLOTS: Final = {status: number for number, status in enumerate(STATUSES)}
_EXPIRING: Final = len(STATUSES)
CELL_COUNTS: Final = len(STATUSES) + 1
_MOST_LATER: Final = 200


class Stay(NamedTuple):
    """Where somebody is counted on [start, end), and in which job family; `end` is date.max while it lasts."""

    place: int
    family: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Sums:
    """The counts of one place: those of each day on which any changed, and a few changes that came later."""

    width: int
    days: Sequence[date]
    totals: Sequence[tuple[int, ...]]
    later: tuple[tuple[date, int, int], ...] = ()

    def on(self, day: date) -> tuple[int, ...]:
        """The counts of a day."""
        at = bisect_right(self.days, day)
        found = self.totals[at - 1] if at else (0,) * self.width
        if not self.later:
            return found
        moved = list(found)
        for since, slot, amount in self.later:
            if since <= day:
                moved[slot] += amount
        return tuple(moved)

    def plus(self, changes: Iterable[tuple[date, int, int]]) -> Sums:
        """The same with some more changes."""
        later = (*self.later, *changes)
        if len(later) <= _MOST_LATER:
            return Sums(self.width, self.days, self.totals, later)
        changed = {day: list(map(sub, total, before)) for day, total, before in self._running()}
        for day, slot, amount in later:
            changed.setdefault(day, [0] * self.width)[slot] += amount
        return _running(changed, self.width)

    def _running(self) -> Iterator[tuple[date, tuple[int, ...], tuple[int, ...]]]:
        return zip(self.days, self.totals, ((0,) * self.width, *self.totals), strict=False)


def summed(entries: Iterable[Entry[P]], width: int) -> dict[P, Sums]:
    """Add up what changed, by place."""
    by_place: dict[P, dict[date, list[int]]] = {}
    for place, day, slot, amount in entries:
        days = by_place.setdefault(place, {})
        changes = days.get(day)
        if changes is None:
            changes = days[day] = [0] * width
        changes[slot] += amount
    return {place: _running(changes, width) for place, changes in by_place.items()}


def with_changes(sums: Mapping[P, Sums], entries: Iterable[Entry[P]], width: int) -> dict[P, Sums]:
    """The same with some more changes, each at its place."""
    by_place: dict[P, list[tuple[date, int, int]]] = {}
    for place, day, slot, amount in entries:
        by_place.setdefault(place, []).append((day, slot, amount))
    found = dict(sums)
    for place, changes in by_place.items():
        found[place] = found.get(place, Sums(width, (), ())).plus(changes)
    return found


def taken_back(entries: Iterable[Entry[P]]) -> Iterator[Entry[P]]:
    """What undoes some changes."""
    return ((place, day, slot, -amount) for place, day, slot, amount in entries)


def stays(spans: Iterable[tuple[int, str, date, date]]) -> tuple[Stay, ...]:
    """Where somebody was counted, from the primary assignments; of two that overlap, the one that began first."""
    found: list[Stay] = []
    taken = date.min
    for place, family, start, end in sorted(spans, key=lambda span: span[2]):
        start = max(start, taken)
        if start < end:
            found.append(Stay(place, family, start, end))
            taken = end
    return tuple(found)


def stay_on(where: Iterable[Stay], day: date) -> Stay | None:
    """Where somebody was counted on a day."""
    for stay in where:
        if stay.start <= day < stay.end:
            return stay
    return None


def cell_entries(where: Iterable[Stay], course: Sequence[Step]) -> Iterator[Entry[int]]:
    """What one person adds to the cells of a requirement: one standing a day, at the place of that day."""
    for place, _family, start, end in where:
        for first, last, step in _within(course, start, end):
            slots = (_SLOTS[step.status], _EXPIRING) if step.expiring else (_SLOTS[step.status],)
            for slot in slots:
                yield place, first, slot, 1
                if last < date.max:
                    yield place, last, slot, -1


def cell_of(counts: Sequence[int]) -> Cell:
    """The cell behind the counts of a day."""
    return Cell(sum(counts[:_EXPIRING]), *counts)


def _within(course: Sequence[Step], start: date, end: date) -> Iterator[tuple[date, date, Step]]:
    """The steps of a course as far as they lie on [start, end); not applicable before the first."""
    current, since = Step(date.min, "not_applicable", False), start
    for step in course:
        if step.day >= end:
            break
        if step.day > since:
            yield since, step.day, current
            since = step.day
        current = step
    yield since, end, current


def _running(changes: Mapping[date, list[int]], width: int) -> Sums:
    days = sorted(changes)
    total: tuple[int, ...] = (0,) * width
    totals: list[tuple[int, ...]] = []
    for day in days:
        total = tuple(map(add, total, changes[day]))
        totals.append(total)
    return Sums(width, days, totals)
