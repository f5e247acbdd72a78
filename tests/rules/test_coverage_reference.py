"""Statuses and coverage of random governments against the executable reference, and the invariants 1 and 4."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from lms.reporting.rules import average_headcount, descendants, headcount, own_headcounts, tally
from lms.requirements.rules import status_on
from tests.reference import coverage_ref as ref
from tests.rules.governments import (
    PEOPLE,
    TREE,
    UNITS,
    facts_of,
    figures,
    governments,
    offsets,
    on,
    posts_of,
    shown_status,
    standings_in,
    terms_of,
)

asked = st.tuples(offsets.map(on), st.integers(0, 60))


@settings(max_examples=100, deadline=None, database=None)
@given(governments(), asked)
def test_every_status_equals_the_reference(government: tuple[Any, Any], when: tuple[date, int]) -> None:
    (world, req), day = government, when[0]
    known = day + timedelta(when[1])
    for person in PEOPLE:
        ours = status_on(facts_of(world, person, req), terms_of(req), day, known)
        status, date_shown = world.status(person, req, day, known)
        assert shown_status(ours) == [status, date_shown.isoformat() if date_shown else None]


@settings(max_examples=60, deadline=None, database=None)
@given(governments(), offsets.map(on))
def test_coverage_population_and_invariants_equal_the_reference(government: tuple[Any, Any], day: date) -> None:
    world, req = government
    posts = posts_of(world)
    for unit in UNITS:
        ours, theirs = figures(world, unit, req, day), ref.compliance(world, unit, req, day)
        assert {k: v for k, v in ours.items() if not k.endswith("_pct")} == {
            k: v for k, v in theirs.items() if not k.endswith("_pct")
        }
        cell = tally(standings_in(world, unit, req, day))
        assert cell.current_rate == ref.ratio(cell.met, cell.met + cell.not_yet_due + cell.in_grace + cell.overdue)
        assert cell.headcount == headcount(posts, descendants(TREE, unit), day)
    everybody = headcount(posts, set(TREE), day)
    assert sum(own_headcounts(posts, day).values()) == everybody  # invariant 1


@settings(max_examples=40, deadline=None, database=None)
@given(governments(), st.integers(-150, 200).map(on), st.integers(1, 60))
def test_average_headcount_equals_the_reference(government: tuple[Any, Any], start: date, days: int) -> None:
    world, end = government[0], start + timedelta(days)
    ours = average_headcount(posts_of(world), descendants(TREE, "FIN"), start, end)
    assert ours == ref.average_headcount(world, "FIN", start, end)


@settings(max_examples=60, deadline=None, database=None)
@given(governments(), st.integers(0, 400).map(on), st.integers(1, 100), st.sampled_from(UNITS))
def test_invariant_4_a_move_changes_no_earlier_figure(
    government: tuple[Any, Any], moved: date, earlier: int, to: str
) -> None:
    world, req = government
    day = moved - timedelta(earlier)
    before = [figures(world, unit, req, day) for unit in UNITS]
    for assignment in [a for a in world.assignments if a.person == "A" and a.on(moved) and a.start < moved]:
        world.assignments.append(ref.Assignment("A", to, moved, assignment.end, family=assignment.family))
        assignment.end = moved
    assert [figures(world, unit, req, day) for unit in UNITS] == before
