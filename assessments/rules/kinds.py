"""Kinds of question, and what each offers to the learner: nothing here knows a right answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["single", "multi", "truefalse", "short", "number", "match", "order", "scenario"]

KINDS: Final[tuple[Kind, ...]] = ("single", "multi", "truefalse", "short", "number", "match", "order", "scenario")
ONE_CHOICE: Final = frozenset({"single", "truefalse", "scenario"})
TRUE: Final = "true"
FALSE: Final = "false"


@dataclass(frozen=True, slots=True)
class Offered:
    """What a question puts before the learner.

    `options` are the ids to choose among, to match (the left side) or to put in order; `partners` are the ids on the
    right side of a matching question; `unit` may follow a number.
    """

    options: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an answer cannot be taken as it stands: a code, a sentence that says what to do, and what was sent."""

    code: str
    message: str
    sent: str = ""
