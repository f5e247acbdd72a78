"""Statements go; ids, leaves, and what follows from them stay: rebuilding afterwards gives the identical rows."""

from __future__ import annotations

import random
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.kernel import clock
from lms.kernel.actor import SYSTEM, Actor
from lms.kernel.db import db, reading, transaction
from lms.kernel.errors import Conflict, NotAllowed
from lms.kernel.sealing import live
from lms.kernel.sealing.models import Leaf
from lms.people.models import Person
from lms.skills.actions import recognise
from lms.skills.models import Attainment
from lms.xapi import record
from lms.xapi.actions import inbound
from lms.xapi.actions.erasure import Erased, erase
from lms.xapi.models import Attachment, AttachmentSender, Carried, Link, Reference, StatementId, StatementRow
from lms.xapi.queries.proofs import STATEMENTS
from lms.xapi.rules import verbs
from lms.xapi.rules.facts import Draft, Stamp, Thing
from lms.xapi.rules.multipart import Part
from lms.xapi.rules.retention import Held, class_of
from lms.xapi.statements import account, iri
from tests.conftest import NOW
from tests.privacy.conftest import CLIENT, differences, numbers
from tests.xapi.drafts import body

NOTHING = Held()
ENTRY = {"certificate": "test"}
SOME = [UUID(int=0x7000_8000_0000_0000_0000 + n) for n in range(20)]


def erase_these(seqs: list[int], held: Held = NOTHING) -> Erased:
    with transaction():
        return erase(actor=SYSTEM, seqs=seqs, held=held, entry=ENTRY)


def account_name() -> str:
    with transaction():
        return str(db.session.scalar(select(Person.account_name).order_by(Person.id)))


def said(id: UUID, verb: str, thing: dict[str, object], name: str, **more: object) -> dict[str, object]:
    return {"id": str(id), "actor": account(name), "verb": {"id": verb}, "object": thing, **more}


def send(*statements: dict[str, object]) -> None:
    with transaction():
        inbound.accept(actor=CLIENT, body=body(list(statements)), version="2.0.0")


def void(target: UUID, id: UUID | None = None) -> None:
    send(said(id or uuid4(), verbs.VOIDED, {"objectType": "StatementRef", "id": str(target)}, "elsewhere"))


def seq_of(id: UUID) -> int:
    with transaction():
        return int(db.session.scalar(select(StatementId.seq).where(StatementId.id == id)) or 0)


def revoked(id: UUID) -> int:
    wanted = select(func.count()).where(Attainment.statement_id == id, Attainment.revoked_at.is_not(None))
    with transaction():
        return int(db.session.scalar(wanted) or 0)


def own_draft(verb: str, thing: str) -> Draft:
    with transaction():
        person = db.session.execute(select(Person.id, Person.account_name).order_by(Person.id)).first()
    assert person is not None
    stamp = Stamp(account_name=person.account_name, person_id=person.id, agency_id=None)
    return Draft(stamp=stamp, verb=verb, object=Thing(iri=iri(thing), type=verbs.COURSE))


def test_erasing_and_voiding_in_any_order_leaves_what_a_rebuild_gives(lived: Flask) -> None:
    rng, moment, name = random.Random(7), NOW + timedelta(minutes=2), account_name()
    place = {"id": "https://elsewhere.example/courses/1"}
    erased = 0
    for turn in range(6):
        with clock.at(moment + timedelta(minutes=turn)):
            send(said(SOME[turn], verbs.PASSED, place, name, result={"success": True, "response": "canary"}))
            proofs = _proofs()
            void(rng.choice(proofs))  # erased already, or not
            erased += erase_these(rng.sample(numbers(), k=len(numbers()) // 5)).statements
        with clock.at(moment + timedelta(minutes=turn, seconds=30)):  # a moment is not lived twice
            void(rng.choice(proofs))
        assert differences() == []
    with clock.at(moment + timedelta(minutes=9)):
        rest = numbers()
        erased += erase_these(rest).statements
    assert differences() == []
    assert numbers() == []
    assert erased > 1000
    with transaction():
        assert _count(Carried) > 300
        assert _count(Link) == 0
        assert _count(Reference) == 0
        assert db.session.scalar(select(func.count(Leaf.salt)).where(Leaf.subject.is_not(None), Leaf.log == 2)) == 0
    with reading():
        assert live.check(STATEMENTS)[1] == []


def _proofs() -> list[UUID]:
    with transaction():
        return list(db.session.scalars(select(Attainment.statement_id).order_by(Attainment.id)))


def _count(model: type) -> int:
    return int(db.session.scalar(select(func.count()).select_from(model)) or 0)


def test_what_is_carried_forward_holds_no_actor_no_answer_and_no_word_of_others(lived: Flask) -> None:
    place = {"id": "https://elsewhere.example/courses/1", "definition": {"name": {"en": "canary course"}}}
    context = {"extensions": {"https://elsewhere.example/x": "canary"}, "revision": "canary"}
    result = {"success": True, "response": "canary", "score": {"scaled": 0.5}}
    name = account_name()
    send(said(SOME[0], verbs.PASSED, place, name, result=result, context=context))
    assert erase_these([seq_of(SOME[0])]) == Erased(1, 1)
    with transaction():
        row = db.session.scalars(select(Carried)).one()
        assert "canary" not in row.essence
        assert name not in row.essence
        assert "0.5" in row.essence


def test_an_erased_id_does_not_come_back(lived: Flask) -> None:
    thing = {"id": "https://elsewhere.example/courses/1"}
    statement = said(SOME[0], verbs.PASSED, thing, account_name())
    send(statement)
    erase_these([seq_of(SOME[0])])
    with pytest.raises(Conflict, match="has been erased"):
        send(statement)


def test_voiding_what_was_erased_still_revokes_what_it_proved(lived: Flask) -> None:
    send(said(SOME[0], verbs.PASSED, {"id": "https://elsewhere.example/courses/1"}, account_name()))
    erase_these([seq_of(SOME[0])])
    with clock.at(NOW + timedelta(hours=1)):
        void(SOME[0], SOME[1])
        assert revoked(SOME[0]) == 1
        erase_these([seq_of(SOME[1])])  # also when the voiding statement goes as well
        assert revoked(SOME[0]) == 1
    assert differences() == []


def test_nothing_is_found_any_more_by_what_it_spoke_of(lived: Flask) -> None:
    thing = {"id": "https://elsewhere.example/courses/1"}
    target = {"objectType": "StatementRef", "id": str(SOME[0])}
    around = {"context": {"instructor": {"mbox": "mailto:teacher@elsewhere.example"}, "registration": str(SOME[9])}}
    send(said(SOME[0], verbs.PASSED, thing, account_name(), **around))
    send(said(SOME[1], verbs.EXPERIENCED, target, "elsewhere"), said(SOME[2], verbs.EXPERIENCED, thing, "elsewhere"))
    theirs = seq_of(SOME[1])
    with transaction():
        before = db.session.scalar(select(func.count()).where(Link.seq == theirs))
    erase_these([seq_of(SOME[0])])
    with transaction():
        after = db.session.scalar(select(func.count()).where(Link.seq == theirs))
        assert (before or 0) > 0
        assert after == 0
    erase_these([theirs, seq_of(SOME[2])])
    with transaction():
        assert db.session.scalar(select(func.count()).where(Reference.seq == theirs)) == 0


def test_an_attachment_goes_with_the_last_statement_that_names_it(lived: Flask) -> None:
    content = b"a scan of something"
    sha = "a" * 64
    part = {sha: Part(sha, "text/plain", content)}
    attached = {
        "attachments": [
            {
                "usageType": "https://elsewhere.example/scan",
                "display": {"en": "Scan"},
                "contentType": "text/plain",
                "length": len(content),
                "sha2": sha,
            }
        ]
    }
    thing = {"id": "https://elsewhere.example/courses/1"}
    for id in SOME[:2]:
        statement = said(id, verbs.PASSED, thing, account_name(), **attached)
        with transaction():
            inbound.accept(actor=CLIENT, body=body([statement]), version="2.0.0", parts=part)
    left = []
    for id in SOME[:2]:
        erase_these([seq_of(id)])
        with transaction():
            left.append((_count(Attachment), _count(AttachmentSender)))
    assert left == [(1, 1), (0, 0)]


def test_what_is_held_does_not_go_whoever_chose_it(lived: Flask) -> None:
    with transaction():
        record(own_draft(verbs.LOGGED_IN, "product"))
    seq = numbers()[-1]
    held_class = class_of(verbs.LOGGED_IN, own=True)
    with pytest.raises(Conflict, match="hold"):
        erase_these([seq], Held(classes=frozenset({held_class})))
    with transaction():
        person = db.session.scalar(select(StatementRow.person_id).where(StatementRow.seq == seq))
    with pytest.raises(Conflict, match="hold"):
        erase_these([seq], Held(persons=frozenset({person or 0})))
    assert seq in numbers()


def test_only_who_may_erase_does(lived: Flask) -> None:
    with pytest.raises(NotAllowed), transaction():
        erase(actor=Actor("person", person_id=1), seqs=numbers(), held=Held(), entry=ENTRY)


def test_what_others_said_may_still_be_recognised_once_it_is_erased(lived: Flask) -> None:
    place = "https://elsewhere.example/courses/1"
    for id in SOME[:3]:
        send(said(id, verbs.PASSED, {"id": place}, account_name()))
    with clock.at(NOW + timedelta(hours=1)):
        void(SOME[2], SOME[3])
    erase_these([seq_of(id) for id in SOME[1:4]])
    with clock.at(NOW + timedelta(hours=2)), transaction():
        terms = {"target": "course:sec-201", "assurance": "tested", "why": "The same course"}
        number = recognise(actor=SYSTEM, activity=place, **terms)
    with transaction():
        by_it = db.session.scalars(select(Attainment.statement_id).where(Attainment.recognition == number)).all()
    assert set(by_it) == set(SOME[:3])
    assert differences() == []
