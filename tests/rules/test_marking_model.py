"""Marking against a second, independent and simpler way of counting (rule C11)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction as F

from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.rules.key_json import key_from_json, key_to_json
from assessments.rules.keys import AnyOf, InOrder, Numbers, OneOf, Pairs, Question, Texts
from assessments.rules.marking import mark
from assessments.rules.responses import Chosen, Entered, Matched, Ordered, Written
from assessments.rules.totals import passed, total, totals_by

OPTIONS = ("a", "b", "c", "d", "e")
quickly = settings(max_examples=80, deadline=None, database=None)
percents = st.integers(-100, 100)
subsets = st.sets(st.sampled_from(OPTIONS))


@quickly
@given(st.dictionaries(st.sampled_from(OPTIONS), percents, min_size=1), subsets)
def test_ticked_options_earn_their_sum_within_bounds(weights: dict[str, int], ticked: set[str]) -> None:
    weights = {**weights, "z": 50}
    result = mark(Question("q", "multi", AnyOf({o: F(w, 100) for o, w in weights.items()})), Chosen(frozenset(ticked)))
    best = min(100, sum(w for w in weights.values() if w > 0))
    points = 0
    for option in sorted(ticked):
        points += weights.get(option, 0)
    points = 0 if points < 0 else best if points > best else points
    assert result.score == F(points, best)
    assert result.correct == (points == best)
    assert 0 <= result.score <= 1


@quickly
@given(st.permutations(OPTIONS), st.lists(percents, min_size=5, max_size=5), subsets)
def test_the_order_of_options_changes_nothing(order: list[str], weights: list[int], ticked: set[str]) -> None:
    by_option = {o: F(w, 100) for o, w in zip(OPTIONS, weights, strict=True)} | {"z": F(1)}
    straight = mark(Question("q", "multi", AnyOf(by_option)), Chosen(frozenset(ticked)))
    turned = AnyOf({"z": F(1)} | {o: by_option[o] for o in order})
    assert mark(Question("q", "multi", turned), Chosen(frozenset(reversed(sorted(ticked))))) == straight
    assert key_from_json("multi", key_to_json(turned)) == turned


@quickly
@given(st.lists(st.integers(-100, 99), min_size=4, max_size=4), st.sampled_from(OPTIONS))
def test_one_choice_earns_its_weight_never_less_than_nothing(others: list[int], choice: str) -> None:
    weights = dict(zip(OPTIONS, [100, *others], strict=True))
    question = Question("q", "scenario", OneOf({o: F(w, 100) for o, w in weights.items()}))
    result = mark(question, Chosen(frozenset({choice})))
    assert result.score * 100 == (weights[choice] if weights[choice] > 0 else 0)
    assert result.correct == (choice == "a")


@quickly
@given(st.permutations(range(4)), st.sets(st.integers(0, 3)))
def test_pairs_earn_the_share_of_partners_found(partners: list[int], answered: set[int]) -> None:
    key = Pairs({f"l{i}": f"r{i}" for i in range(4)})
    pairs = tuple((f"l{i}", f"r{partners[i]}") for i in sorted(answered))
    found = len([i for i in answered if partners[i] == i])
    assert mark(Question("q", "match", key), Matched(pairs)).score == F(found, 4)


@quickly
@given(st.permutations(range(5)))
def test_an_order_earns_the_share_of_steps_followed_by_the_next(order: list[int]) -> None:
    key = InOrder(tuple(OPTIONS))
    result = mark(Question("q", "order", key), Ordered(tuple(OPTIONS[i] for i in order)))
    text = "".join(str(i) for i in order)
    kept = sum(step in text for step in ("01", "12", "23", "34"))
    assert result.score == F(kept, 4)
    assert result.correct == (text == "01234")


@quickly
@given(st.integers(-500, 500), st.integers(0, 100), st.integers(-700, 700))
def test_numbers_count_from_end_to_end_of_a_range(middle: int, width: int, entered: int) -> None:
    low, high = Decimal(middle - width).scaleb(-1), Decimal(middle + width).scaleb(-1)
    result = mark(Question("q", "number", Numbers(((low, high),))), Entered(Decimal(entered).scaleb(-1)))
    assert result.correct == (abs(entered - middle) <= width)


@quickly
@given(st.text("aAbBéÉ ", min_size=1, max_size=6).filter(str.strip), st.text("aAbBéÉ ", max_size=6))
def test_texts_compare_by_their_plain_letters(accepted: str, written: str) -> None:
    def plain(text: str) -> list[str]:
        return text.replace("é", "e").replace("É", "e").lower().split()

    result = mark(Question("q", "short", Texts((accepted,))), Written(written))
    assert result.correct == (plain(accepted) == plain(written))


scores = st.fractions(0, 1, max_denominator=12)
groups = st.sampled_from(("1.2", "4.1", ""))


@quickly
@given(st.dictionaries(st.sampled_from(OPTIONS), st.tuples(scores, st.integers(1, 5), groups)))
def test_totals_do_not_depend_on_order_and_stay_within_bounds(paper: dict[str, tuple[F, int, str]]) -> None:
    class Scored:
        def __init__(self, score: F) -> None:
            self.score = score

    marks = {q: Scored(score) for q, (score, _, _) in paper.items()}
    points = {q: F(worth) for q, (_, worth, _) in paper.items()}
    result = total(marks, points)
    assert result == total(marks, dict(reversed(points.items())))
    assert result.earned == sum(score * worth for score, worth, _ in paper.values())
    assert result.share is None if not paper else 0 <= result.share <= 1  # type: ignore[operator]
    parts = totals_by(marks, points, {q: group for q, (_, _, group) in paper.items()})
    assert "" not in parts
    for group, part in parts.items():
        assert part.possible == sum(worth for _, worth, g in paper.values() if g == group)
    assert passed(result, 0) == bool(paper)
