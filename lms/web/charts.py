"""Charts as drawings: pure functions from numbers to SVG, coloured by the style sheet, spoken by one sentence.

The caller gives each chart its table; a chart never stands alone.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

TREND_WIDTH, TREND_HEIGHT = 360, 224
LEFT, RIGHT, TOP, BOTTOM = 36, 348, 22, 188
MOST_LABELS = 7
BARS_WIDTH, BAR_HEIGHT, BAR_LINE = 360, 12, 18
LABEL_LETTERS = 36
HEAT_STEPS = (40, 60, 75, 90)
RING_RADIUS = 50
FIGURE = Markup('<text class="{}" x="{:g}" y="{:g}" text-anchor="{}">{}</text>')
SEGMENT = Markup('<rect class="cd-part--{}" x="{:.3f}" y="0" width="{:.3f}" height="8"/>')
SHARE_KEY = Markup(
    '<li><svg class="cd-key cd-key--{}" viewBox="0 0 12 12" aria-hidden="true">'
    '<rect width="12" height="12" rx="4"/></svg>{} <strong>{}</strong></li>'
)
TONES = ("met", "grace", "not_yet", "overdue", "exempt", "unknown")


@dataclass(frozen=True)
class Dot:
    """A measured month on the drawing."""

    x: float
    y: float
    text: str


def heat(percent: float | None) -> str:
    """Return the CSS classes of a matrix cell; the number beside it says the same in figures."""
    if percent is None:
        return "cd-heat cd-heat--none"
    return f"cd-heat cd-heat--{sum(percent >= step for step in HEAT_STEPS)}"


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
        Dot(x, _height(value, maximum), f"{_number(value)}{unit}") if value is not None else None
        for x, (_, value) in zip(xs, points, strict=True)
    ]
    inside = _grid(maximum) + _runs(dots) + _target(target, target_label, unit, maximum)
    inside += _months(xs, [label for label, _ in points]) + _marks(dots)
    return _drawing("cd-chart cd-chart--trend", f"0 0 {TREND_WIDTH} {TREND_HEIGHT}", f"{title}. {desc}", inside)


def bars(
    rows: Sequence[tuple[str, float]],
    *,
    title: str,
    desc: str,
    target: float | None = None,
    unit: str = "%",
    maximum: float = 100,
) -> Markup:
    """Draw one horizontal bar per row, its name above and its figure at the end; a target is a line across."""
    inside, y = Markup(""), 0.0
    for label, value in rows:
        lines = textwrap.wrap(label, LABEL_LETTERS) or [""]
        inside += _bar_words(lines, f"{_number(value)}{unit}", y)
        y += BAR_LINE * len(lines) + 6
        inside += _bar(value, target, maximum, y)
        y += BAR_HEIGHT + 16
    return _drawing("cd-chart cd-chart--bars", f"0 0 {BARS_WIDTH} {max(y - 10, 1):g}", f"{title}. {desc}", inside)


def stacked_share(parts: Sequence[tuple[str, str, int]], *, title: str) -> Markup:
    """Draw how a whole divides, as one bar with its key in words and numbers; parts are (tone, label, count)."""
    total = sum(count for _, _, count in parts)
    segments, key, start = Markup(""), Markup(""), 0.0
    for tone, label, count in parts:
        colour = tone if tone in TONES else "unknown"
        width = 100 * count / total if total else 0.0
        segments += SEGMENT.format(colour, start, width)
        key += SHARE_KEY.format(colour, label, f"{count:,}")
        start += width
    bar = Markup(
        '<svg class="cd-share__bar" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>'
    ).format(title, segments)
    return Markup('<div class="cd-share">{}<ul class="cd-share__key">{}</ul></div>').format(bar, key)


def ring(value: float, *, label: str, size: int = 120, tone: str = "brand") -> Markup:
    """Draw a share of a whole as a ring with its figure inside; `value` is 0 to 100."""
    share = min(max(value, 0), 100)
    inside = Markup(
        '<circle class="cd-ring__track" cx="60" cy="60" r="{r}" stroke-width="12"/>'
        '<circle class="cd-ring__value" cx="60" cy="60" r="{r}" stroke-width="12" stroke-linecap="round"'
        ' pathLength="100" stroke-dasharray="{share:g} 100" stroke-opacity="{shown}" transform="rotate(-90 60 60)"/>'
        '<text class="cd-ring__text" x="60" y="61" font-size="28" text-anchor="middle" dominant-baseline="central">'
        "{text}%</text>"
    ).format(r=RING_RADIUS, share=share, shown=1 if share else 0, text=_number(value))
    return Markup(
        '<svg class="cd-ring cd-ring--{}" width="{}" height="{}" viewBox="0 0 120 120" direction="ltr" role="img"'
        ' aria-label="{}">{}</svg>'
    ).format(tone, size, size, label, inside)


def spark(numbers: Sequence[float], *, title: str) -> Markup:
    """Draw the shape of a few numbers, small enough for a table cell."""
    low, high = (min(numbers), max(numbers)) if numbers else (0.0, 0.0)
    step = 84 / max(len(numbers) - 1, 1)
    places = [(3 + step * place, 25 - 20 * ((value - low) / (high - low or 1))) for place, value in enumerate(numbers)]
    return Markup(
        '<svg class="cd-spark" width="90" height="28" viewBox="0 0 90 28" direction="ltr" role="img" aria-label="{}">'
        '<polyline class="cd-chart__line" points="{}"/></svg>'
    ).format(title, " ".join(f"{x:.1f},{y:.1f}" for x, y in places))


def _drawing(classes: str, box: str, words: str, inside: Markup) -> Markup:
    # An aria-label instead of title and desc: those need ids, and a chart may stand twice on a page.
    return Markup('<svg class="{}" viewBox="{}" direction="ltr" role="img" aria-label="{}">{}</svg>').format(
        classes, box, words, inside
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value - round(value)) < 0.05 else f"{value:,.1f}"


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
        line.format(left=LEFT, right=RIGHT, y=y, ty=y + 4, text=LEFT - 8, label=_number(value)) for value, y in steps
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


def _marks(dots: Sequence[Dot | None]) -> Markup:
    """A point per month; the first, the last and, where there is room, every figure in between is written."""
    known = [dot for dot in dots if dot is not None]
    drawn = Markup("")
    for place, dot in enumerate(known):
        last = place == len(known) - 1
        drawn += Markup('<circle class="cd-chart__point{}" cx="{:.1f}" cy="{:.1f}" r="4.5"/>').format(
            " cd-chart__point--last" if last else "", dot.x, dot.y
        )
        if last or place == 0 or len(known) <= MOST_LABELS:
            drawn += FIGURE.format("cd-chart__value", dot.x, dot.y - 11, "middle", dot.text)
    return drawn


def _months(xs: Sequence[float], labels: Sequence[str]) -> Markup:
    every = -(-len(labels) // MOST_LABELS) or 1
    shown = list(zip(xs, labels, strict=True))[::-1][::every]
    return Markup("").join(FIGURE.format("cd-chart__month", x, BOTTOM + 22, "middle", label) for x, label in shown)


def _target(target: float | None, label: str, unit: str, maximum: float) -> Markup:
    if target is None:
        return Markup("")
    y = _height(target, maximum)
    return Markup(
        '<line class="cd-chart__target" x1="{left}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}"/>'
        '<text class="cd-chart__target-text" x="{text}" y="{ty:.1f}" text-anchor="start">{label}</text>'
    ).format(left=LEFT, right=RIGHT, y=y, ty=y - 6, text=LEFT + 4, label=label or f"{_number(target)}{unit}")


def _bar_words(lines: Sequence[str], figure: str, y: float) -> Markup:
    words = Markup("").join(
        FIGURE.format("cd-chart__name", 0, y + BAR_LINE * (place + 1) - 4, "start", line)
        for place, line in enumerate(lines)
    )
    return words + FIGURE.format("cd-chart__value", BARS_WIDTH, y + BAR_LINE * len(lines) - 4, "end", figure)


def _bar(value: float, target: float | None, maximum: float, y: float) -> Markup:
    width = BARS_WIDTH * min(max(value, 0), maximum) / (maximum or 1)
    short = " cd-chart__bar--short" if target is not None and value < target else ""
    drawn = Markup(
        '<rect class="cd-chart__track" x="0" y="{y:g}" width="{full}" height="{h}" rx="6"/>'
        '<rect class="cd-chart__bar{short}" x="0" y="{y:g}" width="{width:.1f}" height="{h}" rx="6"/>'
    ).format(y=y, full=BARS_WIDTH, h=BAR_HEIGHT, short=short, width=width)
    if target is None:
        return drawn
    x = BARS_WIDTH * min(target, maximum) / (maximum or 1)
    return drawn + Markup('<line class="cd-chart__target" x1="{x:.1f}" x2="{x:.1f}" y1="{a:g}" y2="{b:g}"/>').format(
        x=x, a=y - 4, b=y + BAR_HEIGHT + 4
    )
