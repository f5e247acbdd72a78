"""Answers and keys in the words of xAPI interaction activities (xAPI 2.0, 4.2.2 and Appendix C)."""

from __future__ import annotations

from typing import Final

from assessments.rules.keys import AnyOf, InOrder, Key, Numbers, OneOf, Pairs, Texts, check_key
from assessments.rules.kinds import Kind
from assessments.rules.numbers import write_number
from assessments.rules.responses import Chosen, Entered, Matched, Ordered, Response, Unanswered, Written

INTERACTION_TYPES: Final[dict[Kind, str]] = {
    "single": "choice",
    "multi": "choice",
    "scenario": "choice",
    "truefalse": "true-false",
    "short": "fill-in",
    "number": "numeric",
    "match": "matching",
    "order": "sequencing",
}
_NEXT: Final = "[,]"
_PARTNER: Final = "[.]"
_TO: Final = "[:]"


def interaction_type(kind: Kind) -> str:
    """Give the interaction type of a kind of question."""
    return INTERACTION_TYPES[kind]


def xapi_response(kind: Kind, response: Response) -> str:
    """Write an answer as the `response` of a result; empty if unanswered."""
    match response:
        case Unanswered():
            return ""
        case Chosen(options):
            return _NEXT.join(sorted(options))
        case Written(text):
            return text
        case Entered(number):
            return write_number(number)
        case Matched(pairs):
            return _NEXT.join(left + _PARTNER + right for left, right in pairs)
        case Ordered(items):
            return _NEXT.join(items)


def correct_responses_pattern(kind: Kind, key: Key) -> list[str]:
    """Write a key as the `correctResponsesPattern` of a definition: each entry is one fully right answer."""
    check_key(kind, key)
    match key:
        case OneOf(weights):
            return [option for option, weight in weights.items() if weight == 1]
        case AnyOf():
            return [_NEXT.join(sorted(key.right))]
        case Texts(accepted):
            return list(accepted)
        case Numbers(ranges):
            return [_range(write_number(low), write_number(high)) for low, high in ranges]
        case Pairs(partners):
            return [_NEXT.join(left + _PARTNER + right for left, right in sorted(partners.items()))]
        case InOrder(items):
            return [_NEXT.join(items)]


def _range(low: str, high: str) -> str:
    """Write one number plainly and a range with its delimiter."""
    return low if low == high else low + _TO + high
