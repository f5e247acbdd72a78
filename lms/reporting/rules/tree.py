"""Totals over the hierarchy of agencies as it stood on a day (docs/rules.md, sections 2.2 and 2.3)."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, Self, TypeVar


class Addable(Protocol):
    """Counts that add up."""

    def __add__(self, other: Self, /) -> Self:
        """Add the counts of two disjoint groups of people."""
        ...


K = TypeVar("K", bound=Hashable)
C = TypeVar("C", bound=Addable)


class BrokenTree(ValueError):
    """An agency stands under itself; the message names it."""


@dataclass(frozen=True, slots=True)
class Totals(Generic[C]):
    """The counts of a unit alone, and together with everything under it."""

    own: C
    with_descendants: C


def tree_totals(parents: Mapping[K, K | None], own_cells: Mapping[K, C], empty: C) -> dict[K, Totals[C]]:
    """Add every unit's counts to all units above it: ratio of sums, each person once.

    `parents` names the unit above, None at the top. A unit that only `own_cells` knows (unassigned people) stands by
    itself; one without counts of its own has `empty`.
    """
    units = dict.fromkeys([*parents, *own_cells])
    totals = {unit: own_cells.get(unit, empty) for unit in units}
    for unit, cell in own_cells.items():
        for above in _above(parents, unit):
            totals[above] = totals.get(above, empty) + cell
    return {unit: Totals(own_cells.get(unit, empty), total) for unit, total in totals.items()}


def descendants(parents: Mapping[K, K | None], unit: K) -> frozenset[K]:
    """Give a unit and everything under it."""
    return frozenset(u for u in {*parents, unit} if u == unit or unit in _above(parents, u))


def _above(parents: Mapping[K, K | None], unit: K) -> list[K]:
    """List the units above a unit, nearest first."""
    chain: list[K] = []
    above = parents.get(unit)
    while above is not None:
        if above == unit or above in chain:
            raise BrokenTree(f"Agency {above} stands under itself: correct its place in the tree.")
        chain.append(above)
        above = parents.get(above)
    return chain
