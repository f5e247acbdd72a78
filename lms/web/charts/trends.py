"""A figure by month, as a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from lms.web.charts.drawing import FIGURE, drawing, number
from lms.web.charts.places import Box, Ground, Spot, around

TREND_WIDTH, TREND_HEIGHT = 360, 224
LEFT, RIGHT, TOP, BOTTOM = 36, 348, 22, 188
MOST_LABELS = 7
POINT = 6.5
EDGE = Box(LEFT - 8, 0, TREND_WIDTH, BOTTOM - 1)


@dataclass(frozen=True)
class Dot:
    """A measured month on the drawing."""

    x: float
    y: float
    text: str


def trend(
    points: Sequence[tuple[str, float | None]],
    *,
    title: str,
    desc: str,
    target: float | None = None,
    target_label: str = "",
    unit: str = "%",
    maximum: float = 100,
) -> Markup:
    """Draw a line by month; a month without a figure leaves a gap."""
    xs = _spread(len(points))
    dots = [
        Dot(x, _height(value, maximum), f"{number(value)}{unit}") if value is not None else None
        for x, (_, value) in zip(xs, points, strict=True)
    ]
    line = None if target is None else _height(target, maximum)
    inside = _grid(maximum) + _runs(dots) + _target(line) + _months(xs, [label for label, _ in points])
    inside += _marks(dots) + _written(dots, line, target_label or f"{number(target or 0)}{unit}")
    return drawing("cd-chart cd-chart--trend", f"0 0 {TREND_WIDTH} {TREND_HEIGHT}", f"{title}. {desc}", inside)


def _spread(count: int) -> list[float]:
    if count == 1:
        return [(LEFT + RIGHT) / 2]
    step = (RIGHT - LEFT - 32) / max(count - 1, 1)
    return [LEFT + 16 + step * place for place in range(count)]


def _height(value: float, maximum: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * min(max(value, 0), maximum) / (maximum or 1)


def _grid(maximum: float) -> Markup:
    line = Markup(
        '<line class="cd-chart__grid" x1="{left}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}"/>'
        '<text x="{text}" y="{ty:.1f}" text-anchor="end">{label}</text>'
    )
    steps = [(maximum * quarter / 4, _height(maximum * quarter / 4, maximum)) for quarter in range(5)]
    return Markup("").join(
        line.format(left=LEFT, right=RIGHT, y=y, ty=y + 4, text=LEFT - 8, label=number(value)) for value, y in steps
    )


def _runs(dots: Sequence[Dot | None]) -> Markup:
    """The line and the ground under it, once for every stretch of months without a gap."""
    runs: list[list[Dot]] = [[]]
    for dot in dots:
        if dot is None:
            runs.append([])
        else:
            runs[-1].append(dot)
    return Markup("").join(_run(run) for run in runs if len(run) > 1)


def _run(run: Sequence[Dot]) -> Markup:
    line = " L".join(f"{dot.x:.1f} {dot.y:.1f}" for dot in run)
    area = f"M{run[0].x:.1f} {BOTTOM} L{line} L{run[-1].x:.1f} {BOTTOM} Z"
    return Markup('<path class="cd-chart__area" d="{}"/><path class="cd-chart__line" d="M{}"/>').format(area, line)


def _months(xs: Sequence[float], labels: Sequence[str]) -> Markup:
    every = -(-len(labels) // MOST_LABELS) or 1
    shown = list(zip(xs, labels, strict=True))[::-1][::every]
    return Markup("").join(FIGURE.format("cd-chart__month", x, BOTTOM + 22, "middle", label) for x, label in shown)


def _written(dots: Sequence[Dot | None], target: float | None, label: str) -> Markup:
    """The words on the drawing, each where it touches nothing: what the target is, and the figures of months."""
    known = [dot for dot in dots if dot is not None]
    ground = Ground(EDGE, _lines(dots, target), [_around_point(dot) for dot in known])
    words = Markup("")
    for dot in _told(known):
        words += _word("cd-chart__value", dot.text, ground.put(dot.text, around(dot.x, dot.y)))
    if target is not None:
        words += _word("cd-chart__target-text", label, ground.put(label, _along(target)))
    return words


def _told(known: Sequence[Dot]) -> Sequence[Dot]:
    """The months whose figure is written: the last, the first and, where there is room, all between."""
    if len(known) < 2:
        return known
    between = known[1:-1] if len(known) <= MOST_LABELS else ()
    return (known[-1], known[0], *between)


def _lines(dots: Sequence[Dot | None], target: float | None) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    drawn = [((one.x, one.y), (next.x, next.y)) for one, next in pairwise(dots) if one and next]
    return drawn if target is None else [*drawn, ((LEFT, target), (RIGHT, target))]


def _along(target: float) -> tuple[Spot, ...]:
    """Above the target or below it: at its beginning, at its end, and from there inwards."""
    quarter = (RIGHT - LEFT) / 4
    ends = ((LEFT + 4, "start"), (RIGHT, "end"), (LEFT + quarter, "middle"), (RIGHT - quarter, "middle"))
    places = (*ends, ((LEFT + RIGHT) / 2, "middle"))
    return tuple(Spot(x, y, anchor) for x, anchor in places for y in (target - 6, target + 17))


def _around_point(dot: Dot) -> Box:
    return Box(dot.x, dot.y, dot.x, dot.y).grown(POINT)


def _word(kind: str, text: str, spot: Spot) -> Markup:
    return FIGURE.format(kind, spot.x, spot.y, spot.anchor, text)


def _marks(dots: Sequence[Dot | None]) -> Markup:
    """A point for each month that has a figure; the last one is filled."""
    known = [dot for dot in dots if dot is not None]
    kinds = [""] * (len(known) - 1) + [" cd-chart__point--last"]
    mark = Markup('<circle class="cd-chart__point{}" cx="{:.1f}" cy="{:.1f}" r="4.5"/>')
    return Markup("").join(mark.format(kind, dot.x, dot.y) for kind, dot in zip(kinds, known, strict=False))


def _target(y: float | None) -> Markup:
    if y is None:
        return Markup("")
    line = '<line class="cd-chart__target" x1="{}" x2="{}" y1="{y:.1f}" y2="{y:.1f}"/>'
    return Markup(line).format(LEFT, RIGHT, y=y)
