"""Exemptions: decided by another person, for a time, and on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from lms.kernel import clock
from lms.kernel.actor import EVERYWHERE, SYSTEM, Actor, Reach
from lms.kernel.audit import AuditEvent
from lms.kernel.db import db
from lms.kernel.errors import NotAllowed, NotThere, Refused
from lms.requirements.actions import create_requirement, exempt, withdraw_exemption
from lms.requirements.queries import requirement_by_code, standing_by_person
from tests.factories import Made, Make

START, END = date(2026, 6, 1), date(2027, 6, 1)


@dataclass(frozen=True)
class Office:
    officer: Actor
    person: Made
    requirement_id: int

    def exempt(self, **other: Any) -> int:
        given = {"actor": self.officer, "person_id": self.person.id, "requirement_id": self.requirement_id}
        return exempt(**{**given, "starts_on": START, "ends_on": END, "reason": "Posted abroad", **other})


@pytest.fixture
def office(make: Make, commit: Any) -> Office:
    root = make.root()
    agency = make.agency("FIN", parent=root)
    officer, person = make.person(agency=root, account=False), make.person(agency=agency, account=False)
    with commit():
        requirement_id = create_requirement(
            actor=SYSTEM,
            code="SEC",
            title="Security",
            target="course:sec-201",
            agency_id=root,
            effective_from=date(2025, 1, 1),
        )
    powers = {"exemptions.decide": Reach(agencies=frozenset({root}))}
    return Office(Actor("person", person_id=officer.id, account_name="p-hr", powers=powers), person, requirement_id)


def status(office: Office, day: date) -> str:
    row = requirement_by_code("SEC")
    assert row is not None
    return standing_by_person(row, [day], clock.now())[day][office.person.id].status


def test_an_exemption_holds_from_its_first_day_to_the_day_before_its_end_and_is_noted(
    office: Office, commit: Any
) -> None:
    with commit():
        office.exempt()
    days = (START - timedelta(1), START, END - timedelta(1), END)
    assert [status(office, day) for day in days] == ["overdue", "exempt", "exempt", "overdue"]
    noted = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "requirements.exempt")).one()
    assert (noted.actor, noted.why) == ("p-hr", "Posted abroad")


def test_nobody_decides_on_their_own_exemption(office: Office, commit: Any) -> None:
    powers = {"exemptions.decide": EVERYWHERE}
    with pytest.raises(Refused, match="their own"), commit():
        office.exempt(actor=Actor("person", person_id=office.person.id, powers=powers))


def test_only_a_person_with_the_power_over_the_agency_decides(office: Office, commit: Any) -> None:
    elsewhere = Reach(agencies=frozenset({99_999}))
    for actor in (
        SYSTEM,
        Actor("client", powers={"exemptions.decide": EVERYWHERE}),
        Actor("person", person_id=0, powers={"evidence.see": EVERYWHERE}),
        Actor("person", person_id=0, powers={"exemptions.decide": elsewhere}),
    ):
        with pytest.raises(NotAllowed), commit():
            office.exempt(actor=actor)


def test_an_exemption_needs_a_reason_an_end_within_twelve_months_and_free_days(office: Office, commit: Any) -> None:
    with commit():
        office.exempt()
    later = END + timedelta(60)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"starts_on": END, "ends_on": later, "reason": "  "}, "reason"),
        ({"starts_on": END, "ends_on": END}, "ends_on"),
        ({"starts_on": START, "ends_on": END + timedelta(1)}, "ends_on"),
        ({"starts_on": START - timedelta(30), "ends_on": START + timedelta(1)}, "starts_on"),
        ({"starts_on": END - timedelta(1), "ends_on": later}, "starts_on"),
    ]
    for other, field in wrong:
        with pytest.raises(Refused) as refused, commit():
            office.exempt(**other)
        assert set(refused.value.errors) == {field}, other
    with commit():
        office.exempt(starts_on=END, ends_on=later)


def test_nobody_and_nothing_cannot_be_exempted(office: Office, commit: Any) -> None:
    with pytest.raises(NotThere), commit():
        office.exempt(person_id=99_999)
    with pytest.raises(NotThere), commit():
        office.exempt(requirement_id=99_999)


def test_a_withdrawn_exemption_counts_no_more_but_what_was_reported_can_be_told(office: Office, commit: Any) -> None:
    with commit():
        exemption_id = office.exempt()
    before, day = clock.now(), date(2026, 7, 1)
    with clock.at(before + timedelta(days=1)), commit():
        withdraw_exemption(actor=office.officer, exemption_id=exemption_id, reason="Back early")
    row = requirement_by_code("SEC")
    assert row is not None
    known = (before, before + timedelta(days=1))
    found = [standing_by_person(row, [day], moment)[day][office.person.id].status for moment in known]
    assert found == ["exempt", "overdue"]
    with pytest.raises(NotThere), commit():
        withdraw_exemption(actor=office.officer, exemption_id=exemption_id)
    with commit():
        office.exempt()
