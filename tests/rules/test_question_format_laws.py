"""The two laws of question files: any question and any quiz is read back as it was written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.formats import (
    Accepted,
    Option,
    OrderItem,
    Pair,
    Question,
    Quiz,
    ScenarioChoice,
    number_range,
    read_question,
    read_quiz,
    without_source,
    write_question,
    write_quiz,
)
from courses.formats import make_extra


def text(*, first: str = "[A-Za-z0-9é“]", rest: str = r"[^\n\r\x00{}\\]{0,25}") -> st.SearchStrategy[str]:
    return st.from_regex(first + rest, fullmatch=True).map(str.strip).filter(lambda one: " => " not in one + " ")


words = text()
feedbacks = st.just("") | st.lists(text(), min_size=1, max_size=2).map("\n".join)
slugs = st.from_regex(r"q-[a-z0-9]{1,6}(-[a-z0-9]{1,4})?", fullmatch=True)
weights = st.none() | st.integers(-100, 100).map(Decimal) | st.sampled_from([Decimal("33.33333"), Decimal("12.50")])
quoted = st.just("") | st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), max_size=8)
LETTERS = "abcdef"


def answers(kind: str, build: Callable[..., Any], least: int) -> st.SearchStrategy[tuple[Any, ...]]:
    unique = st.lists(words, min_size=least, max_size=4, unique_by=str.casefold)
    return unique.flatmap(
        lambda texts: st.tuples(*(build(letter, one) for letter, one in zip(LETTERS, texts, strict=False)))
    )


def options(letter: str, one: str) -> st.SearchStrategy[Option]:
    return st.builds(Option, st.just(letter), st.just(one), st.booleans(), weights, feedbacks)


def choices(letter: str, one: str) -> st.SearchStrategy[ScenarioChoice]:
    return st.builds(
        ScenarioChoice, st.just(letter), st.just(one), st.sampled_from(["best", "acceptable", "poor"]), feedbacks
    )


def accepted(letter: str, one: str) -> st.SearchStrategy[Accepted]:
    return st.builds(Accepted, st.just(letter), st.just(one), weights, feedbacks)


def pairs(letter: str, one: str) -> st.SearchStrategy[Pair]:
    return st.builds(Pair, st.just(letter), st.just(one), words, feedbacks)


def items(letter: str, one: str) -> st.SearchStrategy[OrderItem]:
    return st.builds(OrderItem, st.just(letter), st.just(one), feedbacks)


figures = st.decimals(-9999, 9999, places=2).map(lambda one: f"{one:f}")
ranges = st.one_of(
    figures, st.builds("{} ± {}".format, figures, st.just("0.50")), st.builds("{}..{}".format, figures, figures)
)
FILLED = {
    "single": st.fixed_dictionaries({"options": answers("single", options, 2)}),
    "multi": st.fixed_dictionaries({"options": answers("multi", options, 2)}),
    "scenario": st.fixed_dictionaries({"choices": answers("scenario", choices, 2)}),
    "short": st.fixed_dictionaries({"accepted": answers("short", accepted, 1)}),
    "match": st.fixed_dictionaries({"pairs": answers("match", pairs, 2)}),
    "order": st.fixed_dictionaries({"items": answers("order", items, 2)}),
    "number": st.fixed_dictionaries({"ranges": st.builds(lambda one: (number_range(one),), ranges)}),
    "open": st.fixed_dictionaries({"model_answer": words, "rubric": words}),
    "text": st.just({}),
}


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Any question, usable or not, whose texts do not use the marks of the format."""
    kind = draw(st.sampled_from(sorted(FILLED)))
    filled = draw(FILLED[kind])
    if kind in ("single", "multi"):
        bare = draw(st.booleans())
        filled = {"options": tuple(replace(one, weight=None) if bare else one for one in filled["options"])}
    return Question(
        id=draw(slugs),
        kind=kind,
        stem=draw(words),
        text=draw(st.just("") | st.lists(text(), min_size=1, max_size=3).map("\n\n".join)) if kind != "order" else "",
        points=draw(st.sampled_from([Decimal(1), Decimal("0.50"), Decimal("2.5")])),
        tags=tuple(draw(st.lists(st.sampled_from(["phishing", "two words", "é"]), unique=True, max_size=2))),
        competence=draw(quoted),
        objective=draw(quoted),
        unit=draw(quoted),
        feedback=draw(feedbacks),
        extras=draw(st.sampled_from([(), (("difficulty", 'a "b" \\c'), ("x-y", ""))])),
        **filled,
    )


@settings(max_examples=60, deadline=None)
@given(questions())
def test_a_question_is_read_back_as_it_was_written(question: Question) -> None:
    written = write_question(question)
    again, issues = read_question("q.md", written)
    if again is None:
        assert {issue.code for issue in issues} & {
            "NO_KEY",
            "MANY_KEYS",
            "WEIGHTS_SUM",
            "WEIGHT_SIGN",
            "WEIGHT_MISSING",
            "RANGE_EMPTY",
            "DUPLICATE_RIGHT",
        }
    else:
        assert again == question
        assert write_question(replace(again, raw="")) == written


@settings(max_examples=40, deadline=None)
@given(
    st.lists(questions(), max_size=3, unique_by=lambda one: one.id),
    st.just("") | words,
    st.booleans(),
    st.none() | st.integers(1, 99),
)
def test_a_quiz_is_read_back_as_it_was_written(
    many: list[Question], intro: str, shuffle: bool, limit: int | None
) -> None:
    usable = [one for one in (read_question("q", write_question(question))[0] for question in many) if one is not None]
    if not usable:
        return
    quiz = Quiz(
        "c-check", "A: title", 75, limit, None, shuffle, limit, intro, tuple(usable), (make_extra("note", "No"),)
    )
    quiz = without_source(quiz)
    raw = write_quiz(quiz)
    again, issues = read_quiz("check.md", raw)
    assert again == quiz, issues
    assert write_quiz(again) == raw
    assert write_quiz(without_source(again)) == raw
