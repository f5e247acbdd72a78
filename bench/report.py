"""Figures beside their targets: a table for people, JSON for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

REACHED, MISSED = "reached", "NOT REACHED"


@dataclass(frozen=True)
class Figure:
    """One figure: what was aimed for, what was measured in this run, and how it came about."""

    name: str
    target: str
    measured: str
    is_reached: bool
    value: float
    note: str = ""


def at_least(
    name: str, value: float, target: float, unit: str, *, stretch: float | None = None, note: str = ""
) -> Figure:
    """A figure that should be large."""
    said = f"≥ {target:g}{unit}" + (f" (stretch {stretch:g}{unit})" if stretch is not None else "")
    return Figure(name, said, f"{value:.1f}{unit}", value >= target, value, note)


def at_most(name: str, value: float, target: float, unit: str, *, note: str = "") -> Figure:
    """A figure that should be small."""
    return Figure(
        name, f"≤ {target:g}{unit}", f"{value:.{0 if unit == '' else 1}f}{unit}", value <= target, value, note
    )


def none_of(name: str, found: Sequence[str], *, note: str = "") -> Figure:
    """Something that should not be there at all."""
    return Figure(
        name, "none", "none" if not found else str(len(found)), not found, len(found), note or "; ".join(found)
    )


def table(figures: Sequence[Figure]) -> str:
    """The figures in columns; what came about stands beneath each."""
    head = Figure("Figure", "Target", "Measured", True, 0)
    widths = [
        max(len(text) for text in column) for column in zip(*(_cells(one) for one in (head, *figures)), strict=True)
    ]
    lines = [_line((*_cells(head), "Verdict"), widths), "-" * (sum(widths) + 3 * 3 + len(MISSED))]
    for figure in figures:
        lines.append(_line((*_cells(figure), REACHED if figure.is_reached else MISSED), widths))
        if figure.note:
            lines.append(f"    {figure.note}")
    return "\n".join(lines)


def as_json(figures: Sequence[Figure]) -> dict[str, Any]:
    """The same for programs."""
    missed = [figure.name for figure in figures if not figure.is_reached]
    return {"figures": [asdict(figure) for figure in figures], "missed": missed}


def _cells(figure: Figure) -> tuple[str, str, str]:
    return figure.name, figure.target, figure.measured


def _line(texts: Sequence[str], widths: Sequence[int]) -> str:
    padded = [text.ljust(width) for text, width in zip(texts, widths, strict=False)]
    return "   ".join([*padded, *texts[len(widths) :]])
