"""Role fit of every day at once: how one person's counts change as levels are reached and run out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from operator import sub
from typing import Final, NamedTuple

from lms.reporting.rules.fit import Fit, person_fit
from lms.reporting.rules.history import Entry, Stay

Targets = Mapping[str, Mapping[str, int]]
Counts = tuple[int, int, int]
FIT_COUNTS: Final = 7
_NOTHING: Final = (0,) * FIT_COUNTS


class Held(NamedTuple):
    """A level of a competence that counts on [start, end); `end` is date.max if it never runs out."""

    level: int
    start: date
    end: date


Profile = Mapping[str, Sequence[Held]]


def levels_held(profile: Profile, day: date) -> dict[str, int]:
    """Somebody's highest level of each competence on a day; what is not assessed is left out."""
    found: dict[str, int] = {}
    for code, held in profile.items():
        level = _level(held, day)
        if level:
            found[code] = level
    return found


def fit_entries(where: Iterable[Stay], profile: Profile, targets: Targets) -> Iterator[Entry[int]]:
    """What one person adds to role fit: the fit of each day against the job family of that day, at its place."""
    for place, family, start, end in where:
        wanted = targets.get(family)
        if not wanted:
            continue
        before: Sequence[int] = _NOTHING
        for day, counts in _course(profile, wanted, start, end):
            yield from _moved(place, day, before, counts)
            before = counts
        if end < date.max:
            yield from _moved(place, end, before, _NOTHING)


def _moved(place: int, day: date, before: Sequence[int], after: Sequence[int]) -> Iterator[Entry[int]]:
    for slot, amount in enumerate(map(sub, after, before)):
        if amount:
            yield place, day, slot, amount


def _course(
    profile: Profile, wanted: Mapping[str, int], start: date, end: date
) -> Iterator[tuple[date, Sequence[int]]]:
    """The counts of a person from the first day of a stay, and from each day on which they change."""
    changes: dict[date, list[int]] = {
        start: [sum(column) for column in zip(*map(_unassessed, wanted.values()), strict=True)]
    }
    for code, held in profile.items():
        if code in wanted:
            _add_changes(changes, _steps(held, start, end), wanted[code])
    pairs, total = len(wanted), sum(wanted.values())
    met = assessed = gap = 0
    for day in sorted(changes):
        more = changes[day]
        met, assessed, gap = met + more[0], assessed + more[1], gap + more[2]
        yield day, (1, int(met == pairs), pairs, met, assessed, gap, total)


def _add_changes(changes: dict[date, list[int]], steps: Iterable[tuple[date, int]], want: int) -> None:
    met, assessed, gap = _unassessed(want)
    for day, level in steps:
        now_met, now_assessed, now_gap = int(level >= want), int(level > 0), max(want - level, 0)
        moved = changes.get(day)
        if moved is None:
            moved = changes[day] = [0, 0, 0]
        moved[0] += now_met - met
        moved[1] += now_assessed - assessed
        moved[2] += now_gap - gap
        met, assessed, gap = now_met, now_assessed, now_gap


def _unassessed(want: int) -> Counts:
    """Whether a target is met and assessed, and what is missing, as long as nothing is known."""
    return int(want <= 0), 0, max(want, 0)


def _steps(held: Sequence[Held], start: date, end: date) -> Iterator[tuple[date, int]]:
    """Each day on [start, end) from which on the level is another; 0 is not assessed, and so it begins."""
    if len(held) == 1:  # nearly always
        level, first, last = held[0]
        if first < end and start < last:
            yield max(first, start), level
            if last < end:
                yield last, 0
        return
    before = 0
    for day in sorted({start, *(day for item in held for day in (item.start, item.end) if start < day < end)}):
        level = _level(held, day)
        if level != before:
            before = level
            yield day, level


def _level(held: Sequence[Held], day: date) -> int:
    return max([item.level for item in held if item.start <= day < item.end], default=0)


def fit_on(profile: Profile, wanted: Mapping[str, int], day: date) -> Fit:
    """The fit of one person on a day."""
    return person_fit(levels_held(profile, day), wanted)
