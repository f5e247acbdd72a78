"""Marking one answer (docs/rules.md, section 4.4): pure, exact, and the same whatever the order of options."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Final

from assessments.rules.keys import AnyOf, InOrder, Numbers, OneOf, Pairs, Question, Texts
from assessments.rules.responses import Chosen, Entered, Matched, Ordered, Response, Unanswered, Written

_NOTHING: Final = Fraction(0)
_ALL: Final = Fraction(1)
# Accents stand above or below a letter; vowel, voicing and tone signs of other scripts have lower classes and stay.
_FIRST_ACCENT_CLASS: Final = 200


class WrongAnswerType(TypeError):
    """An answer of one kind was to be marked with the key of another."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What an answer earned: `score` is a share from 0 to 1, `correct` means all of it.

    `by_option` names the options, left sides or items whose feedback belongs to this answer, each with whether that
    part was right. For a short text or a number it is empty: only the general feedback applies.
    """

    score: Fraction
    correct: bool
    by_option: Mapping[str, bool] = field(default_factory=dict)


def mark(question: Question, response: Response) -> Mark:
    """Mark an answer with the question's key; unanswered earns nothing."""
    match question.key, response:
        case _, Unanswered():
            return Mark(_NOTHING, False)
        case OneOf() as key, Chosen(options):
            return _mark_choice(key, options)
        case AnyOf() as key, Chosen(options):
            return _mark_choices(key, options)
        case Texts() as key, Written(text):
            return _all_or_nothing(normalised(text) in set(map(normalised, key.accepted)))
        case Numbers() as key, Entered(number):
            return _all_or_nothing(_within(key, number))
        case Pairs() as key, Matched(pairs):
            return _mark_pairs(key, dict(pairs))
        case InOrder() as key, Ordered(items):
            return _mark_order(key, items)
    raise WrongAnswerType(f"Question {question.id} is of kind {question.kind}, the answer {type(response).__name__}.")


def normalised(text: str) -> str:
    """Give a text the form in which answers are compared: without case, accents and needless spaces."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(sign for sign in decomposed if unicodedata.combining(sign) < _FIRST_ACCENT_CLASS)
    return " ".join(unicodedata.normalize("NFKC", bare).split())


def _all_or_nothing(right: bool) -> Mark:
    """Give the full mark or none."""
    return Mark(_ALL if right else _NOTHING, right)


def _within(key: Numbers, number: Decimal) -> bool:
    """Say whether a number lies in an accepted range."""
    return any(low <= number <= high for low, high in key.ranges)


def _mark_choice(key: OneOf, options: frozenset[str]) -> Mark:
    """Give the share of the one option chosen; more than one earns nothing."""
    if len(options) != 1:
        return Mark(_NOTHING, False, dict.fromkeys(sorted(options), False))
    (option,) = options
    weight = key.weights.get(option, _NOTHING)
    return Mark(max(_NOTHING, weight), weight == _ALL, {option: weight > 0})


def _mark_choices(key: AnyOf, options: frozenset[str]) -> Mark:
    """Add up the shares of the options ticked, from nothing to the full mark."""
    total = sum((key.weights.get(option, _NOTHING) for option in options), _NOTHING)
    reachable = key.reachable
    score = min(max(_NOTHING, total), reachable) / reachable
    return Mark(score, score == _ALL, {option: option in key.right for option in sorted(options)})


def _mark_pairs(key: Pairs, given: Mapping[str, str]) -> Mark:
    """Give the share of left sides that found their partner."""
    right = {left: given.get(left) == partner for left, partner in key.partners.items()}
    found = sum(right.values())
    return Mark(Fraction(found, len(right)), found == len(right), right)


def _mark_order(key: InOrder, items: tuple[str, ...]) -> Mark:
    """Give the share of steps directly followed by the step that comes next.

    Counting right places instead would give nothing to someone who knew the whole order but put one item first.
    """
    wanted = list(pairwise(key.items))
    given = set(pairwise(items)) if set(items) == set(key.items) and len(items) == len(key.items) else set()
    right = {second: (first, second) in given for first, second in wanted}
    opening = {key.items[0]: bool(given) and items[0] == key.items[0]}
    kept = sum(right.values())
    return Mark(Fraction(kept, len(wanted)), kept == len(wanted), opening | right)
