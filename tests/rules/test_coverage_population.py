"""Who is counted where, as far as was known (docs/rules.md, section 2.3)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction as F

from lms.reporting.rules import Cell, Post, average_headcount, fte, headcount, own_headcounts, tally

D = date.fromisoformat
DAY = D("2026-03-31")
JOINED = D("2026-01-01")


def test_a_last_working_day_is_counted_and_the_day_after_is_not() -> None:
    posts = [Post("p", "HLT", JOINED, DAY)]
    assert [headcount(posts, {"HLT"}, D(day)) for day in ("2026-03-30", "2026-03-31")] == [1, 0]


def test_a_unit_without_people_has_a_row_of_zeros() -> None:
    assert headcount([], {"HLT"}, DAY) == 0
    assert fte([], {"HLT"}, DAY) == 0
    assert tally([]) == Cell()


def test_someone_with_two_posts_in_a_tree_is_one_person() -> None:
    posts = [Post("p", "FIN", JOINED, fte=F(3, 5)), Post("p", "TAX", JOINED, fte=F(3, 5), primary=False)]
    tree = {"FIN", "TAX"}
    assert headcount(posts, tree, DAY, basis="any_post") == headcount(posts, tree, DAY) == 1
    assert headcount(posts, {"TAX"}, DAY) == 0
    assert headcount(posts, {"TAX"}, DAY, basis="any_post") == 1
    assert (fte(posts, tree, DAY), fte(posts, tree, DAY, cap_person_at_1=True)) == (F(6, 5), F(1))


def test_a_joiner_recorded_late_and_a_row_withdrawn_count_only_while_known() -> None:
    posts = [
        Post("late", "FIN", JOINED, recorded_on=D("2026-04-02")),
        Post("mistake", "FIN", JOINED, withdrawn_on=D("2026-04-02")),
        Post("kept", "FIN", JOINED),
    ]
    assert headcount(posts, {"FIN"}, DAY) == 2
    assert own_headcounts(posts, DAY, D("2026-04-02")) == {"FIN": 2}
    assert {p.person for p in posts if p.held(DAY, D("2026-04-02"))} == {"late", "kept"}
    assert fte(posts, {"FIN"}, DAY, D("2026-04-01")) == 2


def test_people_without_an_agency_are_counted_as_unassigned() -> None:
    assert own_headcounts([Post("p", None, JOINED), Post("q", "FIN", JOINED)], DAY) == {None: 1, "FIN": 1}


def test_a_person_listed_twice_on_a_day_is_one_person_day() -> None:
    posts = [Post("p", "FIN", JOINED, D("2026-01-21")), Post("p", "TAX", D("2026-01-11"), D("2026-01-31"))]
    assert average_headcount(posts, {"FIN", "TAX"}, JOINED, D("2026-01-31")) == 1
    assert average_headcount(posts, {"TAX"}, JOINED, D("2026-01-31")) == F(2, 3)
