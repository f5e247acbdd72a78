"""Rounding, for display only (docs/rules.md, section 2.2)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction


def round_half_up(value: Fraction | int, digits: int = 1) -> Decimal:
    """Round an exact figure to so many decimals, halves away from zero."""
    scaled = abs(Fraction(value)) * 10**digits
    whole = int(scaled + Fraction(1, 2))
    return Decimal(-whole if value < 0 else whole).scaleb(-digits)


def ratio(part: int, whole: int) -> Fraction | None:
    """Divide exactly; no denominator gives None, never 0 or 1."""
    return Fraction(part, whole) if whole else None
