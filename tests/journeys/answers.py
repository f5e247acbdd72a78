"""The right answers of a quiz as its author wrote them, found again on a page by the words of stem and options."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from assessments.formats import Question, read_quiz
from tests.house.source import ROOT

SECURITY_CHECK = ROOT / "courses" / "library" / "sec-201" / "modules" / "60-check-what-you-know" / "check.md"
FAR_OFF = 1000


@dataclass(frozen=True)
class Reply:
    """What to tick, write, match or put in order."""

    ticks: tuple[str, ...] = ()
    written: str = ""
    pairs: dict[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ()


class AnswerBook:
    """A quiz with its key, opened at the question that a page shows."""

    def __init__(self, path: Path = SECURITY_CHECK) -> None:
        quiz, issues = read_quiz(path.name, path.read_bytes())
        assert quiz is not None, issues
        self._questions = {words(question.stem): question for question in quiz.questions}

    def right(self, stem: str) -> Reply:
        """What earns all points."""
        question = self._questions[words(stem)]
        return Reply(
            ticks=tuple(words(one.text) for one in question.options if one.right)
            + tuple(words(one.text) for one in question.choices if one.grade == "best"),
            written=_written(question),
            pairs={words(pair.left): words(pair.right) for pair in question.pairs},
            order=tuple(words(item.text) for item in question.items),
        )

    def wrong(self, stem: str) -> Reply:
        """What earns nothing."""
        question = self._questions[words(stem)]
        lefts, rights = [pair.left for pair in question.pairs], [pair.right for pair in question.pairs]
        ticks = [one.text for one in question.options if not one.right]
        ticks += [one.text for one in question.choices if one.grade == "poor"]
        return Reply(
            ticks=tuple(words(text) for text in ticks[:1]),
            written=str(question.ranges[0].high + FAR_OFF) if question.ranges else "nothing of the kind",
            pairs={words(left): words(right) for left, right in zip(lefts, rights[1:] + rights[:1], strict=True)},
            order=tuple(words(item.text) for item in reversed(question.items)),
        )


def words(text: str) -> str:
    """A text by its words alone, so that marks of emphasis, code and quotation make no difference."""
    return " ".join(re.findall(r"\w+", text.lower()))


def _written(question: Question) -> str:
    if question.ranges:
        return str(question.ranges[0].low)
    return question.accepted[0].text if question.accepted else ""
