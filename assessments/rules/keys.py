"""Answer keys, one type for each way of marking; weights are shares of the full mark (1 = all of it)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal

from assessments.rules.kinds import FALSE, TRUE, Kind

Grade = Literal["best", "acceptable", "poor"]
GRADE_WEIGHTS: Final[Mapping[Grade, Fraction]] = {
    "best": Fraction(1),
    "acceptable": Fraction(1, 2),
    "poor": Fraction(0),
}


class UnusableKey(ValueError):
    """A key with which nobody could be marked fairly; the message says why and what to change."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """One option to choose, each with the share it earns."""

    weights: Mapping[str, Fraction]

    def __post_init__(self) -> None:
        """Make sure that exactly one option earns the full mark."""
        _check_weights(self.weights)
        if list(self.weights.values()).count(Fraction(1)) != 1:
            raise UnusableKey("Exactly one option must earn the full mark: mark one as right (or best).")


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Options to tick; the shares of those ticked add up, never below nothing nor above the full mark."""

    weights: Mapping[str, Fraction]

    def __post_init__(self) -> None:
        """Make sure that something can be earned."""
        _check_weights(self.weights)
        if not self.right:
            raise UnusableKey("No option earns anything: mark at least one as right.")

    @property
    def right(self) -> frozenset[str]:
        """The options that earn something."""
        return frozenset(option for option, weight in self.weights.items() if weight > 0)

    @property
    def reachable(self) -> Fraction:
        """What ticking exactly the right options adds up to: under 1 where a source rounded 1/3 to 33.3 %."""
        return min(Fraction(1), sum((self.weights[option] for option in self.right), Fraction(0)))


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts that are accepted; case, accents and spacing do not matter."""

    accepted: tuple[str, ...]

    def __post_init__(self) -> None:
        """Make sure that there is something to write."""
        if not self.accepted or not all(text.strip() for text in self.accepted):
            raise UnusableKey("An accepted answer is empty or missing: write at least one, each with some text.")


@dataclass(frozen=True, slots=True)
class Numbers:
    """Ranges that are accepted, both ends included; the unit may be written behind the number."""

    ranges: tuple[tuple[Decimal, Decimal], ...]
    unit: str = ""

    def __post_init__(self) -> None:
        """Make sure that every range has a lower and a higher end."""
        if not self.ranges:
            raise UnusableKey("No number is accepted: write at least one, such as = 3 ± 0.5.")
        for low, high in self.ranges:
            if not (low.is_finite() and high.is_finite() and low <= high):
                raise UnusableKey(f"The range {low} to {high} is empty: write the lower end first.")


@dataclass(frozen=True, slots=True)
class Pairs:
    """The right partner of every left side."""

    partners: Mapping[str, str]

    def __post_init__(self) -> None:
        """Make sure that pairs can be told apart."""
        if not self.partners or len(set(self.partners.values())) < len(self.partners):
            raise UnusableKey("Two left sides share a partner, or there is no pair: give each its own.")


@dataclass(frozen=True, slots=True)
class InOrder:
    """The items in their right order."""

    items: tuple[str, ...]

    def __post_init__(self) -> None:
        """Make sure that there is an order."""
        if len(self.items) < 2 or len(set(self.items)) < len(self.items):
            raise UnusableKey("An order needs at least two different items.")


Key = OneOf | AnyOf | Texts | Numbers | Pairs | InOrder
_KEY_OF: Final[Mapping[Kind, type[Key]]] = {
    "single": OneOf,
    "truefalse": OneOf,
    "scenario": OneOf,
    "multi": AnyOf,
    "short": Texts,
    "number": Numbers,
    "match": Pairs,
    "order": InOrder,
}


@dataclass(frozen=True, slots=True)
class Question:
    """A question as marking sees it: its kind, its key and what it is worth."""

    id: str
    kind: Kind
    key: Key
    points: Fraction = Fraction(1)
    objective: str | None = None
    competence: str | None = None

    def __post_init__(self) -> None:
        """Make sure that key and kind belong together and that there is something to earn."""
        check_key(self.kind, self.key)
        if self.points <= 0:
            raise UnusableKey(f"Question {self.id} is worth {self.points} points: give it more than 0.")


def check_key(kind: Kind, key: Key) -> None:
    """Make sure that a key can mark a kind of question; raises UnusableKey."""
    if kind not in _KEY_OF:
        raise UnusableKey(f"Kind {kind!r} is unknown: use one of {', '.join(_KEY_OF)}.")
    if not isinstance(key, _KEY_OF[kind]):
        raise UnusableKey(f"A question of kind {kind} needs a key of type {_KEY_OF[kind].__name__}.")
    if kind == "truefalse" and isinstance(key, OneOf) and set(key.weights) != {TRUE, FALSE}:
        raise UnusableKey(f"A true/false question has exactly the options {TRUE!r} and {FALSE!r}.")


def one_right(right: str, wrong: Collection[str]) -> OneOf:
    """Make the key of a question with one right option."""
    return OneOf({right: Fraction(1)} | {option: Fraction(0) for option in wrong})


def even_weights(right: Collection[str], wrong: Collection[str]) -> AnyOf:
    """Make the key of a question without stated weights: right ones share 1, wrong ones share −1."""
    if not right:
        raise UnusableKey("No option earns anything: mark at least one as right.")
    losses = {option: Fraction(-1, len(wrong)) for option in wrong}
    return AnyOf({option: Fraction(1, len(right)) for option in right} | losses)


def graded(grades: Mapping[str, Grade]) -> OneOf:
    """Make the key of a scenario: best earns all, acceptable half, poor nothing."""
    return OneOf({option: GRADE_WEIGHTS[grade] for option, grade in grades.items()})


def around(value: Decimal, tolerance: Decimal = Decimal(0)) -> tuple[Decimal, Decimal]:
    """Make the range of a value with a tolerance on either side."""
    return value - tolerance, value + tolerance


def _check_weights(weights: Mapping[str, Fraction]) -> None:
    """Make sure that there are options and that each weight is a share."""
    if not weights:
        raise UnusableKey("The question has no options: write at least two.")
    for option, weight in weights.items():
        if not -1 <= weight <= 1:
            raise UnusableKey(f"Option {option!r} has a weight of {weight}: write −100 to 100 percent.")
