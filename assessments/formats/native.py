"""The native quiz file: read question by question, and written back to the byte where nothing changed."""

from __future__ import annotations

from assessments.formats.checks import draw_faults
from assessments.formats.model import Question, Quiz
from assessments.formats.questions import HEADER, NotWritable, read_question, trimmed, write_question
from courses.formats.blocks import outside_code
from courses.formats.fields import Fields
from courses.formats.frontmatter import Sheet, changed_head, decode, split_text, write_head
from courses.formats.issues import Issue, has_errors, in_reading_order
from courses.formats.steps import extra_entries
from courses.formats.yamltext import Node, Scalar
from courses.formats.yamlwriter import number_node, text_node

QUIZ_KIND = "quiz"
LONGEST_QUIZ = 600


def read_quiz(path: str, raw: bytes) -> tuple[Quiz | None, list[Issue]]:
    """Read a quiz file; the quiz is None exactly when an issue is an error."""
    text, issues = decode(path, raw)
    if text is None:
        return None, issues
    sheet, faults = split_text(path, text)
    issues += faults
    if sheet.settings is None:
        if not faults:
            message = "The file has no front matter; start it with `---`, `id: …`, `kind: quiz`, `title: …`, `---`."
            issues.append(Issue(path, 1, "FRONT_MATTER_MISSING", message))
        return None, issues
    fields = Fields(path, sheet.settings, issues, what="quiz")
    lead, pieces = _cut(sheet)
    questions = _questions(path, pieces, issues)
    quiz = _quiz(fields, sheet, lead, questions)
    _check(fields, quiz, len(pieces))
    return (None if has_errors(issues) else quiz), in_reading_order(issues)


def _cut(sheet: Sheet) -> tuple[str, list[tuple[int, str]]]:
    """Cut a body into what stands before the first question, and the questions with their lines."""
    starts = [number for number, line, readable in outside_code(sheet.body) if readable and line.startswith(HEADER)]
    lines = sheet.body.split("\n")
    lines = [line + "\n" for line in lines[:-1]] + lines[-1:]
    ends = [*(start - 1 for start in starts[1:]), len(lines)]
    pieces = (
        [
            (start + sheet.body_line - 1, "".join(lines[start - 1 : end]))
            for start, end in zip(starts, ends, strict=True)
        ]
        if starts
        else []
    )
    return "".join(lines[: starts[0] - 1] if starts else lines), pieces


def _questions(path: str, pieces: list[tuple[int, str]], issues: list[Issue]) -> tuple[Question, ...]:
    questions: list[Question] = []
    for line, text in pieces:
        question, faults = read_question(path, text, line)
        issues += faults
        if question is None:
            continue
        if any(question.id == other.id for other in questions):
            message = f"The question id “{question.id[:60]}” stands twice; every question has its own."
            issues.append(Issue(path, line, "DUPLICATE_ID", message))
        questions.append(question)
    return tuple(questions)


def _quiz(fields: Fields, sheet: Sheet, lead: str, questions: tuple[Question, ...]) -> Quiz:
    """Type the front matter of a quiz and put its parts together."""
    fields.choice("kind", (QUIZ_KIND,), "BAD_KIND", "error")
    return Quiz(
        id=fields.slug("id", "quiz"),
        title=fields.text("title", "error"),
        pass_mark=fields.number("pass_mark", 0, 100, "error") or 0,
        attempts=fields.number("attempts", 1, 1000),
        draw=fields.number("draw", 1, 1000),
        shuffle=fields.truth("shuffle"),
        time_limit=fields.number("time_limit", 1, LONGEST_QUIZ),
        intro=trimmed(lead.replace("\r\n", "\n").split("\n")),
        questions=questions,
        extras=fields.extras(),
        head=sheet.head,
        lead=lead,
    )


def _check(fields: Fields, quiz: Quiz, found: int) -> None:
    if not found:
        message = "The quiz has no question; add one: `## Stem {#q-name .single points=1}` and its answers."
        fields.found(1, "NO_QUESTIONS", message)
    if quiz.draw is not None and len(quiz.questions) == found:
        for code, message in draw_faults(quiz.questions, quiz.draw):
            fields.found(fields.line_of("draw"), code, message)


def _entries(quiz: Quiz) -> list[tuple[str, Node]]:
    """Give the front matter of a quiz in its canonical order."""
    entries: list[tuple[str, Node]] = [
        ("id", text_node(quiz.id)),
        ("kind", Scalar(QUIZ_KIND)),
        ("title", text_node(quiz.title)),
        ("pass_mark", number_node(quiz.pass_mark)),
    ]
    optional = (("attempts", quiz.attempts), ("draw", quiz.draw))
    entries += [(key, number_node(number)) for key, number in optional if number is not None]
    if quiz.shuffle:
        entries.append(("shuffle", Scalar("true")))
    if quiz.time_limit is not None:
        entries.append(("time_limit", number_node(quiz.time_limit)))
    return entries + extra_entries(quiz.extras)


def write_quiz(quiz: Quiz) -> bytes:
    """Write a quiz: what did not change stays to the byte, the rest is written in the one canonical form."""
    body = _joined([_lead(quiz), *(write_question(question) for question in quiz.questions)])
    entries = _entries(quiz)
    if not quiz.head:
        return (write_head(entries, body) + body).encode("utf-8")
    sheet, _ = split_text("", quiz.head)
    before = _entries(_quiz(Fields("", sheet.settings, []), sheet, "", ())) if sheet.settings is not None else []
    head = changed_head(quiz.head, before, entries, body) if before else write_head(entries, body)
    return (head + body).encode("utf-8")


def _lead(quiz: Quiz) -> str:
    if trimmed(quiz.lead.replace("\r\n", "\n").split("\n")) == quiz.intro:
        return quiz.lead
    lines = list(outside_code(quiz.intro + "\n"))
    if trimmed(quiz.intro.split("\n")) != quiz.intro or not lines[-1][2]:
        raise NotWritable("The introduction has blank lines at its ends or a piece of code that is never closed.")
    if any(readable and line.startswith(HEADER) for _, line, readable in lines):
        raise NotWritable("The introduction has a heading with ##, which starts a question; use ### there.")
    return quiz.intro + "\n" if quiz.intro else ""


def _joined(pieces: list[str]) -> str:
    """Put pieces one below the other with a blank line between them."""
    pieces = [piece for piece in pieces if piece]
    for at, piece in enumerate(pieces[:-1]):
        if not piece.strip():
            continue
        while not pieces[at].endswith(("\n\n", "\n\r\n")):
            pieces[at] += "\n"
    return "".join(pieces)
