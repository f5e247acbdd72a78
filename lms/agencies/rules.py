"""The arithmetic of the tree: who stands under whom, and which moves would bend it into a ring."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """An agency as pages and reports show it."""

    id: int
    code: str
    name: str
    kind: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Tree:
    """The government on one day."""

    rows: Mapping[int, AgencyRow]
    parents: Mapping[int, int | None]
    _children: Mapping[int | None, tuple[int, ...]]

    @classmethod
    def of(cls, rows: Mapping[int, AgencyRow], parents: Mapping[int, int | None]) -> Tree:
        """Build the tree; an agency whose parent is not open that day stands at the top."""
        above = {child: parent if parent in rows else None for child, parent in parents.items() if child in rows}
        below: dict[int | None, list[int]] = {}
        for row in sorted(rows.values(), key=lambda row: (row.name.casefold(), row.id)):
            below.setdefault(above.get(row.id), []).append(row.id)
        parents_of_all = {id: above.get(id) for id in rows}
        return cls(rows, parents_of_all, {parent: tuple(ids) for parent, ids in below.items()})

    def children(self, id: int) -> list[int]:
        """The agencies directly beneath one, by name."""
        return list(self._children.get(id, ()))

    def subtree(self, ids: Iterable[int]) -> frozenset[int]:
        """Some agencies and everything beneath them."""
        found: set[int] = set()
        waiting = [id for id in ids if id in self.rows]
        while waiting:
            id = waiting.pop()
            if id not in found:
                found.add(id)
                waiting.extend(self._children.get(id, ()))
        return frozenset(found)

    def path(self, id: int) -> list[int]:
        """From the top down to an agency, itself included; empty for one that is not open that day."""
        steps: list[int] = []
        at: int | None = id if id in self.rows else None
        while at is not None and at not in steps:
            steps.append(at)
            at = self.parents.get(at)
        return steps[::-1]

    def walk(self) -> Iterator[tuple[int, int]]:
        """Every agency from the top down with its depth, siblings by name."""
        waiting = [(id, 0) for id in reversed(self._children.get(None, ()))]
        while waiting:
            id, depth = waiting.pop()
            yield id, depth
            waiting.extend((child, depth + 1) for child in reversed(self._children.get(id, ())))

    def by_code(self, code: str) -> AgencyRow | None:
        """The agency with a code, in whatever case it is written."""
        wanted = code.strip().casefold()
        return next((row for row in self.rows.values() if row.code.casefold() == wanted), None)

    @property
    def root(self) -> int | None:
        """The topmost agency; the government itself where several stand at the top."""
        tops = self._children.get(None, ())
        governments = [id for id in tops if self.rows[id].kind == "government"]
        return min(governments or tops, default=None)


@dataclass(frozen=True, slots=True)
class Edge:
    """One agency under another on `[starts_on, ends_on)`."""

    child: int
    parent: int
    starts_on: date
    ends_on: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it stood there that day."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


def first_ring(edges: Iterable[Edge], new: Edge) -> date | None:
    """The first day on which a new place in the tree would put an agency beneath itself; None where there is none."""
    others = [edge for edge in edges if edge.child != new.child]
    days = {new.starts_on, *(edge.starts_on for edge in others if edge.starts_on > new.starts_on)}
    for day in sorted(days):
        if new.holds(day) and _reaches(others, new.parent, new.child, day):
            return day
    return None


def _reaches(edges: Iterable[Edge], start: int, goal: int, day: date) -> bool:
    above = {edge.child: edge.parent for edge in edges if edge.holds(day)}
    at: int | None = start
    seen: set[int] = set()
    while at is not None and at not in seen:
        if at == goal:
            return True
        seen.add(at)
        at = above.get(at)
    return False
