"""Population, coverage and role fit as in the worked example and the invariants (docs/rules.md, 2.3, 2.5, 2.8, 5.4)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction as F

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.reporting.rules import (
    Ageing,
    BrokenTree,
    Cell,
    Fit,
    ageing,
    descendants,
    fit_of,
    person_fit,
    round_half_up,
    tally,
    tree_totals,
)
from lms.requirements.rules import STATUSES, Standing

counts = st.integers(0, 50)
cells = st.lists(counts, min_size=7, max_size=7).map(lambda statuses: Cell(sum(statuses), *statuses))
TREE = {"GOV": None, "FIN": "GOV", "TAX": "FIN", "HLT": "GOV"}
FIN = Cell(3, excused=0, met=1, in_grace=1, overdue=1, expiring=1)
TAX = Cell(3, excused=1, met=1, not_yet_due=1)
HLT = Cell(5, exempt=1, met=3, overdue=1, expiring=1)


def test_whole_of_government_is_the_ratio_of_sums() -> None:
    totals = tree_totals(TREE, {"FIN": FIN, "TAX": TAX, "HLT": HLT}, Cell())
    government = totals["GOV"].with_descendants
    assert totals["GOV"].own == Cell()
    assert (government.headcount, government.current_rate, government.compliance_of_due) == (11, F(5, 9), F(5, 8))
    assert totals["FIN"].with_descendants.current_rate == F(2, 5)
    assert totals["FIN"].own.current_rate == F(1, 3)
    assert totals["TAX"].with_descendants == TAX


def test_no_denominator_gives_no_figure() -> None:
    nobody = Cell()
    assert (nobody.current_rate, nobody.compliance_of_due, nobody.overdue_rate) == (None, None, None)
    joiners = Cell(2, not_yet_due=2)
    assert (joiners.current_rate, joiners.compliance_of_due, joiners.overdue_rate) == (F(0), None, F(0))
    assert (Fit().role_fit, Fit().targets_met, Fit().assessed_share, Fit().gap_index) == (None,) * 4


def test_people_without_a_known_agency_stay_in_the_totals_of_their_own_row() -> None:
    totals = tree_totals(TREE, {"HLT": HLT, "unassigned": TAX}, Cell())
    assert totals["unassigned"].with_descendants == TAX
    assert totals["GOV"].with_descendants == HLT


def test_an_agency_under_itself_is_named() -> None:
    with pytest.raises(BrokenTree, match=r"Agency [ab] stands under itself"):
        tree_totals({"a": "b", "b": "a"}, {"a": HLT}, Cell())
    with pytest.raises(BrokenTree, match="Agency a stands under itself"):
        tree_totals({"a": "a"}, {"a": HLT}, Cell())


def test_descendants_include_the_unit_itself() -> None:
    assert descendants(TREE, "FIN") == {"FIN", "TAX"}
    assert descendants(TREE, "GOV") == set(TREE)


def test_overdue_people_are_sorted_by_how_long_ago_they_were_due() -> None:
    late = [Standing("overdue", days_overdue=days) for days in (1, 30, 31, 90, 91, 180, 181, 400)]
    assert ageing([*late, Standing("in_grace")]) == Ageing(2, 2, 2, 2, 400)
    assert ageing([]) == Ageing()


@settings(max_examples=100, deadline=None, database=None)
@given(st.lists(st.sampled_from(STATUSES), max_size=30))
def test_invariant_2_the_statuses_add_up_to_the_headcount(statuses: list[str]) -> None:
    cell = tally(Standing(status) for status in statuses)  # type: ignore[arg-type]
    assert cell.headcount == len(statuses) == sum(getattr(cell, status) for status in STATUSES)


@settings(max_examples=100, deadline=None, database=None)
@given(cells)
def test_invariant_3_compliance_of_those_due_is_never_below_the_current_rate(cell: Cell) -> None:
    if cell.current_rate is not None and cell.compliance_of_due is not None:
        assert cell.compliance_of_due >= cell.current_rate
    for rate in (cell.current_rate, cell.compliance_of_due, cell.overdue_rate):
        assert rate is None or 0 <= rate <= 1


@settings(max_examples=60, deadline=None, database=None)
@given(st.lists(cells, min_size=4, max_size=4))
def test_totals_of_a_tree_do_not_depend_on_the_order_of_its_units(own: list[Cell]) -> None:
    by_unit = dict(zip(TREE, own, strict=True))
    forward = tree_totals(TREE, by_unit, Cell())
    backward = tree_totals(dict(reversed(TREE.items())), dict(reversed(by_unit.items())), Cell())
    assert forward == backward
    assert forward["GOV"].with_descendants.headcount == sum(cell.headcount for cell in own)


def test_role_fit_keeps_not_assessed_apart_from_level_0() -> None:
    targets = {"PA": {"1.2": 4, "1.3": 4}}
    people = [("PA", {"1.2": 4, "1.3": 5}), ("PA", {"1.2": 0, "1.3": None}), ("PA", {}), ("FL", {"1.2": 8})]
    fit = fit_of(people, targets)
    assert fit == Fit(people=3, fully_fit=1, pairs=6, pairs_met=2, pairs_assessed=3, gap=16, wanted=24)
    assert (fit.role_fit, fit.targets_met, fit.assessed_share, fit.gap_index) == (F(1, 3), F(1, 3), F(1, 2), F(2, 3))
    assert person_fit({"1.2": 8}, {}) == Fit()


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        (F(5, 9) * 100, 1, "55.6"),
        (F(5, 8) * 100, 0, "63"),
        (F(1, 20), 1, "0.1"),
        (F(-1, 20), 1, "-0.1"),
        (F(2, 5) * 100, 1, "40.0"),
        (F(1), 3, "1.000"),
        (7, 0, "7"),
    ],
)
def test_rounding_takes_halves_away_from_zero(value: F | int, digits: int, shown: str) -> None:
    assert round_half_up(value, digits) == Decimal(shown)
    assert str(round_half_up(value, digits)) == shown
