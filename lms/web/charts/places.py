"""Where a label of a chart stands: clear of the lines, of the points and of the other labels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

Point = tuple[float, float]
LETTER, RISE = 8.6, 11.0  # a figure in the drawing's units, at the larger size that phones use
STROKE = 3.0  # how near a label may come to the middle of a line
ROOM = 1.0
OVERLAP, CROSSING = 10, 1


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of the drawing."""

    left: float
    top: float
    right: float
    bottom: float

    def grown(self, by: float) -> Box:
        """The box with a margin on each side."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def meets(self, other: Box) -> bool:
        """Whether two boxes share ground."""
        beside = self.right <= other.left or other.right <= self.left
        return not (beside or self.bottom <= other.top or other.bottom <= self.top)

    def holds(self, other: Box) -> bool:
        """Whether the other box lies wholly inside."""
        across = self.left <= other.left and other.right <= self.right
        return across and self.top <= other.top and other.bottom <= self.bottom

    def is_crossed(self, start: Point, end: Point) -> bool:
        """Whether a straight line runs through the box: some stretch of it is inside on both axes at once."""
        first, last = 0.0, 1.0
        sides = ((self.left, self.right), (self.top, self.bottom))
        for (low, high), begin, finish in zip(sides, start, end, strict=True):
            way = finish - begin
            if way == 0:
                if not low < begin < high:
                    return False
                continue
            near, far = sorted(((low - begin) / way, (high - begin) / way))
            first, last = max(first, near), min(last, far)
        return first < last


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a text is written: its base line, and which part of it stands at x."""

    x: float
    y: float
    anchor: str = "middle"

    def box(self, text: str) -> Box:
        """The ground that a text covers here."""
        width = LETTER * len(text)
        left = self.x - {"start": 0.0, "middle": width / 2, "end": width}[self.anchor]
        return Box(left, self.y - RISE, left + width, self.y)


@dataclass
class Ground:
    """A drawing as far as labels must avoid it: its edge, its lines, and what has been put on it."""

    edge: Box
    lines: Sequence[tuple[Point, Point]]
    taken: list[Box] = field(default_factory=list)

    def put(self, text: str, spots: Iterable[Spot]) -> Spot:
        """Give the first spot that is clear, or the one that disturbs least; it is taken from then on."""
        chosen = min(spots, key=lambda spot: self._disturbs(spot.box(text)))
        self.taken.append(chosen.box(text).grown(ROOM))
        return chosen

    def _disturbs(self, box: Box) -> int:
        near = box.grown(STROKE)
        crossed = sum(near.is_crossed(start, end) for start, end in self.lines)
        covered = sum(box.meets(other) for other in self.taken) + (not self.edge.holds(box))
        return CROSSING * crossed + OVERLAP * covered


def around(x: float, y: float) -> tuple[Spot, ...]:
    """The spots for the figure of a point, the usual one first."""
    up, down = y - 11, y + 20
    return (
        Spot(x, up),
        Spot(x, down),
        *(
            Spot(x + side, level, anchor)
            for level in (up + 2, down - 2)
            for side, anchor in ((-5, "end"), (5, "start"))
        ),
        Spot(x - 11, y + 5, "end"),
        Spot(x + 11, y + 5, "start"),
    )
