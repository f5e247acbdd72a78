"""Numbers and truths: they stand without quotes (xAPI 2.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms.xapi.rules.validate.flaws import Flaw, kind

_NUMBERS = frozenset({int, float})


def boolean(value: Any) -> None:
    """True or false, not in quotes."""
    if not isinstance(value, bool):
        raise Flaw(f"must be true or false without quotes, not {kind(value)}.")


def number(value: Any) -> None:
    """A number."""
    if type(value) not in _NUMBERS:  # a truth is an int, too, but not of that type
        raise Flaw(f"must be a number, not {kind(value)}.")


def scaled(value: Any) -> None:
    """A number from -1 to 1."""
    number(value)
    if not -1 <= value <= 1:
        raise Flaw(f"is {value}: it must be between -1 and 1.")


def length(value: Any) -> None:
    """A number of bytes."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise Flaw("must be a whole number of bytes, 0 or more.")


def score_in_order(score: Mapping[str, Any]) -> None:
    """The lowest possible is beneath the highest, and what was reached lies between."""
    low, raw, high = score.get("min"), score.get("raw"), score.get("max")
    if low is not None and high is not None and low >= high:
        raise Flaw(f"is {low}: it must be less than max, which is {high}.", "min")
    if raw is not None and ((low is not None and raw < low) or (high is not None and raw > high)):
        raise Flaw(f"is {raw}: it must lie between min and max.", "raw")
