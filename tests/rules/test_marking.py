"""Marking of each kind of question (docs/rules.md, section 4.4; rule C11)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction as F

import pytest

from assessments.rules.key_json import key_from_json, key_to_json
from assessments.rules.keys import (
    AnyOf,
    InOrder,
    Key,
    Numbers,
    OneOf,
    Pairs,
    Question,
    Texts,
    UnusableKey,
    around,
    even_weights,
    graded,
    one_right,
)
from assessments.rules.kinds import KINDS, Kind
from assessments.rules.marking import Mark, WrongAnswerType, mark, normalised
from assessments.rules.responses import Chosen, Entered, Matched, Ordered, Response, Unanswered, Written

KEYS: dict[Kind, Key] = {
    "single": one_right("b", ("a", "c")),
    "multi": even_weights(("a", "b"), ("c", "d")),
    "truefalse": one_right("true", ("false",)),
    "short": Texts(("Data protection officer", "DPO")),
    "number": Numbers((around(Decimal("3"), Decimal("0.5")), (Decimal(10), Decimal(12))), "hours"),
    "match": Pairs({"l1": "r7", "l2": "r5", "l3": "r9"}),
    "order": InOrder(("p", "q", "r", "s")),
    "scenario": graded({"a": "poor", "b": "best", "c": "acceptable"}),
}


def score(kind: Kind, response: Response) -> F:
    """What an answer to the sample question of a kind earns."""
    return mark(Question("q-1", kind, KEYS[kind]), response).score


def chosen(*options: str) -> Chosen:
    """Options ticked, in short."""
    return Chosen(frozenset(options))


@pytest.mark.parametrize(
    ("kind", "response", "earned"),
    [
        ("single", chosen("b"), F(1)),
        ("single", chosen("a"), F(0)),
        ("single", chosen("a", "b"), F(0)),
        ("truefalse", chosen("true"), F(1)),
        ("truefalse", chosen("false"), F(0)),
        ("scenario", chosen("b"), F(1)),
        ("scenario", chosen("c"), F(1, 2)),
        ("scenario", chosen("a"), F(0)),
        ("multi", chosen("a", "b"), F(1)),
        ("multi", chosen("a"), F(1, 2)),
        ("multi", chosen("a", "b", "c"), F(1, 2)),
        ("multi", chosen("c", "d"), F(0)),
        ("multi", chosen("a", "b", "c", "d"), F(0)),
        ("short", Written("  dáta   PROTECTION officer "), F(1)),
        ("short", Written("data-protection officer"), F(0)),
        ("number", Entered(Decimal("2.5")), F(1)),
        ("number", Entered(Decimal("3.50")), F(1)),
        ("number", Entered(Decimal("3.5000001")), F(0)),
        ("number", Entered(Decimal("11")), F(1)),
        ("match", Matched((("l1", "r7"), ("l2", "r9"), ("l3", "r5"))), F(1, 3)),
        ("match", Matched((("l1", "r7"),)), F(1, 3)),
        ("match", Matched((("l1", "r7"), ("l2", "r5"), ("l3", "r9"))), F(1)),
        ("order", Ordered(("p", "q", "r", "s")), F(1)),
        ("order", Ordered(("s", "p", "q", "r")), F(2, 3)),
        ("order", Ordered(("s", "r", "q", "p")), F(0)),
        ("order", Ordered(("p", "q")), F(0)),
    ],
)
def test_each_kind_earns_what_its_rule_says(kind: Kind, response: Response, earned: F) -> None:
    assert score(kind, response) == earned


def test_unanswered_earns_nothing_and_shows_no_feedback() -> None:
    for kind in KINDS:
        assert mark(Question("q-1", kind, KEYS[kind]), Unanswered()) == Mark(F(0), False)


def test_feedback_belongs_to_what_was_answered() -> None:
    multi = mark(Question("q-1", "multi", KEYS["multi"]), chosen("a", "c"))
    assert multi == Mark(F(0), False, {"a": True, "c": False})
    scenario = mark(Question("q-1", "scenario", KEYS["scenario"]), chosen("c"))
    assert scenario == Mark(F(1, 2), False, {"c": True})
    order = mark(Question("q-1", "order", KEYS["order"]), Ordered(("s", "p", "q", "r")))
    assert order.by_option == {"p": False, "q": True, "r": True, "s": False}
    pairs = mark(Question("q-1", "match", KEYS["match"]), Matched((("l1", "r7"), ("l2", "r9"))))
    assert pairs.by_option == {"l1": True, "l2": False, "l3": False}


def test_the_best_answer_earns_all_even_where_a_source_rounded_its_weights() -> None:
    third = F("0.33333")
    key = AnyOf({"a": third, "b": third, "c": third, "d": F(-1)})
    question = Question("q-1", "multi", key)
    assert mark(question, chosen("a", "b", "c")) == Mark(F(1), True, {"a": True, "b": True, "c": True})
    assert mark(question, chosen("a")).score == F(1, 3)
    assert mark(Question("q-2", "multi", AnyOf({"a": F(1), "b": F(1)})), chosen("a", "b")).score == 1


def test_a_negative_weight_never_takes_from_other_questions() -> None:
    question = Question("q-1", "single", OneOf({"a": F(1), "b": F(-1, 2)}))
    assert mark(question, chosen("b")).score == 0


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("Élève", "eleve"),
        ("STRASSE", "straße"),
        ("  a \u00a0 b\n", "A B"),
        ("ﬁle", "FILE"),
        ("İstanbul", "istanbul"),
        ("Ａ１", "a1"),
    ],
)
def test_texts_are_the_same_without_case_accents_and_spacing(text: str, same: str) -> None:
    assert normalised(text) == normalised(same)


def test_signs_that_make_another_letter_are_no_accents() -> None:
    assert normalised("が") != normalised("か")
    assert normalised("कु") != normalised("क")


def test_an_answer_of_another_kind_is_refused() -> None:
    with pytest.raises(WrongAnswerType, match="q-1 is of kind single"):
        score("single", Written("b"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_survives_storage(kind: Kind) -> None:
    assert key_from_json(kind, key_to_json(KEYS[kind])) == KEYS[kind]


@pytest.mark.parametrize(
    ("kind", "stored"),
    [
        ("single", {}),
        ("single", None),
        ("single", {"weights": {"a": 1}}),
        ("single", {"weights": {"a": "1/0"}}),
        ("single", {"weights": {"a": "1"}, "more": 1}),
        ("single", {"items": ["a", "b"]}),
        ("number", {"ranges": [["a", "b"]], "unit": ""}),
        ("number", {"ranges": [["1"]], "unit": ""}),
        ("order", {"items": ["a", 2]}),
        ("truefalse", {"weights": {"yes": "1", "no": "0"}}),
        ("essay", {"accepted": ["a"]}),
    ],
)
def test_a_stored_key_that_cannot_be_read_is_refused(kind: Kind, stored: object) -> None:
    with pytest.raises(UnusableKey):
        key_from_json(kind, stored)


def test_keys_that_could_not_mark_fairly_are_refused_by_name() -> None:
    with pytest.raises(UnusableKey, match="Exactly one option"):
        OneOf({"a": F(1), "b": F(1)})
    with pytest.raises(UnusableKey, match="Exactly one option"):
        graded({"a": "acceptable", "b": "poor"})
    with pytest.raises(UnusableKey, match="No option earns"):
        even_weights((), ("a",))
    with pytest.raises(UnusableKey, match="No option earns"):
        AnyOf({"a": F(0)})
    with pytest.raises(UnusableKey, match="no options"):
        AnyOf({})
    with pytest.raises(UnusableKey, match="−100 to 100 percent"):
        AnyOf({"a": F(2)})
    with pytest.raises(UnusableKey, match="accepted answer"):
        Texts(("a", " "))
    with pytest.raises(UnusableKey, match="No number"):
        Numbers(())
    with pytest.raises(UnusableKey, match="lower end first"):
        Numbers(((Decimal(2), Decimal(1)),))
    with pytest.raises(UnusableKey, match="lower end first"):
        Numbers(((Decimal("nan"), Decimal(1)),))
    with pytest.raises(UnusableKey, match="share a partner"):
        Pairs({"a": "x", "b": "x"})
    with pytest.raises(UnusableKey, match="two different items"):
        InOrder(("a", "a"))
    with pytest.raises(UnusableKey, match="more than 0"):
        Question("q-1", "single", KEYS["single"], F(0))
    with pytest.raises(UnusableKey, match="key of type AnyOf"):
        Question("q-1", "multi", KEYS["single"])
