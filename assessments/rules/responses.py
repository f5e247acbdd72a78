"""What a learner answered, read strictly from a form: nothing here knows a right answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from assessments.rules.kinds import ONE_CHOICE, Kind, Offered, Problem
from assessments.rules.numbers import read_number

LONGEST_TEXT: Final = 500


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Nothing was answered."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The options ticked."""

    options: frozenset[str]


@dataclass(frozen=True, slots=True)
class Written:
    """A short text."""

    text: str


@dataclass(frozen=True, slots=True)
class Entered:
    """A number."""

    number: Decimal


@dataclass(frozen=True, slots=True)
class Matched:
    """Pairs of left and right id, sorted by the left one; a left side without a partner is missing."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Ordered:
    """All items, in the order given."""

    items: tuple[str, ...]


Response = Unanswered | Chosen | Written | Entered | Matched | Ordered
FormValues = Sequence[str] | Mapping[str, str]


def read_response(kind: Kind, values: FormValues, offered: Offered) -> Response | Problem:
    """Read an answer from form values; whatever was not offered is refused.

    Choices and order: a list of ids. Text and number: a list of one. Matching: left id → right id. Order may also
    come as item id → place, counted from 1. Blank values count as not given.
    """
    if isinstance(values, Mapping):
        given = {name: value.strip() for name, value in values.items() if value.strip()}
        if kind == "match":
            return _read_pairs(given, offered)
        return _read_places(given, offered) if kind == "order" else _wrong_shape(kind)
    if kind == "match":
        return _wrong_shape(kind)
    sent = [value.strip() for value in values if value.strip()]
    return _read_list(kind, sent, offered) if sent else Unanswered()


def _wrong_shape(kind: Kind) -> Problem:
    """Refuse values that this kind of question does not send."""
    return Problem("wrong_shape", f"The answer does not have the form of a question of kind {kind}: send it again.")


def _read_list(kind: Kind, sent: list[str], offered: Offered) -> Response | Problem:
    """Read an answer that came as a list of at least one value."""
    if kind == "multi":
        return _unknown(sent, offered.options) or _repeated(sent) or Chosen(frozenset(sent))
    if kind == "order":
        return _read_order(sent, offered)
    if len(sent) > 1:
        return Problem("one_answer_only", "Give one answer only.", ", ".join(sent))
    if kind in ONE_CHOICE:
        return _unknown(sent, offered.options) or Chosen(frozenset(sent))
    return _read_text(sent[0]) if kind == "short" else _read_entry(sent[0], offered.unit)


def _unknown(sent: Sequence[str], offered: Sequence[str]) -> Problem | None:
    """Find an id that was not offered."""
    for name in sent:
        if name not in offered:
            return Problem("unknown_option", f"The question has no option {name!r}: load the page again.", name)
    return None


def _repeated(sent: Sequence[str]) -> Problem | None:
    """Find an id that was sent twice."""
    for name, times in Counter(sent).items():
        if times > 1:
            return Problem("repeated_option", f"Option {name!r} was sent {times} times: send it once.", name)
    return None


def _read_text(text: str) -> Written | Problem:
    """Read a short text."""
    if len(text) > LONGEST_TEXT:
        return Problem("text_too_long", f"Write at most {LONGEST_TEXT} characters.", text[:LONGEST_TEXT])
    return Written(text)


def _read_entry(text: str, unit: str) -> Entered | Problem:
    """Read a number."""
    number = read_number(text, unit)
    return number if isinstance(number, Problem) else Entered(number)


def _read_pairs(given: Mapping[str, str], offered: Offered) -> Response | Problem:
    """Read the partner chosen for each left side."""
    unknown = _unknown(list(given), offered.options) or _unknown(list(given.values()), offered.partners)
    if unknown or not given:
        return unknown or Unanswered()
    return Matched(tuple(sorted(given.items())))


def _read_order(sent: list[str], offered: Offered) -> Response | Problem:
    """Read all items in the order sent."""
    problem = _unknown(sent, offered.options) or _repeated(sent)
    if problem:
        return problem
    if len(sent) < len(offered.options):
        return Problem("incomplete_order", f"Give all {len(offered.options)} items a place.", ", ".join(sent))
    return Ordered(tuple(sent))


def _read_places(given: Mapping[str, str], offered: Offered) -> Response | Problem:
    """Read the place given to each item."""
    unknown = _unknown(list(given), offered.options)
    if unknown or not given:
        return unknown or Unanswered()
    places = {str(place): place for place in range(1, len(offered.options) + 1)}
    for item, place in given.items():
        if place not in places:
            return Problem("unknown_place", f"Give {item!r} a place from 1 to {len(places)}.", place)
    if len(set(given.values())) < len(given):
        return Problem("repeated_place", "Two items have the same place: give each its own.")
    return _read_order(sorted(given, key=lambda item: places[given[item]]), offered)
