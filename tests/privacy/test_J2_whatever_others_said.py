"""Erasing a person takes what names the person and nothing else, however it is written and whoever stores meanwhile."""

from __future__ import annotations

import copy
import hashlib
import json
import threading
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from lms.kernel.actor import SYSTEM
from lms.kernel.db import db, transaction
from lms.kernel.errors import Busy
from lms.people.models import Person
from lms.privacy.actions import erasing
from lms.xapi.actions import documents, inbound, terms
from lms.xapi.actions.documents import Sent
from lms.xapi.models import Agent, Document, Link, StatementRow
from lms.xapi.rules import verbs
from lms.xapi.rules.agents import identifier
from lms.xapi.rules.documents import STATE, Conditions, Place
from lms.xapi.statements import account
from tests.privacy.conftest import CLIENT, busiest, differences, texts
from tests.privacy.test_erasure import SOME, said, send
from tests.together import together
from tests.xapi.drafts import body

DID, PLACE = "https://elsewhere.example/verbs/did", {"id": "https://elsewhere.example/courses/1"}
MAIL = "gone@gov.example"
BY_MAIL = {"mbox": f"mailto:{MAIL}"}
OTHER = {"mbox": "mailto:stays@gov.example"}
TEAM = {"objectType": "Group", "mbox": "mailto:team@gov.example"}


@pytest.fixture
def gone(lived: Flask) -> Any:
    """A person whom statements name by mail address as well."""
    person_id = busiest()
    with transaction():
        db.session.execute(update(Person).where(Person.id == person_id).values(work_mail=MAIL))
        return db.session.execute(select(Person.__table__).where(Person.id == person_id)).one()


def erase(person_id: int) -> None:
    with transaction():
        erasing.erase_person(actor=SYSTEM, person_id=person_id, why="Request of the person concerned, file 77")


def by(actor: dict[str, Any], id: UUID, thing: dict[str, Any] = PLACE, **more: Any) -> dict[str, Any]:
    return {**said(id, DID, thing, "x", **more), "actor": actor}


def left() -> set[UUID]:
    with transaction():
        return set(db.session.scalars(select(StatementRow.id).where(StatementRow.id.in_(SOME))))


def key_of(agent: dict[str, Any]) -> int | None:
    with transaction():
        return db.session.scalar(select(Agent.id).where(Agent.ifi == identifier(agent)))


def stand_anywhere(*words: str) -> list[tuple[str, str]]:
    return [(table, text) for table, text in texts() for word in words if word in text.lower()]


@pytest.mark.parametrize("by_account", [False, True])
def test_a_team_keeps_its_statements_when_a_member_goes(gone: Any, by_account: bool) -> None:
    member = account(gone.account_name) if by_account else BY_MAIL
    send(by({**TEAM, "name": "Team", "member": [member, OTHER]}, SOME[0]))  # the record first meets the team so
    send(by(TEAM, SOME[1]), by(OTHER, SOME[2], context={"team": TEAM}), by({**TEAM, "member": [OTHER]}, SOME[3]))
    team = key_of(TEAM)
    erase(gone.id)
    assert left() == {SOME[1], SOME[2], SOME[3]}
    assert key_of(TEAM) == team
    with transaction():
        kept = json.loads(db.session.scalars(select(Agent.payload).where(Agent.id == team)).one())
    assert (kept["name"], kept["member"]) == ("Team", [OTHER])
    assert stand_anywhere(MAIL) == []
    assert differences() == []


def test_a_group_that_is_its_members_goes_with_one_of_them(gone: Any) -> None:
    send(by({"objectType": "Group", "member": [BY_MAIL, OTHER]}, SOME[0]), by(OTHER, SOME[1]))
    erase(gone.id)
    assert left() == {SOME[1]}
    assert stand_anywhere(MAIL) == []


def test_a_statement_about_one_that_names_the_person_stays(gone: Any) -> None:
    send(by(account(gone.account_name), SOME[0]), by(OTHER, SOME[1], context={"instructor": BY_MAIL}))
    about = [{"objectType": "StatementRef", "id": str(id)} for id in SOME[:3]]
    send(by(OTHER, SOME[2], about[0]), by(OTHER, SOME[3], about[1]), by(OTHER, SOME[4], about[2]))
    erase(gone.id)
    assert left() == {SOME[2], SOME[3], SOME[4]}
    with transaction():
        keys = db.session.scalars(select(Link.key).where(Link.kind.in_((1, 2)))).all()
        assert not set(keys) - set(db.session.scalars(select(Agent.id)))


@pytest.mark.parametrize("written", [r"gone\u0040gov.example", r"GONE@GOV\u002eexample", r"gone@go\u0076.example"])
def test_an_address_with_letters_escaped_goes_too(gone: Any, written: str) -> None:
    statement = by(OTHER, SOME[0], result={"response": "write to MAIL"})
    send(by(OTHER, SOME[1], result={"response": 'a "quoted" line\nand another'}))
    text = body([statement]).decode().replace("MAIL", written)
    with transaction():
        inbound.accept(actor=CLIENT, body=text.encode(), version="2.0.0")
    erase(gone.id)
    assert left() == {SOME[1]}


def test_another_worker_stores_nothing_under_the_key_of_somebody_erased(gone: Any, app: Flask) -> None:
    send(by(BY_MAIL, SOME[0]), by(OTHER, SOME[1]))
    send(by(BY_MAIL, SOME[2]), by(OTHER, SOME[3]))  # whoever wrote the first has ended: now it is remembered
    old, elsewhere = key_of(BY_MAIL), copy.deepcopy(terms._remembered())
    assert elsewhere["agent"][identifier(BY_MAIL)] == old
    erase(gone.id)
    terms._remembered().update(elsewhere)
    with pytest.raises(Busy):
        send(by(OTHER, SOME[4]), by(BY_MAIL, SOME[5]))
    assert left() == {SOME[1], SOME[3]}
    send(by(OTHER, SOME[4]), by(BY_MAIL, SOME[5]))  # somebody else has that address by now
    with transaction():
        found = db.session.scalars(select(StatementRow.actor_id).where(StatementRow.id == SOME[5])).one()
        assert old not in db.session.scalars(select(Agent.id)).all()
    assert found == key_of(BY_MAIL) != old


def test_a_remembered_key_leads_no_reference_and_no_document_astray(gone: Any) -> None:
    for pair in (SOME[:2], SOME[2:4]):
        send(by(BY_MAIL, pair[0]), by(OTHER, pair[1]))
    elsewhere = copy.deepcopy(terms._remembered())
    erase(gone.id)
    send(by(BY_MAIL, SOME[4]))
    terms._remembered().update(elsewhere)
    send(by(OTHER, SOME[5], {"objectType": "StatementRef", "id": str(SOME[4])}))
    terms._remembered().update(elsewhere)
    place = Place(resource=STATE, activity=PLACE["id"], agent=BY_MAIL, name="s1")
    with transaction():
        sent = Sent(b"x", "text/plain", Conditions(), "2.0.0")
        documents.put(actor=SYSTEM, place=place, sent=sent)
    new = key_of(BY_MAIL)
    with transaction():
        seq = db.session.scalars(select(StatementRow.seq).where(StatementRow.id == SOME[5])).one()
        assert new in db.session.scalars(select(Link.key).where(Link.kind == 1, Link.seq == seq)).all()
        assert db.session.scalars(select(Document.agent_id)).one() == new


def test_what_is_learnt_after_forgetting_within_a_transaction_is_not_remembered(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        terms.agent_keys({identifier(OTHER): OTHER})
        terms.forget()
        terms.agent_keys({identifier(OTHER): OTHER})
        raise ZeroDivisionError
    assert identifier(OTHER) not in terms._remembered()["agent"]


@pytest.mark.only("postgresql")
@pytest.mark.parametrize("is_known", [True, False])
def test_a_statement_that_is_being_stored_goes_too(gone: Any, app: Flask, is_known: bool) -> None:
    """Whoever erases waits for those who store."""
    stored, erased = threading.Event(), threading.Event()
    actor = account(gone.account_name) if is_known else {"mbox_sha1sum": _sha1()}

    def store() -> None:
        with transaction():
            statement = {**by(actor, SOME[0]), "verb": {"id": verbs.PASSED}}
            inbound.accept(actor=CLIENT, body=body([statement]), version="2.0.0")
            stored.set()
            assert not erased.wait(1), "the erasure did not wait"

    def forget() -> None:
        assert stored.wait(10)
        erase(gone.id)
        erased.set()

    together(store, forget, app=app)
    assert left() == set()
    assert stand_anywhere(_sha1()) == []


def _sha1() -> str:
    return hashlib.sha1(f"mailto:{MAIL}".encode(), usedforsecurity=False).hexdigest()
