"""Courses of standings and sums of every day equal what each day by itself gives (docs/rules.md, 2.4 and 2.5)."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from lms.reporting.rules import (
    CELL_COUNTS,
    FIT_COUNTS,
    Cell,
    Fit,
    Held,
    Stay,
    Sums,
    cell_entries,
    cell_of,
    fit_entries,
    fit_on,
    person_fit,
    stay_on,
    stays,
    summed,
    taken_back,
    tally,
    total_fit,
    with_changes,
)
from lms.requirements.rules import PersonFacts, RequirementTerms, Span, status_on, steps
from tests.rules.governments import PEOPLE, facts_of, governments, offsets, on, terms_of

DAYS = [on(number) for number in range(-330, 1000, 3)]
_PLACES = {"GOV": 1, "FIN": 2, "TAX": 3, "HLT": 4}
levels = st.builds(
    lambda level, start, length: Held(level, on(start), date.max if length is None else on(start + length)),
    st.integers(1, 8),
    offsets,
    st.none() | st.integers(1, 300),
)
profiles = st.dictionaries(st.sampled_from(("1.1", "1.2", "4.2")), st.lists(levels, min_size=1, max_size=3))
aims = st.dictionaries(st.sampled_from(("1.1", "1.2", "4.2", "5.3")), st.integers(0, 6), max_size=4)
lengths = st.none() | st.integers(1, 200)
spans = st.lists(st.tuples(st.integers(1, 3), st.sampled_from(("policy", "admin")), offsets, lengths), max_size=3)


def course_of(world: Any, person: str, req: Any) -> tuple[PersonFacts, RequirementTerms]:
    return facts_of(world, person, req), terms_of(req)


def stays_of(found: list[tuple[int, str, int, int | None]]) -> tuple[Stay, ...]:
    return stays((at, family, on(day), date.max if n is None else on(day + n)) for at, family, day, n in found)


def levels_on(profile: dict[str, list[Held]], day: date) -> dict[str, int]:
    held = {code: [item.level for item in items if item.start <= day < item.end] for code, items in profile.items()}
    return {code: max(found) for code, found in held.items() if found}


@settings(max_examples=100, deadline=None, database=None)
@given(governments())
def test_a_course_says_of_every_day_what_the_rule_says_of_it(government: tuple[Any, Any]) -> None:
    world, req = government
    for person in PEOPLE:
        facts, terms = course_of(world, person, req)
        course = steps(facts, terms)
        assert all(one.day < other.day and one[1:] != other[1:] for one, other in pairwise(course))
        for day in [*DAYS, *(step.day for step in course), *(step.day - timedelta(1) for step in course)]:
            status, expiring = next(((s.status, s.expiring) for s in reversed(course) if s.day <= day), (None, False))
            standing = status_on(facts, terms, day)
            assert (standing.status, standing.expiring) == (status or "not_applicable", expiring)


@settings(max_examples=60, deadline=None, database=None)
@given(governments())
def test_cells_of_every_day_are_the_tally_of_that_day(government: tuple[Any, Any]) -> None:
    world, req = government
    known = {person: course_of(world, person, req) for person in PEOPLE}
    where = {
        person: stays(
            (_PLACES[a.agency], a.family, a.start, a.end or date.max) for a in world.assignments if a.person == person
        )
        for person in PEOPLE
    }
    sums = summed((entry for who in PEOPLE for entry in cell_entries(where[who], steps(*known[who]))), CELL_COUNTS)
    for day in DAYS:
        there: dict[int, list[Any]] = {}
        for who, (facts, terms) in known.items():
            stay = stay_on(where[who], day)
            if stay is not None:
                there.setdefault(stay.place, []).append(status_on(facts, terms, day))
        cells = {place: cell_of(theirs.on(day)) for place, theirs in sums.items()}
        assert {at: cell for at, cell in cells.items() if cell != Cell()} == {at: tally(s) for at, s in there.items()}


@settings(max_examples=100, deadline=None, database=None)
@given(st.lists(st.tuples(spans, profiles), min_size=1, max_size=3), aims, aims)
def test_fits_of_every_day_are_the_sums_of_that_day(people: Any, policy: dict[str, int], admin: dict[str, int]) -> None:
    targets = {"policy": policy, "admin": admin}
    known = [(stays_of(found), profile) for found, profile in people]
    sums = summed((entry for where, profile in known for entry in fit_entries(where, profile, targets)), FIT_COUNTS)
    for day in DAYS[::4]:
        there: dict[int, list[Fit]] = {}
        for where, profile in known:
            stay = stay_on(where, day)
            if stay is not None:
                held = {
                    code: [item.level for item in items if item.start <= day < item.end]
                    for code, items in profile.items()
                }
                fit = person_fit({code: max(found) for code, found in held.items() if found}, targets[stay.family])
                assert fit_on(profile, targets[stay.family], day) == fit
                there.setdefault(stay.place, []).append(fit)
        wanted = {place: total_fit(fits) for place, fits in there.items()}
        found = {place: Fit(*theirs.on(day)) for place, theirs in sums.items()}
        assert {at: fit for at, fit in found.items() if fit != Fit()} == {
            at: f for at, f in wanted.items() if f != Fit()
        }


@settings(max_examples=60, deadline=None, database=None)
@given(st.lists(st.tuples(st.integers(1, 2), offsets.map(on), st.integers(0, 2), st.integers(-3, 3)), max_size=400))
def test_changes_that_come_later_count_as_if_they_had_been_there_from_the_first(entries: Any) -> None:
    half = len(entries) // 2
    whole, piecemeal = summed(entries, 3), summed(entries[:half], 3)
    for start in range(half, len(entries), 7):
        piecemeal = with_changes(piecemeal, entries[start : start + 7][: len(entries) - start], 3)
    nothing = with_changes(piecemeal, taken_back(entries), 3)
    for day in DAYS[::5]:
        assert {at: sums.on(day) for at, sums in piecemeal.items()} == {at: sums.on(day) for at, sums in whole.items()}
        assert not any(any(sums.on(day)) for sums in nothing.values())


def test_many_later_changes_are_folded_in() -> None:
    sums = Sums(1, (), ())
    for number in range(500):
        sums = sums.plus([(on(number), 0, 1)])
        assert len(sums.later) <= 200
    assert [sums.on(on(number))[0] for number in (-1, 0, 250, 499, 900)] == [0, 1, 251, 500, 500]


def test_of_two_assignments_at_once_the_one_that_began_first_counts() -> None:
    found = stays([(2, "b", on(5), on(9)), (1, "a", on(0), on(7)), (3, "c", on(1), on(3))])
    assert found == (Stay(1, "a", on(0), on(7)), Stay(2, "b", on(7), on(9)))


def test_who_was_never_in_the_audience_has_no_course() -> None:
    facts = PersonFacts((), (Span(on(0)),))
    assert steps(facts, RequirementTerms(on(0))) == ()
