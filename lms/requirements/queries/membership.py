"""When somebody was in the audience of a requirement: assignments laid over the tree as it stood day by day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from lms.requirements.rules import Span


class Edge(NamedTuple):
    """An agency under another on [start, end); `end` is date.max while it lasts."""

    parent: int
    start: date
    end: date


class Post(NamedTuple):
    """A primary assignment on [start, end); `end` is date.max while it lasts."""

    agency: int
    family: str
    start: date
    end: date


class Audience:
    """Who is meant by a requirement: the subtree of an agency on each day, and within it some job families or all."""

    def __init__(self, agency: int, families: Sequence[str], edges: Mapping[int, Sequence[Edge]]) -> None:
        self._top = agency
        self._families = frozenset(families)
        self._edges = edges
        self._stays: dict[int, tuple[tuple[date, date], ...]] = {}

    def spans(self, posts: Iterable[Post]) -> tuple[Span, ...]:
        """The spans in which somebody's posts belonged to the audience, in the order of the posts."""
        found: list[Span] = []
        for post in posts:
            if self._families and post.family not in self._families:
                continue
            for start, end in self._inside(post.agency):
                start, end = max(start, post.start), min(end, post.end)
                if start < end:
                    found.append(Span(start, None if end == date.max else end))
        return tuple(found)

    def _inside(self, agency: int) -> tuple[tuple[date, date], ...]:
        """When an agency stood within the subtree; worked out once for each agency."""
        stays = self._stays.get(agency)
        if stays is None:
            stays = self._stays[agency] = tuple(_joined(self._climb(agency, date.min, date.max)))
        return stays

    def _climb(self, agency: int, start: date, end: date) -> Iterator[tuple[date, date]]:
        """Follow an agency upwards through every place it had on [start, end)."""
        if agency == self._top:
            yield start, end
            return
        for edge in self._edges.get(agency, ()):
            first, last = max(start, edge.start), min(end, edge.end)
            if first < last:
                yield from self._climb(edge.parent, first, last)


def _joined(stays: Iterable[tuple[date, date]]) -> Iterator[tuple[date, date]]:
    """Join stays that touch, earliest first."""
    current: tuple[date, date] | None = None
    for start, end in sorted(stays):
        if current is not None and start <= current[1]:
            current = current[0], max(current[1], end)
        else:
            if current is not None:
                yield current
            current = start, end
    if current is not None:
        yield current
