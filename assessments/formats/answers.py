"""The answer lines of a question, read by its kind and written back."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from assessments.formats.model import (
    GRADES,
    LETTERS,
    Accepted,
    Answer,
    Kind,
    NumberRange,
    Option,
    OrderItem,
    Pair,
    ScenarioChoice,
)

_OPTION = re.compile(r"- \[(?P<mark>[ xX])\](?: (?P<text>.*)|$)")
_CHOICE = re.compile(r"- \[(?P<mark>best|acceptable|poor)\](?: (?P<text>.*)|$)")
_ACCEPTED = re.compile(r"=(?: (?P<text>.*)|$)")
_PAIR = re.compile(r"- (?P<text>\S.*? => .*)")
_ITEM = re.compile(r"(?P<mark>[0-9]{1,3})\.(?: (?P<text>.*)|$)")
PATTERNS: dict[Kind, re.Pattern[str]] = {
    "single": _OPTION,
    "multi": _OPTION,
    "truefalse": _OPTION,
    "short": _ACCEPTED,
    "number": _ACCEPTED,
    "match": _PAIR,
    "order": _ITEM,
    "scenario": _CHOICE,
}
LOOKS_LIKE_ANSWER = re.compile(r"- \[(?: |x|X||best|acceptable|poor)\] |= ")
_WEIGHT = re.compile(r"[ \t]*\{weight=(-?[0-9]{1,3}(?:\.[0-9]{1,10})?)\}$")
_FIGURE = r"[-−]?[0-9]{1,15}(?:\.[0-9]{1,10})?"
_NEAR = re.compile(rf"({_FIGURE})\s*(?:±|\+-|\+/-)\s*([0-9]{{1,15}}(?:\.[0-9]{{1,10}})?)")
_BETWEEN = re.compile(rf"({_FIGURE})\s*\.\.\s*({_FIGURE})")
_EXACT = re.compile(_FIGURE)


@dataclass
class Draft:
    """An answer as its lines: the mark before it, its text, its weight and its feedback."""

    line: int
    mark: str
    lines: list[str]
    weight: Decimal | None = None
    feedback: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Give the text of the answer, on as many lines as it has."""
        return "\n".join(self.lines)


def start_answer(kind: Kind, number: int, line: str) -> Draft | None:
    """Start an answer where a line begins one of this kind."""
    pattern = PATTERNS.get(kind)
    found = pattern.fullmatch(line) if pattern else None
    if not found:
        return None
    text = (found["text"] or "").strip()
    weight = _WEIGHT.search(text) if kind in ("single", "multi", "short", "number") else None
    if weight:
        text = text[: weight.start()].rstrip()
    mark = found["mark"] if "mark" in found.groupdict() else ""
    return Draft(number, mark, [text], Decimal(weight[1]) if weight else None)


def finish_answers(kind: Kind, drafts: Sequence[Draft]) -> tuple[Answer, ...]:
    """Make the typed answers of their drafts; a number that cannot be read is left out."""
    make = _MAKERS[kind]
    made = (make(LETTERS[at % len(LETTERS)], draft, "\n".join(draft.feedback)) for at, draft in enumerate(drafts))
    return tuple(answer for answer in made if answer is not None)


def _option(letter: str, draft: Draft, feedback: str) -> Answer:
    return Option(letter, draft.text, draft.mark in "xX", draft.weight, feedback, draft.line)


def _choice(letter: str, draft: Draft, feedback: str) -> Answer:
    grade = next(grade for grade in GRADES if grade == draft.mark)
    return ScenarioChoice(letter, draft.text, grade, feedback, draft.line)


def _accepted(letter: str, draft: Draft, feedback: str) -> Answer:
    return Accepted(letter, draft.text, draft.weight, feedback, draft.line)


def _pair(letter: str, draft: Draft, feedback: str) -> Answer:
    left, _, right = draft.text.partition(" => ")
    return Pair(letter, left.strip(), right.strip(), feedback, draft.line)


def _item(letter: str, draft: Draft, feedback: str) -> Answer:
    return OrderItem(letter, draft.text, feedback, draft.line)


def _range(letter: str, draft: Draft, feedback: str) -> Answer | None:
    found = read_range(draft.text)
    return found and NumberRange(letter, *found, draft.weight, feedback, draft.line)


_MAKERS: dict[Kind, Callable[[str, Draft, str], Answer | None]] = {
    "single": _option,
    "multi": _option,
    "truefalse": _option,
    "scenario": _choice,
    "short": _accepted,
    "number": _range,
    "match": _pair,
    "order": _item,
}


def read_range(text: str) -> tuple[str, Decimal, Decimal] | None:
    """Read `3 ± 0.5`, `4..5` or `72`: the text in its one form, its lower and its higher end."""
    if near := _NEAR.fullmatch(text):
        value, reach = _figure(near[1]), Decimal(near[2])
        return f"{value:f} ± {reach:f}", value - reach, value + reach
    if between := _BETWEEN.fullmatch(text):
        low, high = _figure(between[1]), _figure(between[2])
        return f"{low:f}..{high:f}", low, high
    if _EXACT.fullmatch(text):
        value = _figure(text)
        return f"{value:f}", value, value
    return None


def _figure(text: str) -> Decimal:
    return Decimal(text.replace("−", "-"))


def number_range(written: str, *, letter: str = "a", feedback: str = "") -> NumberRange:
    """Make the range of accepted numbers of its written form; raises ValueError when it cannot be read."""
    found = read_range(written)
    if found is None:
        raise ValueError(f"“{written}” is no number or range; write 72, 3 ± 0.5 or 4..5.")
    return NumberRange(letter, *found, feedback=feedback)


def write_answer(answer: Answer, position: int) -> list[str]:
    """Write one answer with its feedback; `position` counts from 1."""
    first, *more = _marked(answer, position).split("\n")
    lines = [first, *("  " + line for line in more)]
    if answer.feedback:
        lines += [f"  > {line}" if line else "  >" for line in answer.feedback.split("\n")]
    return lines


def _marked(answer: Answer, position: int) -> str:
    match answer:
        case Option():
            return f"- [{'x' if answer.right else ' '}] {_with_weight(answer.text, answer.weight)}"
        case ScenarioChoice():
            return f"- [{answer.grade}] {answer.text}"
        case Accepted():
            return f"= {_with_weight(answer.text, answer.weight)}"
        case NumberRange():
            return f"= {_with_weight(answer.written, answer.weight)}"
        case Pair():
            return f"- {answer.left} => {answer.right}"
        case OrderItem():
            return f"{position}. {answer.text}"


def _with_weight(text: str, weight: Decimal | None) -> str:
    if weight is None:
        return text
    first, *more = text.split("\n")
    return "\n".join([f"{first} {{weight={weight:f}}}", *more])
