"""One question as text: header, further text, answers, and the blocks behind them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from assessments.formats.answers import (
    LOOKS_LIKE_ANSWER,
    PATTERNS,
    Draft,
    finish_answers,
    read_range,
    start_answer,
    write_answer,
)
from assessments.formats.checks import check_question
from assessments.formats.header import read_header, write_header
from assessments.formats.model import Accepted, NumberRange, Option, OrderItem, Pair, Question, ScenarioChoice
from courses.formats.blocks import outside_code
from courses.formats.issues import Issue, has_errors

HEADER = "## "
_NAMED = re.compile(r":{3,}[ \t]*(feedback|model|rubric)[ \t]*")
_CLOSE = re.compile(r":{3,}[ \t]*")
_FEEDBACK_LINE = re.compile(r"[ \t]{2,}>(?: (.*)|(.*))")
BlockName = Literal["feedback", "model", "rubric"]
BLOCK_NAMES: tuple[BlockName, ...] = ("feedback", "model", "rubric")


class NotWritable(ValueError):
    """A question whose text would be read back as another one; the message says which."""


def read_question(file: str, text: str, first_line: int = 1) -> tuple[Question | None, list[Issue]]:
    """Read one question; None exactly when an issue is an error."""
    question, issues = parse_question(file, text, first_line)
    if question is not None:
        issues += check_question(file, question)
    return (None if has_errors(issues) else question), issues


def parse_question(file: str, text: str, first_line: int = 1) -> tuple[Question | None, list[Issue]]:
    """Read the text of one question, whether or not the question can be used."""
    lines = list(outside_code(text.removesuffix("\n") + "\n"))
    question, issues = read_header(file, first_line, lines[0][1])
    if question is None:
        return None, issues
    reader = _Body(file, question, first_line - 1)
    for number, line, readable in lines[1:]:
        if readable and line.startswith(HEADER):
            reader.found(number, "HEADER_INSIDE", "A line with ## starts a question; use ### for a heading inside one.")
        reader.take(number, line, readable)
    if not lines[-1][2]:
        message = "A piece of code is never closed in this question; close it with the same marks that open it."
        issues.append(Issue(file, first_line, "UNCLOSED_CODE", message))
    question = reader.finish(question)
    return replace(question, raw=text), issues + reader.issues


class _Body:
    """Sorts the lines under a header into text, answers and blocks."""

    def __init__(self, file: str, question: Question, offset: int) -> None:
        self.file, self.kind, self.offset = file, question.kind, offset
        self.issues: list[Issue] = []
        self.text: list[str] = []
        self.drafts: list[Draft] = []
        self.blocks: dict[str, list[str]] = {}
        self.block: str | None = None
        self.opened_at = 0

    def found(self, number: int, code: str, message: str) -> None:
        """Note an error at a line of the question."""
        self.issues.append(Issue(self.file, number + self.offset, code, message))

    def take(self, number: int, line: str, readable: bool) -> None:
        """Take one more line."""
        if self.block is not None:
            self._in_block(line, readable)
        elif readable and (named := _NAMED.fullmatch(line)):
            self._open(named[1], number)
        elif self.blocks:
            if line.strip():
                message = "Behind the blocks of a question nothing may stand; move this line above the answers."
                self.found(number, "STRAY_LINE", message)
        elif self.drafts:
            self._behind_answer(number, line, readable)
        else:
            self._text_or_answer(number, line, readable)

    def _open(self, name: str, number: int) -> None:
        if name in self.blocks:
            self.found(number, "BLOCK_TWICE", f"The question has two `{name}` blocks; make them one.")
        self.block, self.opened_at = name, number
        self.blocks.setdefault(name, [])

    def _in_block(self, line: str, readable: bool) -> None:
        if readable and _CLOSE.fullmatch(line):
            self.block = None
        elif self.block is not None:
            self.blocks[self.block].append(line)

    def _text_or_answer(self, number: int, line: str, readable: bool) -> None:
        draft = start_answer(self.kind, number + self.offset, line) if readable else None
        if draft:
            self.drafts.append(draft)
        elif readable and self.kind in PATTERNS and LOOKS_LIKE_ANSWER.match(line):
            self.found(number, "ANSWER_LINE", f"This answer line does not fit a .{self.kind} question.")
        else:
            self.text.append(line)

    def _behind_answer(self, number: int, line: str, readable: bool) -> None:
        draft = start_answer(self.kind, number + self.offset, line) if readable else None
        last = self.drafts[-1]
        if draft:
            self.drafts.append(draft)
        elif not readable:
            last.lines.append(line.removeprefix("  "))
        elif feedback := _FEEDBACK_LINE.fullmatch(line):
            last.feedback.append(feedback[1] if feedback[1] is not None else feedback[2])
        elif line.startswith("  ") and line.strip() and not last.feedback:
            last.lines.append(line[2:])
        elif line.strip():
            message = "This line is neither an answer nor feedback (`  > …`); move it above the answers."
            self.found(number, "STRAY_LINE", message)

    def finish(self, question: Question) -> Question:
        """Put everything into the question."""
        if self.block is not None:
            message = f"The block `{self.block}` is never closed; write ::: alone on a line where it ends."
            self.found(self.opened_at, "UNCLOSED_BLOCK", message)
        self._check_drafts()
        answers = finish_answers(self.kind, self.drafts) if self.kind in PATTERNS else ()
        return replace(
            question,
            text=trimmed(self.text),
            options=tuple(one for one in answers if isinstance(one, Option)),
            choices=tuple(one for one in answers if isinstance(one, ScenarioChoice)),
            accepted=tuple(one for one in answers if isinstance(one, Accepted)),
            ranges=tuple(one for one in answers if isinstance(one, NumberRange)),
            pairs=tuple(one for one in answers if isinstance(one, Pair)),
            items=tuple(one for one in answers if isinstance(one, OrderItem)),
            feedback=trimmed(self.blocks.get("feedback", [])),
            model_answer=trimmed(self.blocks.get("model", [])),
            rubric=trimmed(self.blocks.get("rubric", [])),
        )

    def _check_drafts(self) -> None:
        for position, draft in enumerate(self.drafts, start=1):
            number = draft.line - self.offset
            if self.kind == "number" and read_range(draft.text) is None:
                message = f"“{draft.text[:60]}” is no number; write 72, 3 ± 0.5 or 4..5, with a point for decimals."
                self.found(number, "NOT_A_NUMBER", message)
            if self.kind == "order" and draft.mark != str(position):
                message = f"The items are numbered 1, 2, 3 …; write {position} here."
                self.found(number, "ORDER_NUMBERS", message)


def trimmed(lines: list[str]) -> str:
    """Join lines without the blank ones at either end."""
    first = next((at for at, line in enumerate(lines) if line.strip()), len(lines))
    last = next((at for at in range(len(lines), first, -1) if lines[at - 1].strip()), first)
    return "\n".join(lines[first:last])


def write_question(question: Question) -> str:
    """Write a question: as it stood where it did not change, else in the one canonical form.

    Raises NotWritable where the text would not say the same.
    """
    if question.raw and parse_question("", question.raw)[0] == question:
        return question.raw
    text = _canonical(question)
    again, issues = parse_question("", text)
    if again != question or issues:
        reason = f": {issues[0].message}" if issues else "; take out marks that the format uses for itself."
        raise NotWritable(f"The question {question.id} cannot be written as text{reason}")
    return text


def _canonical(question: Question) -> str:
    parts = [write_header(question), question.text]
    lines = [line for at, answer in enumerate(question.answers, start=1) for line in write_answer(answer, at)]
    parts.append("\n".join(lines))
    blocks = (question.feedback, question.model_answer, question.rubric)
    parts += [f"::: {name}\n{text}\n:::" for name, text in zip(BLOCK_NAMES, blocks, strict=True) if text]
    return "\n\n".join(part for part in parts if part) + "\n"
