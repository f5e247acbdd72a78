"""The record as it was at one moment: everybody's facts, and what follows from them for every day."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Final, TypeVar

from lms.agencies.rules import Edge
from lms.reporting.queries.record.holdings import Holdings, Share
from lms.reporting.queries.record.windows import Known
from lms.reporting.queries.shelf import Shelf
from lms.reporting.rules import (
    CELL_COUNTS,
    FIT_COUNTS,
    Entry,
    Stay,
    Sums,
    Targets,
    cell_entries,
    fit_entries,
    stays,
    summed,
    taken_back,
    with_changes,
)
from lms.requirements.queries import RequirementRow, standings_on
from lms.requirements.queries.facts import Found, facts_found, renewed
from lms.requirements.rules import PersonFacts, Standing, steps

K = TypeVar("K")
V = TypeVar("V")
_MOST_REQUIREMENTS: Final = 60
_MOST_TARGETS: Final = 2
_MOST_DAYS: Final = 6
_MOST_RESULTS: Final = 24
_number = count()


@dataclass(frozen=True, slots=True)
class Course:
    """One requirement: everybody's facts, and the counts of each agency by itself on every day."""

    facts: Mapping[int, PersonFacts]
    sums: Mapping[int, Sums]


@dataclass(slots=True)
class _Derived:
    """What was worked out from a record when it was first asked for; the latest of each."""

    courses: dict[RequirementRow, Course] = field(default_factory=dict)
    people: dict[tuple[RequirementRow, date], Mapping[int, Standing]] = field(default_factory=dict)
    fits: dict[Hashable, tuple[Targets, Mapping[int, Sums]]] = field(default_factory=dict)

    def copied(self) -> _Derived:
        """The same, apart from what is worked out later."""
        return _Derived(dict(self.courses), dict(self.people), dict(self.fits))


class Record:
    """Everything on record at one moment; it never changes, `renewed` makes the next one.

    `number` is another one for each record of this process; `shelf` keeps figures that follow from this one.
    """

    def __init__(
        self,
        known: Known,
        found: Found,
        having: Holdings,
        where: dict[int, tuple[Stay, ...]],
        full_time: Mapping[int, Sums],
        edges: tuple[Edge, ...],
    ) -> None:
        self.known = known
        self.number = next(_number)
        self.found = found
        self.having = having
        self.stays = where
        self.full_time = full_time
        self.edges = edges
        self.shelf = Shelf(_MOST_RESULTS)
        self._derived = _Derived()
        self._guard = threading.Lock()

    @classmethod
    def of(cls, known: Known, found: Found, having: Holdings) -> Record:
        """The record of everything that was found."""
        hours = summed(_hours(having.shares.values()), 1)
        return cls(known, found, having, _stays(found), hours, _edges(found))

    def course(self, row: RequirementRow) -> Course:
        """What follows for a requirement."""
        with self._guard:
            return _remembered(self._derived.courses, row, _MOST_REQUIREMENTS, lambda: self._course(row))

    def people(self, row: RequirementRow, day: date) -> Mapping[int, Standing]:
        """Where everybody stands under a requirement on a day."""
        facts = self.course(row).facts

        def judged() -> Mapping[int, Standing]:
            return standings_on(row.terms, [day], facts)[day]

        with self._guard:
            return _remembered(self._derived.people, (row, day), _MOST_DAYS, judged)

    def fits(self, targets: Targets) -> Mapping[int, Sums]:
        """Role fit of each agency by itself on every day, against some targets."""

        def compared() -> tuple[Targets, Mapping[int, Sums]]:
            return targets, summed(self._fit_entries(self.stays, targets), FIT_COUNTS)

        with self._guard:
            return _remembered(self._derived.fits, frozen(targets), _MOST_TARGETS, compared)[1]

    def renewed(self, known: Known, ids: Collection[int], found: Found, having: Holdings) -> Record:
        """The next record, in which everything about some people is as it was found again."""
        after = Record(
            known,
            self.found.renewed(ids, found),
            Holdings(renewed(self.having.levels, ids, having.levels), renewed(self.having.shares, ids, having.shares)),
            renewed(self.stays, ids, _stays(found)),
            with_changes(self.full_time, self._hours_moved(ids, having), 1),
            self.edges,
        )
        with self._guard:
            derived = self._derived.copied()
        fresh = {row: facts_found(row, found, self.found.edges) for row in derived.courses}
        for row, course in derived.courses.items():
            after._derived.courses[row] = self._course_moved(row, course, ids, fresh[row], after)
        for (row, day), old in derived.people.items():
            if row in fresh:
                after._derived.people[row, day] = renewed(old, ids, standings_on(row.terms, [day], fresh[row])[day])
        for key, (targets, sums) in derived.fits.items():
            after._derived.fits[key] = targets, self._fits_moved(sums, ids, targets, after)
        return after

    def _course(self, row: RequirementRow) -> Course:
        facts = facts_found(row, self.found, self.found.edges)
        return Course(facts, summed(self._cell_entries(row, facts), CELL_COUNTS))

    def _course_moved(
        self, row: RequirementRow, old: Course, ids: Collection[int], fresh: Mapping[int, PersonFacts], after: Record
    ) -> Course:
        before = {id: old.facts[id] for id in ids if id in old.facts}
        changes = [*taken_back(self._cell_entries(row, before)), *after._cell_entries(row, fresh)]
        return Course(renewed(old.facts, ids, fresh), with_changes(old.sums, changes, CELL_COUNTS))

    def _fits_moved(
        self, old: Mapping[int, Sums], ids: Collection[int], targets: Targets, after: Record
    ) -> Mapping[int, Sums]:
        changes = [*taken_back(self._fit_entries(ids, targets)), *after._fit_entries(ids, targets)]
        return with_changes(old, changes, FIT_COUNTS)

    def _hours_moved(self, ids: Collection[int], having: Holdings) -> Iterator[Entry[int]]:
        yield from taken_back(_hours(self.having.shares.get(id, ()) for id in ids))
        yield from _hours(having.shares.values())

    def _cell_entries(self, row: RequirementRow, facts: Mapping[int, PersonFacts]) -> Iterator[Entry[int]]:
        for person_id, theirs in facts.items():
            yield from cell_entries(self.stays.get(person_id, ()), steps(theirs, row.terms))

    def _fit_entries(self, ids: Iterable[int], targets: Targets) -> Iterator[Entry[int]]:
        for person_id in ids:
            profile = self.having.levels.get(person_id, {})
            yield from fit_entries(self.stays.get(person_id, ()), profile, targets)


def frozen(targets: Targets) -> Hashable:
    """Targets as a key."""
    return tuple(sorted((family, tuple(sorted(levels.items()))) for family, levels in targets.items()))


def _remembered(kept: dict[K, V], key: K, most: int, work: Callable[[], V]) -> V:
    if key not in kept:
        kept[key] = work()
        while len(kept) > most:
            del kept[next(iter(kept))]
    return kept[key]


def _stays(found: Found) -> dict[int, tuple[Stay, ...]]:
    return {
        id: stays((post.agency, post.family, post.start, post.end) for post in posts)
        for id, posts in found.posts.items()
    }


def _hours(shares: Iterable[Iterable[Share]]) -> Iterator[Entry[int]]:
    for theirs in shares:
        for agency, start, end, percent in theirs:
            yield agency, start, 0, percent
            if end < date.max:
                yield agency, end, 0, -percent


def _edges(found: Found) -> tuple[Edge, ...]:
    return tuple(Edge(child, at.parent, at.start, at.end) for child, places in found.edges.items() for at in places)
