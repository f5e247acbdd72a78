"""How Valdora's people answer: rightly with a probability of their own, and otherwise as people err."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from assessments.rules.keys import AnyOf, InOrder, Key, Numbers, OneOf, Pairs, Texts
from assessments.rules.numbers import write_number

Answer = Sequence[str] | Mapping[str, str]


def answer(rng: random.Random, key: Key, *, knows: bool) -> Answer:
    """The form values of an answer, right or wrong."""
    match key:
        case OneOf(weights=weights):
            best = max(weights, key=lambda option: weights[option])
            return [best if knows else rng.choice([option for option in weights if option != best])]
        case AnyOf(weights=weights):
            right = [option for option, weight in weights.items() if weight > 0]
            return right if knows else right[:1]
        case Texts(accepted=accepted):
            return [next(iter(accepted)) if knows else "I am not sure"]
        case Numbers(ranges=ranges):
            low = ranges[0][0]
            return [write_number(low if knows else low + 7)]
        case Pairs(partners=partners):
            return dict(partners) if knows else _crossed(partners)
        case InOrder(items=items):
            return list(items) if knows else [*items[1:], items[0]]


def _crossed(partners: Mapping[str, str]) -> dict[str, str]:
    """Every left item with its neighbour's partner."""
    rights = list(partners.values())
    return dict(zip(partners, [*rights[1:], rights[0]], strict=True))
