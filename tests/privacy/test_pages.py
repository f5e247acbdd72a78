"""The pages about what is kept and what goes, as an administrator uses them."""

from __future__ import annotations

import json
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.kernel.actor import SYSTEM
from lms.kernel.audit import AuditEvent
from lms.kernel.db import db, transaction
from lms.people.models import Person
from lms.privacy.actions import ruling
from lms.xapi.models import LegalHold, RetentionRule
from tests.factories import Made, Make
from tests.house.pages import faults


@pytest.fixture
def chief(make: Make, client: FlaskClient) -> Made:
    person = make.person(roles=["administrator"], name="Chief Able")
    make.sign_in(client, person)
    return person


@pytest.fixture
def learner(make: Make) -> Made:
    return make.person(name="Loretta Canarini", agency=make.root())


def test_rules_are_added_shown_and_ended(client: FlaskClient, chief: Made) -> None:
    assert "everything is kept" in client.get("/privacy/kept").text
    wrong = client.post("/privacy/rules/new", data={"months": "0", "agency_id": "0"})
    assert wrong.status_code == 422
    assert "There is a problem" in wrong.text
    form = {"record_class": "answers", "agency_id": "0", "months": "36", "why": "Schedule, section 4"}
    assert client.post("/privacy/rules/new", data=form).status_code == 303
    again = client.post("/privacy/rules/new", data=form)
    assert again.status_code == 422
    assert "already" in again.text
    shown = client.get("/privacy/kept").text
    assert "36 months" in shown
    assert "Schedule, section 4" in shown
    with transaction():
        number = db.session.scalar(select(RetentionRule.id))
    assert client.get(f"/privacy/rules/{number}/end").status_code == 200
    assert client.post(f"/privacy/rules/{number}/end", data={"why": ""}).status_code == 422
    assert client.post(f"/privacy/rules/{number}/end", data={"why": "New schedule"}).status_code == 303
    assert client.get(f"/privacy/rules/{number}/end").status_code == 404


def test_holds_are_laid_and_released(client: FlaskClient, chief: Made, learner: Made) -> None:
    nobody = {"person": "nobody@x.example", "agency_id": "0", "record_class": "", "why": "Case 12"}
    assert client.post("/privacy/holds/new", data=nobody).status_code == 422
    assert client.post("/privacy/holds/new", data={**nobody, "person": ""}).status_code == 422
    empty = client.post("/privacy/holds/new", data={**nobody, "person": "", "why": ""})
    assert empty.status_code == 422
    assert "Say what to keep back" in empty.text and "Give the reason" in empty.text
    both = client.post("/privacy/holds/new", data={**nobody, "why": "", "record_class": "answers"})
    for told in ("Say what to keep back", "Give the reason", "more than one, is known by this"):
        assert told in both.text
    assert client.post("/privacy/holds/new", data={**nobody, "person": learner.email}).status_code == 303
    with transaction():
        hold = db.session.scalars(select(LegalHold)).one()
        assert hold.person_id == learner.id
        number = hold.id
    page = client.get("/privacy/kept").text
    assert "Case 12" in page
    assert f'<th scope="row"><a class="govuk-link" href="/people/{learner.id}">Loretta Canarini</a></th>' in page
    assert f"Person {learner.id}" not in page
    assert "Loretta Canarini" in client.get(f"/privacy/holds/{number}/release").text
    with transaction():
        looked = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "looked")).all()
    assert ("what is kept back", {"people": [learner.id]}) in [(one.why, one.after) for one in looked]
    refused = client.post(f"/privacy/people/{learner.id}/erase", data={"why": "Asked for", "sure": "y"})
    assert refused.status_code == 422
    assert "Case 12" in refused.text
    assert client.post(f"/privacy/holds/{number}/release", data={"why": "Closed"}).status_code == 303


def test_a_person_is_found_taken_along_and_erased(client: FlaskClient, chief: Made, learner: Made) -> None:
    found = client.get("/privacy/people", query_string={"q": "Canarini"})
    assert f"/privacy/people/{learner.id}/erase" in found.text
    assert f"/privacy/people/{learner.id}/erase" in client.get(f"/people/{learner.id}").text
    taken = client.get(f"/privacy/people/{learner.id}/export")
    assert taken.headers["Content-Disposition"].startswith("attachment")
    assert json.loads(taken.text)["tables"]["person"]["rows"][0]["name"] == learner.name
    asked = client.get(f"/privacy/people/{learner.id}/erase")
    assert "This goes" in asked.text
    assert client.post(f"/privacy/people/{learner.id}/erase", data={"why": "Asked for"}).status_code == 422
    named = {"why": f"{learner.name} asked", "sure": "y"}
    assert "names the person" in client.post(f"/privacy/people/{learner.id}/erase", data=named).text
    done = client.post(f"/privacy/people/{learner.id}/erase", data={"why": "Asked for, file 77", "sure": "y"})
    assert done.status_code == 303
    assert "This person was erased" in client.get(f"/privacy/people/{learner.id}/erase").text
    with transaction():
        assert db.session.scalar(select(Person.name).where(Person.id == learner.id)) == "Erased person"
        deeds = db.session.scalars(select(AuditEvent.action).where(AuditEvent.subject_id == str(learner.id))).all()
    assert {"privacy.erase_person", "exported", "looked"} <= set(deeds)


@pytest.mark.parametrize(
    ("address", "wrong", "told"),
    [
        ("rules/new", {"record_class": "all"}, "There is no such class of records: choose one of these"),
        ("rules/new", {"agency_id": "x"}, "There is no such agency: choose one from the list"),
        ("rules/new", {"agency_id": "99"}, "There is no such agency: choose one from the list"),
        ("rules/new", {"months": "few"}, "Enter a number of months from 1 to 1200"),
        ("rules/new", {"months": "0"}, "Enter a number of months from 1 to 1200"),
        ("rules/new", {"why": "w" * 2001}, "Give the reason in at most 2,000 characters"),
        ("holds/new", {"agency_id": "99"}, "There is no such agency: choose one from the list"),
        ("holds/new", {"record_class": "all"}, "There is no such class of records: choose one of these"),
        ("holds/new", {"person": "p" * 255}, "This is too long: enter an HR number or an e-mail address"),
    ],
)
def test_what_is_wrong_is_said_once_and_in_our_words(
    client: FlaskClient, chief: Made, address: str, wrong: dict[str, str], told: str
) -> None:
    right = {"record_class": "answers", "agency_id": "0", "months": "36", "why": "Schedule, section 4"}
    answer = client.post(f"/privacy/{address}", data={**right, **wrong})
    assert answer.status_code == 422 and faults(answer.text) == []
    assert answer.text.count(told) == 2  # above, and beside the field
    assert not re.search("Not a valid|not a valid|Field must|Field cannot|Number must|coerce", answer.text)


def test_too_long_a_search_is_said_in_our_words(client: FlaskClient, chief: Made) -> None:
    assert "This is too long: a part of the name is enough" in client.get("/privacy/people?q=" + "x" * 201).text


def test_the_pages_of_the_record_share_one_row_and_mark_the_present_one(client: FlaskClient, make: Make) -> None:
    places = ("/records", "/records/checkpoints", "/records/keys", "/records/recognition", "/privacy/kept")
    for role in ("administrator", "auditor"):
        make.sign_in(client, make.person(roles=[role]))
        for place in places:
            page = client.get(place).text
            assert faults(page) == []
            (row,) = re.findall(r'<nav aria-label="Parts of the record">.*?</nav>', page, re.DOTALL)
            assert tuple(re.findall('href="([^"]+)"', row)) == places
            assert re.findall(r'<a href="([^"]+)" aria-current="page">', row) == [place]


def test_nobody_erases_himself(client: FlaskClient, chief: Made) -> None:
    answer = client.post(f"/privacy/people/{chief.id}/erase", data={"why": "Asked for", "sure": "y"})
    assert answer.status_code == 403


def test_auditors_see_what_is_kept_and_change_nothing(client: FlaskClient, make: Make, learner: Made) -> None:
    with transaction():
        ruling.add_rule(actor=SYSTEM, record_class="answers", agency_id=None, months=36, why="Schedule, section 4")
        ruling.lay_hold(actor=SYSTEM, record_class="outside", reason="Case 12")
    make.sign_in(client, make.person(roles=["auditor"]))
    page = client.get("/privacy/kept").text
    assert faults(page) == []
    assert "Schedule, section 4" in page and "Case 12" in page
    assert set(re.findall(r'href="(/privacy/[^"]+)"', page)) == {"/privacy/kept"}
    for address in ("/privacy/people", "/privacy/rules/new", "/privacy/rules/1/end", "/privacy/holds/1/release"):
        assert client.get(address).status_code == 403
        assert client.post(address).status_code in (403, 405)


def test_others_do_not_come_in(client: FlaskClient, make: Make, learner: Made) -> None:
    make.sign_in(client, make.person(roles=["hr_officer"]))
    for address in ("/privacy/kept", "/privacy/people", f"/privacy/people/{learner.id}/erase"):
        assert client.get(address).status_code == 403
