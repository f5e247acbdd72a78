"""One requirement looked at closely: its headline, what presses, what expires, and how it came to be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from lms.agencies.queries import edges
from lms.agencies.rules import Edge
from lms.kernel.actor import Actor
from lms.reporting.queries.matrix import Matrix, Wish, matrix
from lms.reporting.queries.places import places
from lms.reporting.queries.standings import ByAgency
from lms.reporting.rules import Ageing, Cell, ageing
from lms.requirements.queries import RequirementRow
from lms.requirements.rules import Standing
from lms.requirements.rules.standing import NOT_APPLICABLE

MONTHS = 14
EXPIRY_DAYS = (30, 60, 90)


@dataclass(frozen=True, slots=True)
class Headline:
    """Where everybody asked for stands under one requirement; `expiring` counts by days ahead: 30, 60, 90."""

    requirement: RequirementRow
    cell: Cell
    ageing: Ageing
    expiring: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Point:
    """The figures of one day of the trend."""

    day: date
    cell: Cell


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything on the coverage page; without a requirement in force there is no headline and no trend."""

    matrix: Matrix
    headline: Headline | None
    trend: tuple[Point, ...]


def overview(actor: Actor, wish: Wish) -> Overview:
    """The coverage page of an actor."""
    found = matrix(actor, wish)
    row = _foremost(found)
    if row is None:
        return Overview(found, None, ())
    return Overview(found, headline(found, row), trend(found, row))


def headline(found: Matrix, row: RequirementRow) -> Headline:
    """How one requirement stands in everything that was asked for."""
    by_person = found.standings.people(row)
    theirs = [by_person.get(id, NOT_APPLICABLE) for id in places(found.asked).within(found.scope)]
    return Headline(row, found.whole[row.code], ageing(theirs), _expiring(theirs, found.asked.day))


def trend(found: Matrix, row: RequirementRow) -> tuple[Point, ...]:
    """The last fourteen month ends and the day itself, with everything that is known; people count where they were."""
    asked = found.asked
    days = [*month_ends(asked.day, MONTHS), asked.day]
    key = "months", asked.when, asked.state, row
    by_day = asked.shelf.get(key, lambda: found.standings.lived(row, days[:-1]))
    tops = [id for id in found.scope if asked.tree.parents.get(id) not in found.scope]
    stood = asked.record.edges if asked.record else edges()
    points = [Point(day, _sum(by_day[day], _subtree(stood, tops, day))) for day in days[:-1]]
    return (*points, Point(asked.day, found.whole[row.code]))


def month_ends(day: date, count: int) -> list[date]:
    """The last days of the months before a day, earliest first."""
    found: list[date] = []
    while len(found) < count:
        day = day.replace(day=1) - timedelta(1)
        found.append(day)
    return found[::-1]


def _foremost(found: Matrix) -> RequirementRow | None:
    """The requirement that most people owe; of several, one that must be renewed, the first by code."""

    def weight(row: RequirementRow) -> tuple[int, bool]:
        return found.whole[row.code].obliged, row.terms.recurrence.mode != "none"

    return max(found.requirements, key=weight, default=None)


def _expiring(theirs: Iterable[Standing], day: date) -> dict[int, int]:
    left = [(s.expires_on - day).days for s in theirs if s.status == "met" and s.expires_on is not None]
    return {limit: sum(days <= limit for days in left) for limit in EXPIRY_DAYS}


def _subtree(stood: Iterable[Edge], tops: Iterable[int], day: date) -> frozenset[int]:
    """Some agencies and what stood beneath them on a day."""
    below: dict[int, list[int]] = {}
    for edge in stood:
        if edge.holds(day):
            below.setdefault(edge.parent, []).append(edge.child)
    found: set[int] = set()
    waiting = list(tops)
    while waiting:
        id = waiting.pop()
        if id not in found:
            found.add(id)
            waiting.extend(below.get(id, ()))
    return frozenset(found)


def _sum(cells: ByAgency, scope: frozenset[int]) -> Cell:
    return sum((cell for id, cell in cells.items() if id in scope), Cell())
