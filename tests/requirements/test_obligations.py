"""What one person owes, and why: in words, with few queries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import event, update

from lms.agencies.actions import move_agency
from lms.agencies.models import Agency
from lms.kernel import clock
from lms.kernel.actor import ANONYMOUS, SYSTEM, Actor
from lms.kernel.db import db
from lms.people.actions import end_assignment, transfer
from lms.requirements.actions import create_requirement
from lms.requirements.models import Requirement
from lms.requirements.queries import (
    facts,
    requirement_by_code,
    standing_by_person,
    standings_by_requirement,
    standings_of,
    why_me,
)
from lms.requirements.queries.rows import RequirementRow
from lms.requirements.views import course_why
from tests.factories import Made, Make
from tests.requirements.world import AS_AT, EXPECTED, World, complete, end_of

TODAY = date(2026, 11, 23)


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that reach the database meanwhile."""
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def require(agency_id: int, code: str = "SEC", target: str = "course:sec-201", **terms: Any) -> RequirementRow:
    given: dict[str, Any] = {"title": f"Title of {code}", "effective_from": date(2025, 1, 1), **terms}
    create_requirement(actor=SYSTEM, code=code, target=target, agency_id=agency_id, **given)
    row = requirement_by_code(code)
    assert row is not None
    return row


def joined_lately(make: Make, **terms: Any) -> Made:
    return make.person(account=False, starts_on=date(2026, 11, 1), **terms)


def status(row: RequirementRow, person: Made, day: date) -> str:
    return standing_by_person(row, [day], clock.now())[day][person.id].status


def test_the_reason_says_of_whom_why_and_by_when(make: Make, commit: Any) -> None:
    root, person = make.root(), joined_lately(make, family="PA")
    with commit():
        require(root, legal_basis="Circular 4/2025")
        require(root, "POL", "course:dat-302", families=["PA", "SO"])
    first, second = standings_of(person.id)
    assert (first.code, first.course_slug, first.is_open) == ("POL", "dat-302", True)
    assert first.reason == (
        "Required of everyone in Government who works in: Policy, Service owner or digital team; due 1 Dec 2026."
    )
    assert second.reason == "Required of everyone in Government, because of Circular 4/2025; due 1 Dec 2026."


def test_the_reason_says_how_late_it_is(make: Make, commit: Any) -> None:
    root = make.root()
    with commit():
        require(root)
    wanted = {
        date(2026, 10, 20): "was due 19 Nov 2026, with grace until 3 Dec 2026.",
        date(2026, 10, 8): "was due 7 Nov 2026, 16 days ago.",
        date(2025, 12, 1): "was due 31 Dec 2025, 327 days ago.",
    }
    for joined, words in wanted.items():
        (owed,) = standings_of(make.person(account=False, starts_on=joined).id)
        assert owed.reason.endswith(f"; {words}") and owed.is_open


def test_the_reason_says_until_when_it_is_held(make: Make, commit: Any) -> None:
    root, person = make.root(), joined_lately(make)
    with commit():
        require(root)
        require(root, "ONCE", "course:chg-301", recurrence="none")
        complete(person.id, "sec-201", date(2026, 11, 10))
        complete(person.id, "chg-301", date(2026, 11, 10))
    words = {owed.code: owed.reason for owed in standings_of(person.id)}
    assert words["SEC"] == "Required of everyone in Government; you hold it through 9 Nov 2027."
    assert words["ONCE"] == "Required of everyone in Government; you hold it for good."


def test_who_is_absent_owes_nothing_now(make: Make, commit: Any) -> None:
    root, person = make.root(), joined_lately(make)
    make.absence(person, TODAY)
    with commit():
        require(root)
    (owed,) = standings_of(person.id)
    assert owed.reason.endswith("; not due while you are absent.") and not owed.is_open
    assert [row.standing.status for row in standings_of(person.id, TODAY - timedelta(1))] == ["not_yet_due"]


def test_two_requirements_on_one_target_are_one_obligation_by_the_strictest(make: Make, commit: Any) -> None:
    root, person = make.root(), joined_lately(make)
    with commit():
        require(root, "CENTRAL", initial_days=60)
        require(root, "AGENCY", initial_days=10)
    (owed,) = standings_of(person.id)
    assert (owed.code, owed.sources) == ("AGENCY", ("AGENCY", "CENTRAL"))
    assert owed.standing.due_on == date(2026, 11, 11) and len(owed.reasons) == 2


def test_who_is_not_meant_owes_nothing(make: Make, commit: Any) -> None:
    root = make.root()
    here, there = make.agency("FIN", parent=root), make.agency("HLT", parent=root)
    person = joined_lately(make, agency=there, family="CA")
    unassigned = make.person(account=False, assigned=False)
    with commit():
        require(here)
        require(root, "POL", families=["PA"])
        require(root, "OLD", effective_to=TODAY)
        require(root, "NEW", effective_from=TODAY + timedelta(1))
    assert standings_of(person.id) == standings_of(unassigned.id) == []
    assert why_me(person.id, "sec-201") is None and why_me(person.id, "elsewhere") is None
    assert [owed.code for owed in standings_of(person.id, TODAY - timedelta(1))] == ["OLD"]


def test_everything_one_person_owes_takes_two_queries_and_one_course_takes_one(make: Make, commit: Any) -> None:
    root, person = make.root(), joined_lately(make)
    with commit():
        for number in range(12):
            require(root, f"R{number}", f"course:c-{number}")
    with counted() as seen:
        assert len(standings_of(person.id)) == 12
    assert len(seen) == 2
    with counted() as seen:
        assert why_me(person.id, "c-3") is not None
    assert len(seen) == 3  # the requirement itself is read once, and again when a word of it changes
    with counted() as seen:
        assert why_me(person.id, "c-3") is not None
    assert len(seen) == 1
    with counted() as seen:
        assert why_me(person.id, "nothing") is None
    assert len(seen) == 1


def test_a_changed_word_of_a_requirement_or_of_its_agency_is_said_at_once(make: Make, commit: Any) -> None:
    root, person = make.root(), joined_lately(make)
    with commit():
        require(root, legal_basis="Circular 4/2025")
    before = why_me(person.id, "sec-201")
    assert before is not None and before.reason.startswith("Required of everyone in Government, because")
    with commit():
        db.session.execute(update(Requirement).values(legal_basis="Circular 9/2026", initial_days=10))
        db.session.execute(update(Agency).values(name="Commonwealth"))
    after = why_me(person.id, "sec-201")
    assert after is not None
    late = "was due 11 Nov 2026, with grace until 25 Nov 2026."
    assert after.reason == f"Required of everyone in Commonwealth, because of Circular 9/2026; {late}"
    with commit():
        require(root, "ALSO", initial_days=5)
    assert [o.sources for o in (why_me(person.id, "sec-201"),) if o] == [("ALSO", "SEC")]


def test_one_person_is_asked_by_agencies_above_their_own_at_the_time(make: Make, commit: Any) -> None:
    root = make.root()
    ministry, other = make.agency("FIN", parent=root), make.agency("HLT", parent=root)
    unit = make.agency("TAX", parent=ministry)
    person = joined_lately(make, agency=unit)
    with commit():
        require(ministry, "FIN-SEC")
        require(other, "HLT-SEC")
        move_agency(actor=SYSTEM, agency_id=unit, parent_id=other, on=TODAY)
    found = {day: why_me(person.id, "sec-201", day) for day in (TODAY - timedelta(1), TODAY)}
    assert {day: o.sources for day, o in found.items() if o} == {
        TODAY - timedelta(1): ("FIN-SEC",),
        TODAY: ("HLT-SEC",),
    }


def test_many_people_and_many_requirements_take_one_query(make: Make, commit: Any) -> None:
    root = make.root()
    with commit():
        rows = [require(root, f"R{number}", f"course:c-{number}") for number in range(3)]
    somebody = make.people(4, account=False)
    with counted() as seen:
        found = standings_by_requirement(rows, [TODAY, AS_AT], clock.now())
    assert len(seen) == 1
    assert {(code, day): len(people) for code, days in found.items() for day, people in days.items()} == {
        (row.code, day): 4 for row in rows for day in (TODAY, AS_AT)
    }
    chosen = [person.id for person in somebody[:2]]
    assert set(facts(rows[0], clock.now(), chosen)) == set(chosen)
    assert facts(rows[0], clock.now(), []) == {}


def test_the_course_page_says_why_and_by_when(app: Flask, make: Make, commit: Any) -> None:
    root, person = make.root(), joined_lately(make)
    with commit():
        require(root, legal_basis="Circular <4>/2025")
    reader = Actor("person", person_id=person.id)
    with app.test_request_context(), counted() as seen:
        html = course_why(reader, "sec-201")
        assert len(seen) == 3  # the requirement is read for the first time
        assert course_why(reader, "dl-101") == course_why(ANONYMOUS, "sec-201") == ""
    assert "Required of you: Title of SEC" in html
    assert "because of Circular &lt;4&gt;/2025; due 1 Dec 2026." in html


def test_a_transfer_within_the_audience_does_not_restart_the_clock_and_one_into_it_does(
    make: Make, commit: Any
) -> None:
    root = make.root()
    fin, hlt = make.agency("FIN", parent=root), make.agency("HLT", parent=root)
    tax = make.agency("TAX", parent=fin)
    person = make.person(account=False, agency=hlt, starts_on=date(2024, 1, 1))
    with commit():
        row = require(fin)
        transfer(actor=SYSTEM, person_id=person.id, agency_id=fin, on=date(2026, 9, 1))
        transfer(actor=SYSTEM, person_id=person.id, agency_id=tax, on=date(2026, 9, 20))
    assert status(row, person, date(2026, 8, 31)) == "not_applicable"
    (owed,) = standings_of(person.id)
    assert owed.standing.due_on == date(2026, 10, 1)


def test_an_agency_that_moves_brings_its_people_into_the_audience_on_that_day(make: Make, commit: Any) -> None:
    root = make.root()
    fin, hlt = make.agency("FIN", parent=root), make.agency("HLT", parent=root)
    unit = make.agency("UNIT", parent=hlt)
    desk = make.agency("DESK", parent=unit)
    person = make.person(account=False, agency=desk, starts_on=date(2024, 1, 1))
    with commit():
        row, everywhere = require(fin), require(root, "ALL", "course:dl-101")
    before = clock.now()
    with clock.at(before + timedelta(hours=1)), commit():
        move_agency(actor=SYSTEM, agency_id=unit, parent_id=fin, on=date(2026, 11, 10))
        days = (date(2026, 11, 9), date(2026, 11, 10), TODAY)
        assert [status(row, person, day) for day in days] == ["not_applicable", "not_yet_due", "not_yet_due"]
        assert standings_of(person.id, TODAY)[1].standing.due_on == date(2026, 12, 10)
        assert status(everywhere, person, TODAY) == "overdue", "the spell under the government was never broken"
        assert standing_by_person(row, [TODAY], before)[TODAY][person.id].status == "not_applicable"


def test_a_leaver_owes_nothing_from_the_last_day_on_and_a_return_starts_anew(make: Make, commit: Any) -> None:
    root = make.root()
    person = make.person(account=False, starts_on=date(2024, 1, 1))
    assert person.assignment_id is not None
    with commit():
        row = require(root)
        end_assignment(actor=SYSTEM, assignment_id=person.assignment_id, on=date(2026, 3, 31))
    days = (date(2026, 3, 30), date(2026, 3, 31))
    assert [status(row, person, day) for day in days] == ["overdue", "not_applicable"]


def test_who_returns_from_a_long_absence_gets_time_from_the_day_of_return(make: Make, commit: Any) -> None:
    root = make.root()
    person = make.person(account=False, starts_on=date(2026, 1, 1))
    make.absence(person, date(2026, 1, 20), date(2026, 7, 1))
    with commit():
        row = require(root)
    found = standing_by_person(row, [date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 30)], clock.now())
    by_day = [people[person.id] for people in found.values()]
    assert [standing.status for standing in by_day] == ["excused", "not_yet_due", "in_grace"]
    assert by_day[1].due_on == date(2026, 7, 29)


def test_one_person_s_obligations_agree_with_everybody_s_standings(world: World) -> None:
    for name, (wanted, _) in EXPECTED["status"].items():
        (owed,) = standings_of(world.people[name], AS_AT, end_of(AS_AT))
        assert owed.standing.status == wanted
    assert standings_of(world.people["P09"], AS_AT, end_of(AS_AT)) == []
