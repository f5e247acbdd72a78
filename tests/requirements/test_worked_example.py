"""The worked example (docs/rules.md, section 2.8) through the real actions, against the executable reference."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from lms.agencies.queries import tree
from lms.kernel import clock
from lms.people.queries import population
from lms.reporting.rules import Cell, ageing, round_half_up, tally
from lms.requirements.queries import standing_by_person
from lms.requirements.rules import Standing
from lms.skills.queries import latest_levels
from tests.requirements.world import AS_AT, EARLIER, EXPECTED, World, end_of, record_late

UNITS = ("GOV", "FIN", "TAX", "HLT")


def standings(world: World, day: date, known_at: datetime) -> dict[str, Standing]:
    found = standing_by_person(world.security(), [day], known_at)[day]
    return {world.name_of(person_id): standing for person_id, standing in found.items()}


def of_unit(world: World, unit: str, day: date, known_at: datetime) -> list[Standing]:
    found = standing_by_person(world.security(), [day], known_at)[day]
    under = tree(day, known_at).subtree([world.agencies[unit]])
    return [found[placed.person_id] for placed in population(day, known_at) if placed.agency_id in under]


def as_expected(cell: Cell) -> dict[str, object]:
    def percent(rate: object) -> float | None:
        return None if rate is None else float(round_half_up(rate * 100))  # type: ignore[operator]

    counts = ("headcount", "not_applicable", "excused", "exempt", "met", "not_yet_due", "in_grace", "overdue")
    return {
        **{name: getattr(cell, name) for name in (*counts, "expiring")},
        "current_rate_pct": percent(cell.current_rate),
        "due_compliance_pct": percent(cell.compliance_of_due),
        "overdue_rate_pct": percent(cell.overdue_rate),
    }


def compared(found: list[Standing], wanted: dict[str, object]) -> None:
    figures = as_expected(tally(found))
    assert figures == {name: wanted[name] for name in figures}
    assert ageing(found).longest == wanted["max_days_overdue"]


def test_every_person_of_the_worked_example_stands_where_the_reference_says(world: World) -> None:
    found = standings(world, AS_AT, end_of(AS_AT))
    for name, (status, day) in EXPECTED["status"].items():
        standing = found[name]
        assert (standing.status, standing.due_on or standing.expires_on) == (
            status,
            date.fromisoformat(day) if day else None,
        ), name
    assert found["P02"].reason == "lapsed" and found["P12"].reason == "never"
    assert found["P09"].status == "not_applicable"
    placed = {world.name_of(row.person_id) for row in population(AS_AT, end_of(AS_AT))}
    assert placed == set(EXPECTED["status"])
    assert standings(world, AS_AT, clock.now()) == found, "looked up months later, it is still the same"


def test_coverage_of_the_worked_example_is_as_the_reference_says(world: World) -> None:
    for unit in UNITS:
        compared(of_unit(world, unit, AS_AT, end_of(AS_AT)), EXPECTED["compliance"][unit])


def test_a_transfer_does_not_change_the_month_before_it(world: World) -> None:
    for unit, wanted in EXPECTED["history"].items():
        for known_on in (EARLIER, AS_AT):
            compared(of_unit(world, unit, EARLIER, end_of(known_on)), wanted)


def test_a_late_record_counts_only_for_who_asks_after_it_was_recorded(world: World) -> None:
    before = of_unit(world, "HLT", AS_AT, end_of(AS_AT))
    record_late(world)
    later = date(2026, 4, 5)
    assert of_unit(world, "HLT", AS_AT, end_of(AS_AT)) == before
    wanted = EXPECTED["late_record"]
    for known_on in (AS_AT, later):
        cell = tally(of_unit(world, "HLT", AS_AT, end_of(known_on)))
        assert as_expected(cell)["current_rate_pct"] == wanted[f"known_{known_on}"]
    assert standings(world, AS_AT, end_of(later))["P12"].expires_on == date(2027, 3, 30)
    on_the_eve = end_of(later - timedelta(1))
    assert standings(world, AS_AT, on_the_eve)["P12"].status == "overdue"


def test_a_self_rating_is_no_level_and_an_untested_competence_is_not_assessed(world: World) -> None:
    levels = latest_levels(AS_AT, end_of(AS_AT))
    assert levels[world.people["P08"]] == {"1.2": 4}
    assert levels[world.people["P01"]] == {"1.2": 4, "1.3": 4, "5.3": 3}
    assert world.people["P03"] not in levels
