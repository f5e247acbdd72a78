"""Questions and quizzes as their files tell them; points and weights are exact, numbers keep their written form."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Literal, get_args

from courses.formats.fields import Extra

Kind = Literal["single", "multi", "truefalse", "short", "number", "match", "order", "scenario", "open", "text"]
KINDS: tuple[Kind, ...] = get_args(Kind)
CHOICE_KINDS: tuple[Kind, ...] = ("single", "multi", "truefalse")
Grade = Literal["best", "acceptable", "poor"]
GRADES: tuple[Grade, ...] = get_args(Grade)
GRADE_SHARES: dict[Grade, Fraction] = {"best": Fraction(1), "acceptable": Fraction(1, 2), "poor": Fraction(0)}
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Option:
    """An option to choose; `weight` is in percent of the points, None where the file says nothing."""

    id: str
    text: str
    right: bool = False
    weight: Decimal | None = None
    feedback: str = ""
    line: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True)
class ScenarioChoice:
    """A way to act in a scenario, with its grade."""

    id: str
    text: str
    grade: Grade
    feedback: str = ""
    line: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True)
class Accepted:
    """A text that is accepted as an answer."""

    id: str
    text: str
    weight: Decimal | None = None
    feedback: str = ""
    line: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True)
class NumberRange:
    """A range of accepted numbers, both ends included; `written` is how the file says it."""

    id: str
    written: str
    low: Decimal
    high: Decimal
    weight: Decimal | None = None
    feedback: str = ""
    line: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True)
class Pair:
    """A left side and the right side that belongs to it."""

    id: str
    left: str
    right: str
    feedback: str = ""
    line: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True)
class OrderItem:
    """An item at its right place in an order."""

    id: str
    text: str
    feedback: str = ""
    line: int = field(default=0, compare=False, repr=False)


Answer = Option | ScenarioChoice | Accepted | NumberRange | Pair | OrderItem


@dataclass(frozen=True)
class Question:
    """One question; only the answers of its own kind are filled. `raw` is its text as it stood in the file."""

    id: str
    kind: Kind
    stem: str
    text: str = ""
    points: Decimal = Decimal(1)
    tags: tuple[str, ...] = ()
    competence: str = ""
    objective: str = ""
    unit: str = ""
    options: tuple[Option, ...] = ()
    choices: tuple[ScenarioChoice, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    ranges: tuple[NumberRange, ...] = ()
    pairs: tuple[Pair, ...] = ()
    items: tuple[OrderItem, ...] = ()
    feedback: str = ""
    model_answer: str = ""
    rubric: str = ""
    extras: tuple[tuple[str, str], ...] = ()
    line: int = field(default=0, compare=False, repr=False)
    raw: str = field(default="", compare=False, repr=False)

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Give the answers of whatever kind."""
        return (*self.options, *self.choices, *self.accepted, *self.ranges, *self.pairs, *self.items)


@dataclass(frozen=True)
class Quiz:
    """A quiz file; `head` and `lead` are its front matter and what stood before the first question."""

    id: str
    title: str
    pass_mark: int = 80
    attempts: int | None = None
    draw: int | None = None
    shuffle: bool = False
    time_limit: int | None = None
    intro: str = ""
    questions: tuple[Question, ...] = ()
    extras: tuple[Extra, ...] = ()
    head: str = field(default="", compare=False, repr=False)
    lead: str = field(default="", compare=False, repr=False)


def shares(question: Question) -> dict[str, Fraction]:
    """Give the share of the points that each choice earns, by its id, as exact fractions.

    Without weights the right options of a `multi` share the points evenly and the wrong ones lose them evenly.
    """
    if question.kind == "scenario":
        return {choice.id: GRADE_SHARES[choice.grade] for choice in question.choices}
    right = [option for option in question.options if option.right]
    wrong = len(question.options) - len(right)
    many = question.kind == "multi"
    gain = Fraction(1, len(right)) if many and right else Fraction(1)
    loss = Fraction(-1, wrong) if many and wrong else Fraction(0)
    return {
        option.id: (gain if option.right else loss) if option.weight is None else Fraction(option.weight) / 100
        for option in question.options
    }


def without_source(quiz: Quiz) -> Quiz:
    """Forget how the quiz stood in its file, so that all of it is written the one canonical way."""
    return replace(quiz, head="", lead="", questions=tuple(replace(one, raw="") for one in quiz.questions))
