"""Coverage of a unit under a requirement on a day (docs/rules.md, section 2.5: M4, M5, M6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields
from fractions import Fraction
from operator import add, attrgetter

from lms.reporting.rules.rounding import ratio
from lms.requirements.rules import Standing


@dataclass(frozen=True, slots=True)
class Cell:
    """How many people of a unit hold each status; `expiring` is part of `met`.

    The seven statuses add up to the headcount.
    """

    headcount: int = 0
    not_applicable: int = 0
    excused: int = 0
    exempt: int = 0
    met: int = 0
    not_yet_due: int = 0
    in_grace: int = 0
    overdue: int = 0
    expiring: int = 0

    def __add__(self, other: Cell) -> Cell:
        """Add counts, so that a rate of the sum is the ratio of sums."""
        return Cell(*map(add, _counts(self), _counts(other)))

    @property
    def obliged(self) -> int:
        """People who must hold it, due or not: the denominator of M4 and M6."""
        return self.met + self.not_yet_due + self.in_grace + self.overdue

    @property
    def due(self) -> int:
        """People who should hold it by now: the denominator of M5."""
        return self.met + self.in_grace + self.overdue

    @property
    def current_rate(self) -> Fraction | None:
        """M4: how many are covered today, of all who must be."""
        return ratio(self.met, self.obliged)

    @property
    def compliance_of_due(self) -> Fraction | None:
        """M5: how many of those who should be covered are."""
        return ratio(self.met, self.due)

    @property
    def overdue_rate(self) -> Fraction | None:
        """M6: how many are overdue, of all who must be covered."""
        return ratio(self.overdue, self.obliged)


_counts = attrgetter(*(f.name for f in fields(Cell)))


@dataclass(frozen=True, slots=True)
class Ageing:
    """How long overdue people have been past their due day (M6), in days; `longest` is 0 if nobody is."""

    up_to_30: int = 0
    up_to_90: int = 0
    up_to_180: int = 0
    over_180: int = 0
    longest: int = 0


def tally(standings: Iterable[Standing]) -> Cell:
    """Count one standing for each person of a unit."""
    counts: Counter[str] = Counter()
    expiring = 0
    for standing in standings:
        counts[standing.status] += 1
        expiring += standing.expiring
    return Cell(headcount=counts.total(), expiring=expiring, **counts)


def ageing(standings: Iterable[Standing]) -> Ageing:
    """Sort overdue people by how long ago they were due."""
    days = [s.days_overdue for s in standings if s.status == "overdue"]
    first, second, third = (sum(d <= limit for d in days) for limit in (30, 90, 180))
    return Ageing(first, second - first, third - second, len(days) - third, max(days, default=0))
