"""Erasing a person leaves no trace and changes no total (row J2, goal S11)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from assessments.models.attempts import AttemptItem
from lms.kernel import audit, mail
from lms.kernel.actor import SYSTEM, Actor
from lms.kernel.audit import AUDIT
from lms.kernel.db import Base, db, reading, transaction
from lms.kernel.errors import Conflict, NotAllowed, Refused
from lms.kernel.jobs import run_due
from lms.kernel.sealing import live
from lms.kernel.sealing.sealer import seal
from lms.people import actions as people
from lms.people.models import Person
from lms.privacy.actions import erasing, ruling
from lms.privacy.rules.naming import Names
from lms.privacy.rules.tables import OWN_WORDS, TABLES
from lms.reporting import queries as reports
from lms.settings import Settings
from lms.skills import actions as skills
from lms.xapi.actions import documents
from lms.xapi.actions.documents import Sent
from lms.xapi.actions.keys import create_key
from lms.xapi.models import StatementRow
from lms.xapi.queries.proofs import STATEMENTS
from lms.xapi.rules.documents import STATE, Conditions, Place
from lms.xapi.statements import account
from tests.conftest import NOW
from tests.factories import Make
from tests.privacy.conftest import busiest, differences, numbers, texts
from tests.privacy.test_erasure import SOME, said, send

WHY = "Request of the person concerned, file 77"
EXEMPT = {("exemption", "reason")}  # nobody of this history is excused
ANSWER, NOTE = "xylophone-answer", "xylophone-note"


@pytest.fixture
def somebody(lived: Flask) -> Any:
    """A person with a trail, of whom canaries stand wherever words are kept."""
    person_id = busiest()
    with transaction():
        known = {"name": "Xanthippe Canarini", "hr_number": "HRX-4711", "work_mail": "xanthippe@canary.example"}
        db.session.execute(update(Person).where(Person.id == person_id).values(**known))
        row = db.session.execute(select(Person.__table__).where(Person.id == person_id)).one()
        item = db.session.scalars(select(AttemptItem.id).where(_items_of(person_id))).first()
        answer = update(AttemptItem).where(AttemptItem.id == item)
        db.session.execute(answer.values(response={"written": ANSWER}))
        audit.note(actor=SYSTEM, action="looked", subject=("cell", "GOV"), after={"who": row.name}, why=NOTE)
        audit.note(actor=SYSTEM, action="looked", subject=("person", person_id), why=NOTE)
        mail.post(to=row.work_mail, subject="Due soon", body=f"Dear {row.name}", key="canary-1")
        mail.post(to="chief@gov.example", subject="Overdue", body=f"{row.name} is late", key="canary-2")
    if (account_id := _account_of(person_id)) is None:
        with transaction():
            people.open_account(actor=SYSTEM, person_id=person_id, email=row.work_mail, password="seven quiet rivers")
    else:
        _readdress(account_id, row.work_mail)
    by_mail = {"mbox": f"mailto:{row.work_mail}", "name": row.name}
    thing = {"id": "https://elsewhere.example/courses/1"}
    send(said(SOME[0], "https://elsewhere.example/verbs/did", thing, row.account_name, result={"response": ANSWER}))
    send({**said(SOME[1], "https://elsewhere.example/verbs/did", thing, "x"), "actor": by_mail})
    send(said(SOME[2], "https://elsewhere.example/verbs/did", thing, "x", context={"instructor": by_mail}))
    with transaction():
        seal(AUDIT)
        seal(STATEMENTS)
    return row


def _items_of(person_id: int) -> Any:
    attempt = Base.metadata.tables["attempt"]
    return AttemptItem.attempt_id.in_(select(attempt.c.id).where(attempt.c.person_id == person_id))


def _account_of(person_id: int) -> int | None:
    table = Base.metadata.tables["account"]
    with transaction():
        return db.session.scalar(select(table.c.id).where(table.c.person_id == person_id))


def _readdress(account_id: int, address: str) -> None:
    table = Base.metadata.tables["account"]
    with transaction():
        db.session.execute(update(table).where(table.c.id == account_id).values(email=address))


def erase(person_id: int, why: str = WHY) -> erasing.ErasedPerson:
    with transaction():
        return erasing.erase_person(actor=SYSTEM, person_id=person_id, why=why)


def figures() -> str:
    with transaction():
        found = reports.coverage_json(actor=SYSTEM, as_at=NOW.date(), known_on=None, requirement=None, agency=None)
    return json.dumps(found, sort_keys=True, default=str)


def test_no_identifier_is_left_and_the_totals_are_the_same(somebody: Any, settings: Settings) -> None:
    run_due({mail.SEND: mail.sender(settings)})
    before, standing = figures(), _counted()
    gone = erase(somebody.id)
    assert gone.statements > 10
    assert gone.answers > 0
    assert gone.mails == 2
    words = Names.of([somebody.name, somebody.hr_number, somebody.work_mail, ANSWER, NOTE])
    left = [(table, text) for table, text in texts() if words.stand_in([text])]
    assert left == []
    named = {table for table, text in texts() if somebody.account_name in text}
    assert named <= {"audit_event"}
    assert not [file for file in (settings.var / "mail").glob("*.eml") if somebody.work_mail in file.read_text()]
    assert figures() == before
    assert _counted() == standing
    assert differences() == []


def test_reasons_of_decisions_lose_the_name(somebody: Any) -> None:
    told = f"For {somebody.name.upper()} ({somebody.hr_number}, {somebody.work_mail}), as agreed."
    with transaction():
        ruling.add_rule(actor=SYSTEM, record_class="answers", agency_id=None, months=36, why=told)
        ruling.end_rule(actor=SYSTEM, rule_id=1, why=told)
        ruling.lay_hold(actor=SYSTEM, record_class="outside", reason=told)
        ruling.release_hold(actor=SYSTEM, hold_id=1, why=told)
        create_key(actor=SYSTEM, name=f"Academy, {somebody.name}", scopes=["all"])
        where: dict[str, Any] = {
            "activity": "https://academy.example/7",
            "target": "1.1",
            "level": 4,
            "assurance": "tested",
        }
        number = skills.recognise(actor=SYSTEM, **where, why=told)
        skills.withdraw(actor=SYSTEM, recognition_id=number, why=told)
        seal(AUDIT)
    words = Names.of([somebody.name, somebody.hr_number, somebody.work_mail])
    kept = {(table, column) for table, column in _written() if words.stand_in([_written()[table, column]])}
    assert kept == {(table, column) for table, columns in OWN_WORDS.items() for column in columns} - EXEMPT
    erase(somebody.id)
    assert {place for place, text in _written().items() if words.stand_in([text])} == set()
    assert _written()["skills_recognition", "withdrawn_why"] == "For … (…, …), as agreed."
    assert _written()["xapi_credential", "name"] == "Academy, …"
    with reading():
        assert live.check(AUDIT)[1] == []


def _written() -> dict[tuple[str, str], str]:
    """What people wrote in their own words, by table and column."""
    found = {}
    with reading():
        for name, columns in OWN_WORDS.items():
            table = Base.metadata.tables[name]
            for column in columns:
                values = db.session.scalars(select(table.c[column])).all()
                found[name, column] = " ".join(value or "" for value in values)
    return found


def _counted() -> dict[str, int]:
    """How many rows the counts of the past are made of."""
    kept = ("person", "assignment", "absence", "exemption", "enrolment", "attempt", "attainment", "fulfilment")
    with transaction():
        return {name: len(db.session.execute(select(Base.metadata.tables[name])).all()) for name in kept}


def test_the_sealed_logs_still_hold(somebody: Any) -> None:
    """Also where somebody is erased of whom more has been sealed than of what came before."""
    with transaction():
        assert seal(STATEMENTS, at_once=1).more, "some statements still wait to be sealed"
    erase(somebody.id)
    with transaction():
        assert seal(STATEMENTS).entries == 0
    for log in (STATEMENTS, AUDIT):
        with reading():
            assert live.check(log)[1] == []


def test_the_audit_keeps_the_pseudonym_and_who_erased_why(somebody: Any) -> None:
    erase(somebody.id)
    with transaction():
        deeds = db.session.scalars(
            select(audit.AuditEvent).where(audit.AuditEvent.action == "privacy.erase_person")
        ).all()
        assert [(deed.why, deed.subject_id) for deed in deeds] == [(WHY, str(somebody.id))]


def test_a_reason_that_names_the_person_is_refused(somebody: Any) -> None:
    for why in ("", f"Request of {somebody.name}", f"see {somebody.hr_number}"):
        with pytest.raises(Refused):
            erase(somebody.id, why)
    assert numbers()


def test_a_hold_keeps_everything(somebody: Any) -> None:
    with transaction():
        ruling.lay_hold(actor=SYSTEM, person_id=somebody.id, reason="Case 12")
    before = numbers()
    with pytest.raises(Conflict, match=r"Legal hold 1 .*Case 12"):
        erase(somebody.id)
    assert numbers() == before
    with transaction():
        ruling.release_hold(actor=SYSTEM, hold_id=1, why="Closed")
        agency = db.session.scalar(select(StatementRow.agency_id).where(StatementRow.person_id == somebody.id).limit(1))
        ruling.lay_hold(actor=SYSTEM, agency_id=agency, reason="Inquiry")
    with pytest.raises(Conflict, match="Inquiry"):
        erase(somebody.id)


def test_nobody_is_erased_twice_or_by_himself_or_by_whoever_may_not(somebody: Any, make: Make) -> None:
    chief = make.person(roles=["administrator"])
    with pytest.raises(NotAllowed), transaction():
        erasing.erase_person(actor=make.actor(chief), person_id=chief.id, why=WHY)
    with pytest.raises(NotAllowed), transaction():
        erasing.erase_person(actor=Actor("person", person_id=1), person_id=somebody.id, why=WHY)
    with transaction():
        erasing.erase_person(actor=make.actor(chief), person_id=somebody.id, why=WHY)
    with pytest.raises(Conflict, match="already"):
        erase(somebody.id)


def test_every_table_with_something_personal_says_what_an_erasure_does(app: Flask) -> None:
    personal = {
        table.name
        for table in Base.metadata.sorted_tables
        if any(column.info.get("privacy") == "personal" for column in table.columns)
    }
    assert personal == set(TABLES)
    for name, covered in TABLES.items():
        if covered.way not in ("nobody", "deed", "mail"):
            assert covered.column in Base.metadata.tables[name].c, name


def test_documents_of_the_person_go(somebody: Any) -> None:
    agent = account(somebody.account_name)
    place = Place(resource=STATE, activity="https://elsewhere.example/courses/1", agent=agent, name="s1")
    with transaction():
        sent = Sent(ANSWER.encode(), "text/plain", Conditions(), "2.0.0")
        documents.put(actor=SYSTEM, place=place, sent=sent)
    erase(somebody.id)
    assert not [text for table, text in texts() if ANSWER in text]
