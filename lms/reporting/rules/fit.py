"""How far people reach the targets of their role (docs/rules.md, section 2.5: M10, M10a, M10b, M10c)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from operator import add, attrgetter

from lms.reporting.rules.rounding import ratio

Levels = Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Fit:
    """Counts over people with targets and over their pairs of person and competence.

    `gap` and `wanted` are sums of levels.
    """

    people: int = 0
    fully_fit: int = 0
    pairs: int = 0
    pairs_met: int = 0
    pairs_assessed: int = 0
    gap: int = 0
    wanted: int = 0

    def __add__(self, other: Fit) -> Fit:
        """Add counts, so that a rate of the sum is the ratio of sums."""
        return Fit(*map(add, _counts(self), _counts(other)))

    @property
    def role_fit(self) -> Fraction | None:
        """M10: people who meet all targets of their role, of those who have any; not assessed is not met."""
        return ratio(self.fully_fit, self.people)

    @property
    def targets_met(self) -> Fraction | None:
        """M10a: targets met, of all pairs of person and competence."""
        return ratio(self.pairs_met, self.pairs)

    @property
    def assessed_share(self) -> Fraction | None:
        """M10b: pairs with any evidence that counts; a low value means unknown, not unskilled."""
        return ratio(self.pairs_assessed, self.pairs)

    @property
    def gap_index(self) -> Fraction | None:
        """M10c: levels missing, of all levels wanted; 0 is no gap."""
        return ratio(self.gap, self.wanted)


_counts = attrgetter(*(f.name for f in fields(Fit)))


def person_fit(levels: Levels, targets: Mapping[str, int]) -> Fit:
    """Compare one person's levels with the targets of the role; a level of None is not assessed.

    Without targets the person is left out. To cut by competence, pass one target at a time and add.
    """
    if not targets:
        return Fit()
    met = assessed = gap = 0
    for code, want in targets.items():
        level = levels.get(code)
        assessed += level is not None
        missing = want - (level or 0)
        if missing <= 0:
            met += 1
        else:
            gap += missing
    pairs = len(targets)
    return Fit(1, int(met == pairs), pairs, met, assessed, gap, sum(targets.values()))


def total_fit(fits: Iterable[Fit]) -> Fit:
    """Add up many, at once."""
    columns = [sum(column) for column in zip(*map(_counts, fits), strict=True)]
    return Fit(*columns)


def fit_of(people: Iterable[tuple[str, Levels]], targets_by_family: Mapping[str, Mapping[str, int]]) -> Fit:
    """Add up the fit of many people, each given as job family and levels."""
    total = Fit()
    for family, levels in people:
        total += person_fit(levels, targets_by_family.get(family, {}))
    return total
