"""The worked example (docs/rules.md, section 2.8) as pages, files and the command show it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from lms.kernel.actor import SYSTEM
from lms.kernel.errors import NotThere
from lms.reporting import queries
from lms.reporting.queries import Line, Matrix, Wish
from lms.reporting.rules import Cell, Fit, round_half_up
from tests.requirements.world import AS_AT, EARLIER, EXPECTED, World, record_late

EVERYTHING = frozenset({queries.EVERY})


def percent(rate: Fraction | None) -> float | None:
    return None if rate is None else float(round_half_up(rate * 100))


def line(found: Matrix, code: str) -> Line:
    return next(line for line in found.lines if line.agency and line.agency.code == code)


def same_cell(cell: Cell, wanted: dict[str, Any]) -> None:
    counts = ("headcount", "not_applicable", "excused", "exempt", "met", "not_yet_due", "in_grace", "overdue")
    figures = {name: getattr(cell, name) for name in (*counts, "expiring")}
    figures |= {"current_rate_pct": percent(cell.current_rate), "due_compliance_pct": percent(cell.compliance_of_due)}
    figures |= {"overdue_rate_pct": percent(cell.overdue_rate)}
    assert figures == {name: wanted[name] for name in figures}


def same_fit(fit: Fit, wanted: dict[str, Any]) -> None:
    rates = {"role_fit_pct": fit.role_fit, "pairs_met_pct": fit.targets_met}
    rates |= {"assessed_pct": fit.assessed_share, "gap_index_pct": fit.gap_index}
    figures = {"people_with_targets": fit.people, "fully_fit": fit.fully_fit, "pairs": fit.pairs}
    assert figures | {name: percent(rate) for name, rate in rates.items()} == wanted


def test_M1_M4_and_M5_of_every_agency_are_as_the_reference_says(world: World) -> None:
    for known_on in (None, AS_AT, date(2026, 6, 1)):
        found = queries.matrix(SYSTEM, Wish(AS_AT, known_on, opened=EVERYTHING))
        assert [entry.agency.code for entry in found.lines if entry.agency] == ["GOV", "FIN", "TAX", "HLT"]
        assert [entry.depth for entry in found.lines] == [0, 1, 2, 1]
        for code, wanted in EXPECTED["compliance"].items():
            same_cell(line(found, code).cells["SEC"], wanted)
        assert found.whole["SEC"] == line(found, "GOV").cells["SEC"]
        own = [entry.own["SEC"] for entry in found.lines]
        assert sum(own, Cell()) == found.whole["SEC"]


def test_M10_M10a_and_M10b_are_as_the_reference_says(world: World) -> None:
    found = queries.matrix(SYSTEM, Wish(AS_AT, opened=EVERYTHING))
    for code, wanted in EXPECTED["role_fit"].items():
        same_fit(line(found, code).fit, wanted)
    assert found.fit == line(found, "GOV").fit


def test_a_transfer_does_not_change_the_month_before_it(world: World) -> None:
    found = queries.matrix(SYSTEM, Wish(EARLIER, AS_AT))
    for code, wanted in EXPECTED["history"].items():
        same_cell(line(found, code).cells["SEC"], wanted)


def test_a_late_record_counts_only_for_who_asks_after_it_was_recorded(world: World) -> None:
    def rate(known_on: date | None) -> float | None:
        return percent(line(queries.matrix(SYSTEM, Wish(AS_AT, known_on)), "HLT").cells["SEC"].current_rate)

    before = rate(None)
    record_late(world)
    wanted = EXPECTED["late_record"]
    assert before == rate(AS_AT) == wanted["known_2026-03-31"]
    assert rate(date(2026, 4, 5)) == rate(None) == wanted["known_2026-04-05"]


def test_the_command_gives_the_same_figures_as_fractions(world: World) -> None:
    found = queries.coverage_json(actor=SYSTEM, as_at=AS_AT)
    assert {cell["agency"] for cell in found["cells"]} == {"GOV", "FIN", "TAX", "HLT"}
    for cell in found["cells"]:
        wanted = EXPECTED["compliance"][cell["agency"]]
        counts = ("headcount", "met", "not_yet_due", "in_grace", "overdue", "excused", "exempt")
        assert {name: cell[name] for name in counts} == {name: wanted[name] for name in counts}
        assert cell["requirement"] == "SEC"
        assert round(100 * cell["current_rate"], 1) == wanted["current_rate_pct"]
        assert round(100 * cell["compliance_of_due"], 1) == wanted["due_compliance_pct"]
    for fit in found["role_fit"]:
        if fit["agency"] in EXPECTED["role_fit"]:
            assert round(100 * fit["role_fit"], 1) == EXPECTED["role_fit"][fit["agency"]]["role_fit_pct"]


def test_a_requirement_not_in_force_on_the_day_has_no_rate(world: World) -> None:
    found = queries.coverage_json(actor=SYSTEM, as_at=date(2024, 6, 1), requirement="SEC", agency="HLT")
    assert [(c["agency"], c["headcount"], c["current_rate"], c["compliance_of_due"]) for c in found["cells"]] == [
        ("HLT", 4, None, None)
    ]


def test_an_unknown_code_is_refused_with_what_to_check(world: World) -> None:
    with pytest.raises(NotThere, match="no agency 'NOWHERE'"):
        queries.coverage_json(actor=SYSTEM, as_at=AS_AT, agency="NOWHERE")
    with pytest.raises(NotThere, match="no requirement 'NOTHING'"):
        queries.coverage_json(actor=SYSTEM, as_at=AS_AT, requirement="NOTHING")


def test_the_trend_counts_everybody_where_they_were_at_each_month_end(world: World) -> None:
    found = queries.overview(SYSTEM, Wish(AS_AT, agency="FIN"))
    assert len(found.trend) == 15
    assert [point.day for point in found.trend[-3:]] == [EARLIER, date(2026, 2, 28), AS_AT]
    same_cell(found.trend[-3].cell, EXPECTED["history"]["FIN"])
    same_cell(found.trend[-1].cell, EXPECTED["compliance"]["FIN"])
    assert found.headline is not None
    assert found.headline.expiring == {30: 1, 60: 1, 90: 1}
    assert found.headline.ageing.longest == EXPECTED["compliance"]["FIN"]["max_days_overdue"]
