"""The tree of agencies: pure arithmetic, without a database."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from lms.agencies.policy import visible
from lms.agencies.rules import AgencyRow, Edge, Tree, first_ring
from lms.kernel.actor import EVERYWHERE, Reach

JAN, FEB, MAR = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)


def tree(parents: dict[int, int | None]) -> Tree:
    rows = {id: AgencyRow(id, f"C{id}", f"Name {id}", "agency", "UTC") for id in parents}
    return Tree.of(rows, parents)


def test_a_tree_knows_children_by_name_paths_and_subtrees() -> None:
    found = tree({1: None, 3: 1, 2: 1, 4: 2})
    assert found.root == 1
    assert found.children(1) == [2, 3]
    assert found.path(4) == [1, 2, 4]
    assert found.subtree([2]) == {2, 4}
    assert list(found.walk()) == [(1, 0), (2, 1), (4, 2), (3, 1)]


def test_an_agency_whose_parent_is_not_open_stands_at_the_top() -> None:
    found = tree({2: 99, 3: 2})
    assert found.parents == {2: None, 3: 2}
    assert found.path(3) == [2, 3]


def test_an_agency_is_found_by_its_code_in_any_case() -> None:
    found = tree({7: None})
    assert found.by_code(" c7 ") == found.rows[7]
    assert found.by_code("none") is None


def test_a_reach_shows_its_subtrees_and_nothing_else() -> None:
    found = tree({1: None, 2: 1, 3: 1, 4: 3})
    assert visible(EVERYWHERE, found) == {1, 2, 3, 4}
    assert visible(Reach(agencies=frozenset({3, 99})), found) == {3, 4}
    assert visible(Reach(own=True), found) == frozenset()


def test_a_move_beneath_itself_is_a_ring_from_its_first_day() -> None:
    assert first_ring([Edge(2, 1, JAN)], Edge(1, 2, FEB)) == FEB
    assert first_ring([], Edge(1, 1, FEB)) == FEB


def test_a_ring_that_closes_only_later_is_found_on_the_day_it_closes() -> None:
    later = [Edge(2, 9, JAN, MAR), Edge(2, 1, MAR)]
    assert first_ring(later, Edge(1, 2, FEB)) == MAR


def test_a_place_that_has_ended_makes_no_ring() -> None:
    assert first_ring([Edge(2, 1, JAN, FEB)], Edge(1, 2, FEB)) is None


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 5)), max_size=14))
def test_moves_that_are_let_through_never_make_a_ring_on_any_day(moves: list[tuple[int, int, int]]) -> None:
    days = [date(2026, month, 1) for month in range(1, 7)]
    edges: list[Edge] = []
    for child, parent, month in moves:
        new = Edge(child, parent, days[month])
        if first_ring(edges, new) is None and not any(e.child == child and e.starts_on >= new.starts_on for e in edges):
            edges = [
                Edge(e.child, e.parent, e.starts_on, new.starts_on) if e.child == child and e.ends_on is None else e
                for e in edges
            ] + [new]
    for day in days:
        above = {edge.child: edge.parent for edge in edges if edge.holds(day)}
        for start in above:
            at, steps = start, 0
            while at in above:
                at, steps = above[at], steps + 1
                assert steps <= len(above)
