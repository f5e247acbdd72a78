"""What every chart is made of: its frame with the sentence it speaks, its words and its figures."""

from __future__ import annotations

from markupsafe import Markup

FIGURE = Markup('<text class="{}" x="{:g}" y="{:g}" text-anchor="{}">{}</text>')


def drawing(classes: str, box: str, words: str, inside: Markup) -> Markup:
    """Frame a drawing and say it in words."""
    # An aria-label instead of title and desc: those need ids, and a chart may stand twice on a page.
    return Markup('<svg class="{}" viewBox="{}" direction="ltr" role="img" aria-label="{}">{}</svg>').format(
        classes, box, words, inside
    )


def number(value: float) -> str:
    """A figure as it is written: without a decimal where it needs none."""
    return f"{value:,.0f}" if abs(value - round(value)) < 0.05 else f"{value:,.1f}"
