"""Question files keep exact weights, ids and numbers as written, and so does every quiz of the library."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from assessments.formats import (
    NotWritable,
    Option,
    Question,
    ScenarioChoice,
    check_course_questions,
    check_references,
    read_question,
    read_quiz,
    shares,
    without_source,
    write_question,
    write_quiz,
)
from courses.formats import read_course, read_folder, write_step

LIBRARY = Path(__file__).parents[2] / "courses" / "library"
EXAMPLE = """\
---
id: sec-201-check
kind: quiz
title: Security check
pass_mark: 80
attempts: 3
draw: 1
shuffle: true
time_limit: 20
---

Read each question twice.

## Which messages are suspicious? {#q-7f3a .multi points=2 tags="phishing, mail" competence="4.1" objective="O1"}

Tick all that apply.

- [x] The link does not match the sender {weight=50}
  > Right: look before you click.
- [x] It demands action within the hour {weight=50}
  > Right: haste is the oldest trick.
- [ ] A meeting invitation {weight=-50}
  > Most invitations are harmless.

::: feedback
Report it with the button; do not forward it.
:::

## Within how many hours must you report? {#q-hours .number points=0.50 objective="O2" unit="hours" level="hard"}

= 72
= 3 ± 0.5 {weight=50}
  > Close.
= -4..5.0

::: feedback
The rule says 72 hours.
:::

## Order the steps. {#q-steps .order points=1 objective="O3"}

1. Stop
  > First of all.
2. Think
3. Report
"""


def test_the_example_is_canonical_and_read_exactly() -> None:
    quiz, issues = read_quiz("check.md", EXAMPLE.encode())
    assert issues == []
    assert write_quiz(without_source(quiz)).decode() == EXAMPLE
    multi, number, order = quiz.questions
    assert (quiz.pass_mark, quiz.attempts, quiz.draw, quiz.shuffle, quiz.time_limit) == (80, 3, 1, True, 20)
    assert quiz.intro == "Read each question twice."
    assert (multi.id, multi.kind, multi.tags, multi.points) == ("q-7f3a", "multi", ("phishing", "mail"), Decimal(2))
    assert multi.text == "Tick all that apply."
    assert [option.weight for option in multi.options] == [Decimal(50), Decimal(50), Decimal(-50)]
    assert [(one.written, one.low, one.high) for one in number.ranges] == [
        ("72", 72, 72),
        ("3 ± 0.5", Decimal("2.5"), Decimal("3.5")),
        ("-4..5.0", -4, 5),
    ]
    assert (str(number.points), number.unit, number.extras) == ("0.50", "hours", (("level", "hard"),))
    assert [item.text for item in order.items] == ["Stop", "Think", "Report"]
    assert [item.feedback for item in order.items] == ["First of all.", "", ""]


def test_only_what_changed_is_rewritten() -> None:
    messy = EXAMPLE.replace("points=2 tags", "tags").replace("- [x] It", "- [X]   It").replace("title: S", "title:   S")
    messy = messy.replace("\n", "\r\n")
    quiz, issues = read_quiz("check.md", messy.encode())
    assert quiz is not None, issues
    assert write_quiz(quiz) == messy.encode()
    first, *others = quiz.questions
    changed = replace(quiz, attempts=5, questions=(first, replace(others[0], stem="How many hours?"), others[1]))
    written = write_quiz(changed).decode()
    assert "- [X]   It" in written
    assert "title:   S" in written
    assert "## How many hours? {#q-hours .number" in written
    assert read_quiz("check.md", written.encode())[0] == changed


def test_questions_can_be_reordered_added_and_taken_out() -> None:
    quiz, _ = read_quiz("check.md", EXAMPLE.encode())
    new = Question("q-new", "single", "New?", options=(Option("a", "Yes", True), Option("b", "No")), objective="O1")
    for chosen in (quiz.questions[::-1], (new, *quiz.questions), (*quiz.questions, new), quiz.questions[:1]):
        changed = replace(quiz, questions=chosen, draw=None, intro="")
        assert read_quiz("check.md", write_quiz(changed))[0] == changed


def test_weights_are_exact_shares() -> None:
    quiz, _ = read_quiz("check.md", EXAMPLE.encode())
    assert shares(quiz.questions[0]) == {"a": Fraction(1, 2), "b": Fraction(1, 2), "c": Fraction(-1, 2)}
    bare = replace(quiz.questions[0], options=tuple(replace(one, weight=None) for one in quiz.questions[0].options))
    assert shares(bare) == {"a": Fraction(1, 2), "b": Fraction(1, 2), "c": Fraction(-1)}
    scenario = Question(
        "q-s", "scenario", "S", choices=(ScenarioChoice("a", "A", "best"), ScenarioChoice("b", "B", "acceptable"))
    )
    assert shares(scenario) == {"a": Fraction(1), "b": Fraction(1, 2)}
    thirds = Question("q-t", "multi", "T", options=tuple(Option(letter, letter, True) for letter in "abc"))
    assert sum(shares(thirds).values()) == 1


def test_long_feedback_and_options_of_several_lines_survive() -> None:
    option = Option("a", "First line\nsecond `line`", True, None, "One\n\n- two")
    question = Question(
        "q-l", "single", 'Stem {x} "y"', options=(option, Option("b", "No", feedback="Why")), text="```\n- [ ] x\n```"
    )
    assert read_question("q", write_question(question))[0] == question


@pytest.mark.parametrize(
    "change",
    [
        {"stem": "Two\nlines"},
        {"text": "## A heading"},
        {"text": "- [x] looks like an answer"},
        {"id": "no id"},
        {"feedback": "a\n:::\nb"},
        {"stem": ""},
        {"tags": ("a, b",)},
        {"text": " \n"},
        {"text": "```\nopen"},
    ],
)
def test_what_would_be_read_differently_is_not_written(change: dict[str, object]) -> None:
    question = Question("q-x", "single", "Stem", options=(Option("a", "Yes", True), Option("b", "No")))
    with pytest.raises(NotWritable):
        write_question(replace(question, **change))


def test_references_to_the_course_are_checked() -> None:
    quiz, _ = read_quiz("check.md", EXAMPLE.replace("Tick all", "![X](media/x.svg) Tick all").encode())
    issues = check_references("check.md", quiz, {"O1", "O2"}, {"9.9"}, lambda name: False)
    assert [(issue.line, issue.code) for issue in issues] == [
        (14, "UNKNOWN_COMPETENCE"),
        (14, "IMAGE_MISSING"),
        (40, "UNKNOWN_OBJECTIVE"),
    ]
    assert check_references("check.md", quiz, {"O1", "O2", "O3"}, {"4.1"}, lambda name: True) == []
    twice = check_course_questions({"a.md": quiz, "b.md": quiz})
    assert [(issue.file, issue.line, issue.code) for issue in twice] == [
        ("b.md", line, "DUPLICATE_ID") for line in (14, 29, 40)
    ]


@pytest.mark.parametrize("intro", ["## Heading", "\nBlank", "```\nopen"])
def test_an_introduction_that_would_be_read_differently_is_not_written(intro: str) -> None:
    quiz, _ = read_quiz("check.md", EXAMPLE.encode())
    with pytest.raises(NotWritable):
        write_quiz(replace(quiz, intro=intro))


FOLDERS = sorted(path.parent for path in LIBRARY.glob("*/course.yaml"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_every_quiz_of_the_library_is_without_fault_and_round_trips(folder: Path) -> None:
    course, _ = read_course(read_folder(folder))
    objectives = {objective.id for objective in course.objectives}
    quizzes = {}
    for module in course.modules:
        for step in (step for step in module.steps if step.kind == "quiz"):
            raw = write_step(step)
            quiz, issues = read_quiz(step.path, raw)
            names = {media.name for media in module.media}
            issues += check_references(step.path, quiz, objectives, None, names.__contains__)
            assert issues == []
            assert write_quiz(quiz) == raw == write_quiz(without_source(quiz))
            quizzes[step.path] = quiz
    assert check_course_questions(quizzes) == []


ASKED_BY_THE_PAGE = re.compile(
    r"\b(tick|select|choose|mark|check|pick) (all|every)\b|\ball that apply\b", re.IGNORECASE
)


def test_no_question_of_the_library_repeats_what_the_page_asks_beneath_it() -> None:
    repeats = [
        f"{path.relative_to(LIBRARY)}: {question.id}"
        for path in sorted(LIBRARY.rglob("check.md"))
        for question in read_quiz("check.md", path.read_bytes())[0].questions
        if ASKED_BY_THE_PAGE.search(f"{question.stem} {question.text}")
    ]
    assert repeats == []
