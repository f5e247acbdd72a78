"""Papers: totals, passing, drawing, shuffling, time and attempts (docs/rules.md, section 4.4)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction as F

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.rules.draws import aliases, draw, shuffled
from assessments.rules.marking import Mark
from assessments.rules.timing import (
    GRACE,
    attempts_left,
    deadline,
    next_attempt_at,
    seconds_left,
    time_is_over,
)
from assessments.rules.totals import Total, passed, total, totals_by

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Item:
    """A question as drawing sees it."""

    id: str
    objective: str | None


BANK = [Item(f"q{n}", f"O{n % 3}" if n < 12 else None) for n in range(14)]


def test_points_weigh_the_scores() -> None:
    marks = {"q1": Mark(F(1), True), "q2": Mark(F(1, 3), False)}
    result = total(marks, {"q1": F(1), "q2": F(2), "q3": F(1)})
    assert (result, result.share, result.percent) == (Total(F(5, 3), F(4)), F(5, 12), F(125, 3))


def test_a_pass_is_decided_on_the_exact_result() -> None:
    assert passed(Total(F(4), F(5)), 80)
    assert not passed(Total(F(79999, 100000), F(1)), 80)
    assert passed(Total(F(2), F(3)), F(200, 3))
    assert not passed(Total(), 0)


def test_results_by_competence_leave_out_questions_without_one() -> None:
    marks = {"q1": Mark(F(1), True), "q2": Mark(F(0), False), "q3": Mark(F(1), True)}
    points = {"q1": F(1), "q2": F(1), "q3": F(3), "q4": F(1)}
    parts = totals_by(marks, points, {"q1": "4.1", "q2": "4.1", "q3": None, "q4": "1.2"})
    assert parts == {"1.2": Total(F(0), F(1)), "4.1": Total(F(1), F(2))}


def test_so_many_questions_are_drawn_for_each_objective() -> None:
    drawn = draw(BANK, 2, "seed")
    objective = {item.id: item.objective for item in BANK}
    assert Counter(objective[q] for q in drawn) == {"O0": 2, "O1": 2, "O2": 2, None: 2}
    assert draw(BANK, None, "seed") == tuple(item.id for item in BANK)
    assert len(draw(BANK, 99, "seed")) == len(BANK)


@settings(max_examples=60, deadline=None, database=None)
@given(st.integers(), st.permutations(BANK))
def test_a_draw_is_fixed_by_its_seed_whatever_the_order_of_the_bank(seed: int, turned: list[Item]) -> None:
    assert draw(BANK, 2, seed) == draw(list(BANK), 2, seed)
    assert set(draw(BANK, 2, seed)) == set(draw(turned, 2, seed))
    assert shuffled(("a", "b", "c", "d"), seed) == shuffled(("d", "b", "a", "c"), seed)


def test_a_draw_never_changes_between_releases() -> None:
    assert shuffled(("a", "b", "c", "d"), "attempt-1/q-1") == ("d", "a", "c", "b")


@settings(max_examples=60, deadline=None, database=None)
@given(st.integers(), st.sets(st.sampled_from([item.id for item in BANK])))
def test_questions_not_yet_seen_come_first(seed: int, seen: set[str]) -> None:
    drawn = set(draw(BANK, 2, seed, seen))
    for objective in ("O0", "O1", "O2", None):
        group = {item.id for item in BANK if item.objective == objective}
        assert len(drawn & group - seen) == min(2, len(group - seen))


def test_every_question_and_every_order_turns_up() -> None:
    assert {q for seed in range(60) for q in draw(BANK, 2, seed)} == {item.id for item in BANK}
    assert len({shuffled("abc", seed) for seed in range(60)}) == 6


def test_aliases_hide_ids_and_lead_back_to_them() -> None:
    names = aliases(("first", "second", "third"), 7)
    assert set(names.values()) == {"1", "2", "3"} and set(names) == {"first", "second", "third"}
    assert len({tuple(aliases(("first", "second", "third"), seed).items()) for seed in range(40)}) == 6


def test_the_deadline_is_set_at_the_start_with_extra_time() -> None:
    assert deadline(NOON, None) is None
    assert deadline(NOON, 20) == NOON + timedelta(minutes=20)
    assert deadline(NOON, 20, F(5, 4)) == NOON + timedelta(minutes=25)
    assert deadline(NOON, 1, F(4, 3)) == NOON + timedelta(seconds=80)
    with pytest.raises(ValueError, match="take time away"):
        deadline(NOON, 20, F(1, 2))


def test_time_is_over_one_second_after_the_grace_not_before() -> None:
    second = timedelta(seconds=1)
    over = [time_is_over(NOON + late, NOON) for late in (-second, 0 * second, GRACE, GRACE + second)]
    assert over == [False, False, False, True]
    assert not time_is_over(NOON, None)
    assert [seconds_left(NOON - late, NOON) for late in (90 * second, -second)] == [90, 0]
    assert seconds_left(NOON, None) is None


def test_attempts_run_out_and_open_again_after_the_pause() -> None:
    day = timedelta(hours=24)
    ended = [NOON - timedelta(hours=hours) for hours in (3, 2, 1)]
    assert attempts_left(None, ended, NOON) is None
    assert [attempts_left(3, ended[:n], NOON) for n in range(4)] == [3, 2, 1, 0]
    assert attempts_left(2, ended, NOON) == 0
    assert attempts_left(3, ended, NOON, day) == 0
    assert next_attempt_at(3, ended) == ended[-1] + day
    assert attempts_left(3, ended, ended[-1] + day, day) == 3
    assert attempts_left(3, [*ended, NOON + day], NOON + day, day) == 2
    assert next_attempt_at(3, ended[:2]) is None
    assert attempts_left(0, [], NOON, day) == 0
