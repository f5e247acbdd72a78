"""Charts without months: shares as bars, rings and heat, and the shape of a few numbers."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from markupsafe import Markup

from lms.web.charts.drawing import FIGURE, drawing, number

BARS_WIDTH, BAR_HEIGHT, BAR_LINE = 360, 12, 18
LABEL_LETTERS = 36
HEAT_STEPS = (40, 60, 75, 90)
RING_RADIUS = 50
SEGMENT = Markup('<rect class="cd-part--{}" x="{:.3f}" y="0" width="{:.3f}" height="8"/>')
SHARE_KEY = Markup(
    '<li><svg class="cd-key cd-key--{}" viewBox="0 0 12 12" aria-hidden="true">'
    '<rect width="12" height="12" rx="4"/></svg>{} <strong>{}</strong></li>'
)
TONES = ("met", "grace", "not_yet", "overdue", "exempt", "unknown")


def heat(percent: float | None) -> str:
    """Return the CSS classes of a matrix cell; the number beside it says the same in figures."""
    if percent is None:
        return "cd-heat cd-heat--none"
    return f"cd-heat cd-heat--{sum(percent >= step for step in HEAT_STEPS)}"


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
        inside += _bar_words(lines, f"{number(value)}{unit}", y)
        y += BAR_LINE * len(lines) + 6
        inside += _bar(value, target, maximum, y)
        y += BAR_HEIGHT + 16
    return drawing("cd-chart cd-chart--bars", f"0 0 {BARS_WIDTH} {max(y - 10, 1):g}", f"{title}. {desc}", inside)


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
    ).format(r=RING_RADIUS, share=share, shown=1 if share else 0, text=number(value))
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
