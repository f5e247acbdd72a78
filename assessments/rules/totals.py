"""What a paper earned as a whole and by competence (docs/rules.md, section 4.4); round for display only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol


class Scored(Protocol):
    """Anything with a score from 0 to 1."""

    @property
    def score(self) -> Fraction:
        """The share of the full mark."""
        ...


@dataclass(frozen=True, slots=True)
class Total:
    """Points earned, of the points that could be earned."""

    earned: Fraction = Fraction(0)
    possible: Fraction = Fraction(0)

    @property
    def share(self) -> Fraction | None:
        """The share from 0 to 1; None for a paper without points."""
        return self.earned / self.possible if self.possible else None

    @property
    def percent(self) -> Fraction | None:
        """The share in percent, exact."""
        return self.earned * 100 / self.possible if self.possible else None


def total(marks: Mapping[str, Scored], points: Mapping[str, Fraction]) -> Total:
    """Add up the points of a paper; `points` names all its questions, one without a mark earns nothing."""
    return _added(marks, points, points)


def totals_by(
    marks: Mapping[str, Scored], points: Mapping[str, Fraction], group_of: Mapping[str, str | None]
) -> dict[str, Total]:
    """Add up the points of each competence (or objective); questions that belong to none are left out."""
    groups: dict[str, list[str]] = {}
    for question in points:
        group = group_of.get(question)
        if group:
            groups.setdefault(group, []).append(question)
    return {group: _added(marks, points, questions) for group, questions in sorted(groups.items())}


def passed(result: Total, pass_mark: int | Fraction) -> bool:
    """Say whether a result reaches the pass mark in percent, unrounded: 79.99 does not reach 80."""
    return result.percent is not None and result.percent >= pass_mark


def _added(marks: Mapping[str, Scored], points: Mapping[str, Fraction], questions: Iterable[str]) -> Total:
    """Add up the points of some questions."""
    result = Total()
    for question in questions:
        score = marks[question].score if question in marks else Fraction(0)
        result = Total(result.earned + points[question] * score, result.possible + points[question])
    return result
