"""Answers as they come from a form, as they are stored, and as other systems read them (docs/rules.md, section 4.4)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.rules.interactions import correct_responses_pattern, interaction_type, xapi_response
from assessments.rules.keys import (
    InOrder,
    Key,
    Numbers,
    Pairs,
    Texts,
    UnusableKey,
    around,
    even_weights,
    graded,
    one_right,
)
from assessments.rules.kinds import KINDS, Kind, Offered, Problem
from assessments.rules.numbers import read_number, write_number
from assessments.rules.responses import (
    Chosen,
    Entered,
    FormValues,
    Matched,
    Ordered,
    Response,
    Unanswered,
    Written,
    read_response,
)
from assessments.rules.stored import UnreadableAnswer, response_from_json, response_to_json

ABC = Offered(("a", "b", "c"), ("x", "y", "z"), "hours")


@pytest.mark.parametrize(
    ("kind", "values", "response"),
    [
        ("single", ["b"], Chosen(frozenset({"b"}))),
        ("scenario", [" b "], Chosen(frozenset({"b"}))),
        ("multi", ["c", "a"], Chosen(frozenset({"a", "c"}))),
        ("multi", [], Unanswered()),
        ("single", ["", " "], Unanswered()),
        ("short", [" two  words "], Written("two  words")),
        ("number", ["7,5 Hours"], Entered(Decimal("7.5"))),
        ("match", {"b": "z", "a": "x", "c": ""}, Matched((("a", "x"), ("b", "z")))),
        ("match", {}, Unanswered()),
        ("order", ["c", "a", "b"], Ordered(("c", "a", "b"))),
        ("order", {"a": "2", "b": "3", "c": "1"}, Ordered(("c", "a", "b"))),
        ("order", {"a": ""}, Unanswered()),
    ],
)
def test_answers_are_read_from_form_values(kind: Kind, values: FormValues, response: Response) -> None:
    assert read_response(kind, values, ABC) == response


@pytest.mark.parametrize(
    ("kind", "values", "code"),
    [
        ("single", ["q"], "unknown_option"),
        ("multi", ["a", "q"], "unknown_option"),
        ("multi", ["a", "a"], "repeated_option"),
        ("single", ["a", "b"], "one_answer_only"),
        ("short", ["a", "b"], "one_answer_only"),
        ("short", ["a" * 501], "text_too_long"),
        ("number", ["three"], "not_a_number"),
        ("match", {"q": "x"}, "unknown_option"),
        ("match", {"a": "q"}, "unknown_option"),
        ("match", ["a"], "wrong_shape"),
        ("single", {"a": "x"}, "wrong_shape"),
        ("order", ["a", "b"], "incomplete_order"),
        ("order", ["a", "b", "b"], "repeated_option"),
        ("order", {"a": "1", "b": "1", "c": "2"}, "repeated_place"),
        ("order", {"a": "4"}, "unknown_place"),
        ("order", {"a": "1"}, "incomplete_order"),
        ("order", {"q": "1"}, "unknown_option"),
    ],
)
def test_what_was_not_offered_is_refused_with_what_to_do(kind: Kind, values: FormValues, code: str) -> None:
    problem = read_response(kind, values, ABC)
    assert isinstance(problem, Problem)
    assert problem.code == code
    assert problem.message.endswith((".", "again."))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3", "3"),
        (" +3.50 ", "3.50"),
        ("3,5", "3.5"),
        ("-3", "-3"),
        ("− 3", "-3"),
        (".5", "0.5"),
        ("5.", "5"),
        ("0,125", "0.125"),
        ("1.234", "1.234"),
        ("1 200", "1200"),
        ("1\u00a0200\u202f000,5", "1200000.5"),
        ("1'200", "1200"),
        ("1,200.50", "1200.50"),
        ("1.200,50", "1200.50"),
        ("1,200,000", "1200000"),
        ("1.200.000", "1200000"),
        ("72 hours", "72"),
        ("72HOURS", "72"),
        ("٣٫٥", "3.5"),
        ("१२", "12"),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, number: str) -> None:
    assert read_number(text, "hours") == Decimal(number)


NO_NUMBERS = ["", "hours", "3 4", "1 20", "12,34,5", "3e5", "nan", "inf", "--3", "3 days", "1_000", "."]


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_is_no_number_is_refused(text: str) -> None:
    problem = read_number(text, "hours")
    assert isinstance(problem, Problem) and problem.code == "not_a_number"


def test_a_number_that_two_readers_read_differently_is_refused() -> None:
    problem = read_number("-1,200")
    assert problem == Problem("unclear_number", "Write -1200 without a comma, or -1.200 with a point.", "-1,200")
    assert isinstance(read_number("1" * 41), Problem)


@settings(max_examples=100, deadline=None, database=None)
@given(st.decimals(-(10**9), 10**9, places=3), st.sampled_from(("", " h", "h")))
def test_a_number_written_is_read_again(number: Decimal, unit: str) -> None:
    assert read_number(write_number(number) + unit, "h") == number


ANSWERS: dict[Kind, tuple[Response, str]] = {
    "single": (Chosen(frozenset({"b"})), "b"),
    "multi": (Chosen(frozenset({"c", "a"})), "a[,]c"),
    "truefalse": (Chosen(frozenset({"false"})), "false"),
    "short": (Written("DPO"), "DPO"),
    "number": (Entered(Decimal("7.50")), "7.5"),
    "match": (Matched((("a", "x"), ("b", "z"))), "a[.]x[,]b[.]z"),
    "order": (Ordered(("c", "a", "b")), "c[,]a[,]b"),
    "scenario": (Chosen(frozenset({"a"})), "a"),
}
PATTERNS: dict[Kind, tuple[str, Key, list[str]]] = {
    "single": ("choice", one_right("b", ("a",)), ["b"]),
    "multi": ("choice", even_weights(("c", "a"), ("b",)), ["a[,]c"]),
    "truefalse": ("true-false", one_right("true", ("false",)), ["true"]),
    "short": ("fill-in", Texts(("DPO", "data officer")), ["DPO", "data officer"]),
    "number": ("numeric", Numbers((around(Decimal(3), Decimal("0.5")), around(Decimal(72)))), ["2.5[:]3.5", "72"]),
    "match": ("matching", Pairs({"b": "z", "a": "x"}), ["a[.]x[,]b[.]z"]),
    "order": ("sequencing", InOrder(("c", "a", "b")), ["c[,]a[,]b"]),
    "scenario": ("choice", graded({"a": "acceptable", "b": "best"}), ["b"]),
}


@pytest.mark.parametrize("kind", KINDS)
def test_answers_and_keys_in_the_words_of_interactions(kind: Kind) -> None:
    response, rendered = ANSWERS[kind]
    name, key, patterns = PATTERNS[kind]
    assert xapi_response(kind, response) == rendered
    assert (interaction_type(kind), correct_responses_pattern(kind, key)) == (name, patterns)
    assert xapi_response(kind, Unanswered()) == ""


def test_a_key_of_another_kind_has_no_pattern() -> None:
    with pytest.raises(UnusableKey, match="key of type"):
        correct_responses_pattern("single", InOrder(("a", "b")))


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_survives_storage(kind: Kind) -> None:
    response = ANSWERS[kind][0]
    assert response_from_json(response_to_json(response)) == response


def test_nothing_stored_is_unanswered() -> None:
    assert response_to_json(Unanswered()) == {}
    assert response_from_json({}) == response_from_json(None) == Unanswered()


@pytest.mark.parametrize(
    "stored",
    [{"chosen": [1]}, {"chosen": "a"}, {"entered": "x"}, {"entered": "NaN"}, {"written": "a", "score": 1}, [], 0],
)
def test_a_stored_answer_that_cannot_be_read_is_refused(stored: object) -> None:
    with pytest.raises(UnreadableAnswer):
        response_from_json(stored)
