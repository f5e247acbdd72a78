"""The worked example, figure by figure, against what the reference expects (docs/rules.md, sections 2.3 to 2.5)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lms.reporting.rules import (
    Cell,
    Fit,
    average_headcount,
    descendants,
    fit_of,
    fte,
    headcount,
    hours_per_head,
    own_headcounts,
    round_half_up,
    tally,
    tree_totals,
)
from lms.requirements.rules import Recurrence, RequirementTerms, Standing, expires_on, status_on
from lms.skills.rules import ASSURANCE, Attainment, levels_on
from tests.reference import coverage_ref as ref
from tests.rules.governments import TREE, UNITS, facts_of, figures, posts_of, shown_status, standings_in, terms_of

EXPECTED = json.loads((Path(__file__).parents[1] / "reference" / "expected.json").read_text(encoding="utf-8"))
AS_AT = date(2026, 3, 31)


@pytest.fixture(name="example", scope="module")
def _example() -> tuple[Any, Any, Any]:
    return ref.example()  # type: ignore[no-any-return]


def test_example_statuses(example: tuple[Any, Any, Any]) -> None:
    world, sec, _ = example
    ours = {p: status_on(facts_of(world, p, sec), terms_of(sec), AS_AT) for p in world.population("GOV", AS_AT)}
    assert {p: shown_status(s) for p, s in ours.items()} == EXPECTED["status"]
    assert {p for p, s in ours.items() if s.expiring} == {"P01", "P08"}
    assert {p: s.reason for p, s in ours.items() if s.status == "overdue"} == {"P02": "lapsed", "P12": "never"}


def test_example_coverage_on_both_dates(example: tuple[Any, Any, Any]) -> None:
    world, sec, _ = example
    assert {u: figures(world, u, sec, AS_AT) for u in UNITS} == EXPECTED["compliance"]
    before_the_move = date(2026, 1, 31)
    assert {u: figures(world, u, sec, before_the_move) for u in ("FIN", "HLT")} == EXPECTED["history"]


def test_example_coverage_over_the_tree(example: tuple[Any, Any, Any]) -> None:
    world, sec, _ = example
    at = {p: world.primary(p, AS_AT).agency for p in world.population("GOV", AS_AT)}
    own: dict[str, list[Standing]] = {}
    for person, unit in at.items():
        own.setdefault(unit, []).append(status_on(facts_of(world, person, sec), terms_of(sec), AS_AT))
    totals = tree_totals(TREE, {unit: tally(found) for unit, found in own.items()}, Cell())
    for unit in UNITS:
        assert totals[unit].with_descendants == tally(standings_in(world, unit, sec, AS_AT))


def test_example_headcount_and_fte(example: tuple[Any, Any, Any]) -> None:
    posts = posts_of(example[0])
    tree = {unit: descendants(TREE, unit) for unit in UNITS}
    assert {u: headcount(posts, tree[u], AS_AT) for u in UNITS} == EXPECTED["headcount"]
    any_post = {u: headcount(posts, tree[u], AS_AT, basis="any_post") for u in ("GOV", "FIN", "HLT")}
    assert any_post == EXPECTED["headcount_any_post"]
    assert {u: float(fte(posts, tree[u], AS_AT)) for u in ("GOV", "FIN", "HLT")} == EXPECTED["fte"]
    assert sum(own_headcounts(posts, AS_AT).values()) == EXPECTED["headcount"]["GOV"]


def test_example_average_headcount_and_hours_per_head(example: tuple[Any, Any, Any]) -> None:
    posts, quarter = posts_of(example[0]), (date(2026, 1, 1), date(2026, 4, 1))
    for unit, hours in EXPECTED["hours_q1"].items():
        average = average_headcount(posts, descendants(TREE, unit), *quarter)
        assert average is not None
        assert float(round_half_up(average, 3)) == EXPECTED["average_headcount_q1"][unit]
        per_head = hours_per_head(int(hours["credited_hours"] * 60), average)
        assert per_head is not None and float(round_half_up(per_head, 3)) == hours["hours_per_head"]
    assert average_headcount(posts, {"GOV"}, AS_AT, AS_AT) is None
    assert hours_per_head(60, None) is None


def test_example_role_fit(example: tuple[Any, Any, Any]) -> None:
    world, _, targets = example
    for unit, expected in EXPECTED["role_fit"].items():
        people = [(world.primary(p, AS_AT).family, levels_of(world, p)) for p in world.population(unit, AS_AT)]
        assert shown_fit(fit_of(people, targets)) == expected


def levels_of(world: Any, person: str) -> dict[str, int | None]:
    """A person's levels by our rules."""
    held: dict[str, list[Attainment]] = {}
    for a in world.attainments:
        if a.person == person:
            rank, recorded = ASSURANCE[a.assurance], a.recorded_on or a.achieved_on
            attainment = Attainment(a.level, a.achieved_on, a.expires_on, rank, recorded, a.revoked_on)
            held.setdefault(a.target, []).append(attainment)
    return levels_on(held, AS_AT)


def shown_fit(fit: Fit) -> dict[str, Any]:
    """Role fit in the form of the expected figures."""
    rates = {
        "role_fit_pct": fit.role_fit,
        "pairs_met_pct": fit.targets_met,
        "assessed_pct": fit.assessed_share,
        "gap_index_pct": fit.gap_index,
    }
    shown = {name: float(round_half_up(rate * 100)) for name, rate in rates.items() if rate is not None}
    return {"people_with_targets": fit.people, "fully_fit": fit.fully_fit, "pairs": fit.pairs} | shown


def test_example_expiry_rules() -> None:
    renewed = RequirementTerms(date(2024, 1, 1), recurrence=Recurrence("from_expiry", 12, 60))
    expiry, expected = date(2026, 4, 10), EXPECTED["expiry_rules"]
    for name, day in (("in_window", "2026-03-01"), ("too_early", "2025-12-01"), ("late", "2026-05-02")):
        assert str(expires_on(renewed, date.fromisoformat(day), expiry)) == expected[name]
    for name, day, early in (("fixed_cycle", "2025-11-02", 0), ("fixed_cycle_early", "2026-03-10", 60)):
        cycle = RequirementTerms(date(2024, 1, 1), recurrence=Recurrence("fixed_cycle", early_days=early))
        assert str(expires_on(cycle, date.fromisoformat(day))) == expected[name]


def test_example_late_record() -> None:
    world, sec, _ = ref.example()
    late = date(2026, 4, 5)
    done = date(2026, 3, 30)
    world.attainments.append(ref.Attainment("P12", "course:security", done, date(2027, 3, 30), recorded_on=late))
    for known in (AS_AT, late):
        rate = figures(world, "HLT", sec, AS_AT, known)["current_rate_pct"]
        assert rate == EXPECTED["late_record"][f"known_{known}"]
