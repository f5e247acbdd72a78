"""Who is counted where (docs/rules.md, section 2.3: M1 and the denominator of M11)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

Basis = Literal["primary", "any_post"]
_WHOLE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Post:
    """One assignment of a person to a unit on [start, end), with its share of a full-time week.

    Known to whoever asks at `known_on` if recorded_on ≤ known_on < withdrawn_on. Give only counted employment types.
    """

    person: Hashable
    unit: Hashable
    start: date
    end: date | None = None
    fte: Fraction = _WHOLE
    primary: bool = True
    recorded_on: date = date.min
    withdrawn_on: date = date.max

    def held(self, day: date, known_on: date) -> bool:
        """Say whether the person held it on a day, as far as was known."""
        if self.start > day or (self.end is not None and self.end <= day):
            return False
        return self.recorded_on <= known_on < self.withdrawn_on


def headcount(
    posts: Iterable[Post],
    units: Collection[Hashable],
    day: date,
    known_on: date | None = None,
    basis: Basis = "primary",
) -> int:
    """Count distinct people of some units (M1).

    On basis `any_post` a person counts in each agency, so parts may exceed the whole.
    """
    known = day if known_on is None else known_on
    counted = (p for p in posts if p.unit in units and (p.primary or basis == "any_post"))
    return len({p.person for p in counted if p.held(day, known)})


def own_headcounts(posts: Iterable[Post], day: date, known_on: date | None = None) -> dict[Hashable, int]:
    """Count people at the unit of their primary assignment; these add up to the government's headcount."""
    known = day if known_on is None else known_on
    return dict(Counter(unit for unit, _ in {(p.unit, p.person) for p in posts if p.primary and p.held(day, known)}))


def fte(
    posts: Iterable[Post],
    units: Collection[Hashable],
    day: date,
    known_on: date | None = None,
    cap_person_at_1: bool = False,
) -> Fraction:
    """Add full-time equivalents over all posts of some units, each at its own agency (M1)."""
    known = day if known_on is None else known_on
    shares: dict[Hashable, Fraction] = {}
    for post in posts:
        if post.unit in units and post.held(day, known):
            shares[post.person] = shares.get(post.person, Fraction(0)) + post.fte
    return sum((min(s, _WHOLE) if cap_person_at_1 else s for s in shares.values()), Fraction(0))


def average_headcount(
    posts: Iterable[Post], units: Collection[Hashable], start: date, end: date, known_on: date | None = None
) -> Fraction | None:
    """Average the headcount over the days of [start, end), from person-days; None for a period without days."""
    known = end if known_on is None else known_on
    stays: dict[Hashable, list[tuple[date, date]]] = {}
    for post in posts:
        if post.primary and post.unit in units and post.recorded_on <= known < post.withdrawn_on:
            stays.setdefault(post.person, []).append((max(post.start, start), min(post.end or end, end)))
    days = (end - start).days
    return Fraction(sum(map(_days_present, stays.values())), days) if days > 0 else None


def _days_present(stays: list[tuple[date, date]]) -> int:
    """Count the days that at least one stay covers."""
    total = 0
    counted_to = date.min
    for begin, end in sorted(stays):
        begin = max(begin, counted_to)
        if begin < end:
            total += (end - begin).days
            counted_to = end
    return total


def hours_per_head(credited_minutes: int, average: Fraction | None) -> Fraction | None:
    """Spread credited learning over the average headcount, in hours (M11)."""
    return Fraction(credited_minutes, 60) / average if average else None
