"""Dated assignments, transfers, secondments and absences, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from lms.kernel import clock
from lms.kernel.actor import SYSTEM
from lms.kernel.audit import AuditEvent
from lms.kernel.db import db, glance
from lms.kernel.errors import CadreError, NotAllowed, NotThere, Refused
from lms.people import actions, queries
from lms.people.models import Assignment
from lms.people.queries import PrimarySpan
from tests.conftest import NOW
from tests.factories import HIRED, Made, Make

MARCH, APRIL, MAY = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)
LATER = NOW + timedelta(hours=1)


def spans(person: Made, known_at: datetime = LATER) -> list[PrimarySpan]:
    return queries.primary_spans(known_at, [person.id]).get(person.id, [])


def test_nobody_has_two_primary_assignments_on_one_day(make: Make, commit: Any) -> None:
    top = make.root()
    amina = make.person(agency=top, ends_on=APRIL)
    with pytest.raises(Refused) as refused, commit():
        actions.assign(actor=SYSTEM, person_id=amina.id, agency_id=top, starts_on=MARCH)
    assert "starts_on" in refused.value.errors
    with commit():
        actions.assign(actor=SYSTEM, person_id=amina.id, agency_id=top, starts_on=APRIL)
        actions.assign(actor=SYSTEM, person_id=amina.id, agency_id=top, starts_on=MARCH, is_primary=False)
    assert [(span.starts_on, span.ends_on) for span in spans(amina)] == [(HIRED, APRIL), (APRIL, None)]


def test_an_assignment_holds_from_its_first_day_until_the_day_before_its_end(make: Make) -> None:
    amina = make.person(starts_on=MARCH, ends_on=APRIL, agency=make.root())
    days = [MARCH - timedelta(1), MARCH, APRIL - timedelta(1), APRIL]
    counted = [[row.person_id for row in queries.population(day, NOW)] for day in days]
    assert counted == [[], [amina.id], [amina.id], []]


def test_ending_an_assignment_leaves_what_was_known_before_as_it_was(make: Make, commit: Any) -> None:
    amina = make.person(agency=make.root())
    with clock.at(LATER), commit():
        actions.end_assignment(actor=SYSTEM, assignment_id=amina.assignment_id or 0, on=APRIL)
    assert spans(amina, NOW)[0].ends_on is None
    assert spans(amina, LATER)[0].ends_on == APRIL
    assert queries.population(APRIL, NOW) and not queries.population(APRIL, LATER)


def test_an_assignment_that_never_began_leaves_no_day(make: Make, commit: Any) -> None:
    amina = make.person(starts_on=MARCH)
    with clock.at(LATER), commit():
        assert actions.end_assignment(actor=SYSTEM, assignment_id=amina.assignment_id or 0, on=MARCH) is None
    assert spans(amina) == []
    with pytest.raises(NotThere), commit():
        actions.end_assignment(actor=SYSTEM, assignment_id=amina.assignment_id or 0, on=MARCH)


@pytest.mark.parametrize("on", [date(2025, 1, 1), MAY])
def test_an_assignment_ends_within_its_days(make: Make, commit: Any, on: date) -> None:
    amina = make.person(starts_on=MARCH, ends_on=APRIL)
    with pytest.raises(Refused), commit():
        actions.end_assignment(actor=SYSTEM, assignment_id=amina.assignment_id or 0, on=on)


def test_a_transfer_counts_at_the_agency_of_the_day_and_takes_the_terms_along(make: Make, commit: Any) -> None:
    top = make.root()
    one, two = make.agency("ONE", parent=top), make.agency("TWO", parent=top)
    amina = make.person(agency=one, family="CA", grade="G7", title="Case officer", employment="fixed_term")
    with clock.at(LATER), commit():
        actions.transfer(actor=SYSTEM, person_id=amina.id, agency_id=two, on=APRIL, title="Lead")
    before, after = (queries.person_card(amina.id, day) for day in (APRIL - timedelta(1), APRIL))
    assert (before.agency_id, before.title, before.family) == (one, "Case officer", "CA")
    assert (after.agency_id, after.title, after.family, after.grade) == (two, "Lead", "CA", "G7")
    assert after.employment == "fixed_term"
    assert queries.person_card(amina.id, APRIL).starts_on == APRIL
    assert spans(amina, NOW) == [PrimarySpan(one, "CA", HIRED, None)]


def test_a_transfer_needs_somewhere_to_come_from(make: Make, commit: Any) -> None:
    top = make.root()
    amina = make.person(ends_on=APRIL)
    with pytest.raises(Refused), commit():
        actions.transfer(actor=SYSTEM, person_id=amina.id, agency_id=top, on=MAY)


def test_on_secondment_the_host_is_primary_and_home_keeps_a_place_without_hours(make: Make, commit: Any) -> None:
    top = make.root()
    home, host = make.agency("HOME", parent=top), make.agency("HOST", parent=top)
    amina = make.person(agency=home, family="PA", fte_percent=80)
    with commit():
        actions.second(actor=SYSTEM, person_id=amina.id, host_agency_id=host, on=APRIL)
    columns = (Assignment.agency_id, Assignment.is_primary, Assignment.kind, Assignment.fte_percent)
    held = select(*columns).where(Assignment.withdrawn_at.is_(None), Assignment.ends_on.is_(None))
    assert sorted(tuple(row) for row in db.session.execute(held)) == sorted(
        [(home, False, "seconded_out", 0), (host, True, "secondment_in", 80)]
    )
    assert spans(amina) == [PrimarySpan(home, "PA", HIRED, APRIL), PrimarySpan(host, "PA", APRIL, None)]
    assert [row.agency_id for row in queries.population(APRIL, LATER)] == [host]


def test_a_secondment_with_an_end_leads_back_home(make: Make, commit: Any) -> None:
    top = make.root()
    home, host = make.agency("HOME", parent=top), make.agency("HOST", parent=top)
    amina = make.person(agency=home)
    with commit():
        actions.second(actor=SYSTEM, person_id=amina.id, host_agency_id=host, on=APRIL, until=MAY)
    assert [(span.agency_id, span.starts_on, span.ends_on) for span in spans(amina)] == [
        (home, HIRED, APRIL),
        (host, APRIL, MAY),
        (home, MAY, None),
    ]


def test_a_secondment_does_not_outlast_the_assignment_it_comes_from(make: Make, commit: Any) -> None:
    host = make.agency("HOST", parent=make.root())
    amina = make.person(ends_on=APRIL)
    with pytest.raises(Refused), commit():
        actions.second(actor=SYSTEM, person_id=amina.id, host_agency_id=host, on=MARCH, until=MAY)
    with commit():
        actions.second(actor=SYSTEM, person_id=amina.id, host_agency_id=host, on=MARCH)
    assert spans(amina)[-1].ends_on == APRIL


def test_leaving_ends_every_assignment_and_closes_the_account_on_its_day(make: Make, commit: Any) -> None:
    top = make.root()
    amina = make.person(agency=top, ends_on=date(2027, 1, 1))
    with commit():
        actions.assign(actor=SYSTEM, person_id=amina.id, agency_id=top, starts_on=APRIL, is_primary=False)
        actions.assign(actor=SYSTEM, person_id=amina.id, agency_id=top, starts_on=date(2027, 1, 1))
        actions.leave_service(actor=SYSTEM, person_id=amina.id, on=date(2026, 12, 1))
    assert spans(amina) == [PrimarySpan(top, "", HIRED, date(2026, 12, 1))]
    with glance():
        assert queries.actor_of(amina.account_id or 0, date(2026, 11, 30))
        assert queries.actor_of(amina.account_id or 0, date(2026, 12, 1)) is None
    other = make.person(agency=top)
    with commit():
        actions.leave_service(actor=SYSTEM, person_id=other.id, on=NOW.date())
    account = queries.account_of(other.id)
    assert account and account.state == "disabled"


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["assign", "end", "transfer", "second"]), st.integers(0, 40), st.none() | st.integers(1, 20)
    ),
    max_size=8,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MOVES)
def test_whatever_is_asked_nobody_is_counted_twice_on_any_day(make: Make, commit: Any, moves: list[Any]) -> None:
    with glance():
        top = make.root()
    amina = make.person(agency=top, account=False, ends_on=date(2026, 1, 20), starts_on=date(2026, 1, 10))
    for verb, first, length in moves:
        on = date(2026, 1, 1) + timedelta(first)
        until = on + timedelta(length) if length else None
        try:
            with commit():
                _move(verb, amina, top, on, until)
        except CadreError:
            pass  # whether it is refused is not the question here
    for number in range(70):
        day = date(2026, 1, 1) + timedelta(number)
        with glance():
            here = [row for row in queries.population(day, NOW) if row.person_id == amina.id]
        assert len(here) <= 1


def _move(verb: str, amina: Made, agency: int, on: date, until: date | None) -> None:
    if verb == "assign":
        actions.assign(actor=SYSTEM, person_id=amina.id, agency_id=agency, starts_on=on, ends_on=until)
    elif verb == "transfer":
        actions.transfer(actor=SYSTEM, person_id=amina.id, agency_id=agency, on=on)
    elif verb == "second":
        actions.second(actor=SYSTEM, person_id=amina.id, host_agency_id=agency, on=on, until=until)
    else:
        known = (Assignment.person_id == amina.id, Assignment.withdrawn_at.is_(None))
        latest = db.session.scalar(select(func.max(Assignment.id)).where(*known))
        actions.end_assignment(actor=SYSTEM, assignment_id=latest or 0, on=on)


def test_absences_do_not_overlap_and_are_read_as_known(make: Make, commit: Any) -> None:
    amina, other = make.person(), make.person()
    make.absence(amina, MARCH, APRIL)
    with pytest.raises(Refused):
        make.absence(amina, APRIL - timedelta(1))
    make.absence(amina, APRIL)
    with commit():
        actions.note_absence(actor=SYSTEM, person_id=other.id, starts_on=MARCH, long_term=False)
    assert queries.absences(LATER) == {amina.id: [(MARCH, APRIL), (APRIL, None)]}
    assert queries.absences(NOW - timedelta(1)) == {}
    assert queries.absences(LATER, [other.id]) == {}


WRONG = [
    ({"fte_percent": 101}, "fte_percent"),
    ({"kind": "hobby"}, "kind"),
    ({"employment": "friend"}, "employment"),
    ({"agency_id": 4711}, "agency_id"),
    ({"ends_on": HIRED}, "ends_on"),
]


@pytest.mark.parametrize(("terms", "field"), WRONG)
def test_what_is_wrong_with_an_assignment_is_named_by_field(
    make: Make, commit: Any, terms: dict[str, Any], field: str
) -> None:
    amina = make.person(assigned=False)
    with pytest.raises(Refused) as refused, commit():
        actions.assign(actor=SYSTEM, person_id=amina.id, **{"agency_id": make.root(), "starts_on": HIRED, **terms})
    assert set(refused.value.errors) == {field}


def test_only_who_may_manage_people_changes_them(make: Make, commit: Any) -> None:
    amina = make.person()
    officer = make.actor(make.person(roles=["hr_officer"]))
    with pytest.raises(NotAllowed), commit():
        actions.end_assignment(actor=officer, assignment_id=amina.assignment_id or 0, on=APRIL)
    with pytest.raises(NotAllowed), commit():
        actions.register_person(actor=officer, hr_number="X", name="X")
    with pytest.raises(NotAllowed), commit():
        actions.open_account(actor=officer, person_id=amina.id, email="x@gov.example", password="seven quiet rivers")


def test_every_change_of_a_person_is_in_the_audit_log(make: Make, commit: Any) -> None:
    amina = make.person(roles=["trainer"])
    with commit():
        actions.end_assignment(actor=SYSTEM, assignment_id=amina.assignment_id or 0, on=APRIL)
    done = db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    verbs = [action for action in done if action.startswith("people.")]
    assert verbs == [
        "people.register", "people.assign", "people.open_account", "people.grant_role", "people.end_assignment"
    ]  # fmt: skip


def test_a_stamp_names_the_agency_of_the_day(make: Make) -> None:
    top = make.root()
    amina = make.person(agency=top, starts_on=MARCH, ends_on=APRIL)
    assert queries.stamp(amina.id, MARCH).agency_id == top
    assert queries.stamp(amina.id, APRIL).agency_id is None
    assert queries.stamp(amina.id, APRIL).account_name == amina.account_name
    with pytest.raises(NotThere):
        queries.stamp(4711, MARCH)
    assert set(queries.stamps([amina.id, 4711], MARCH)) == {amina.id}


def test_a_moment_without_a_zone_is_no_moment_of_knowledge(make: Make) -> None:
    with pytest.raises(Exception, match="time zone"):
        queries.population(MARCH, datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None))
