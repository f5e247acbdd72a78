"""The statements behind a figure, for those who may see them."""

from __future__ import annotations

import pytest
from flask import Flask

from lms.kernel import ids
from lms.kernel.actor import EVERYWHERE, OWN, SYSTEM, Actor, Reach
from lms.kernel.db import transaction
from lms.kernel.errors import NotThere
from lms.xapi import queries, record
from lms.xapi.actions import inbound
from lms.xapi.rules import verbs
from lms.xapi.rules.facts import Fact
from tests.rules.statement_corpus import least
from tests.xapi.drafts import body, draft
from tests.xapi.sent import CLIENT

REGISTRATION = ids.new()


def person(number: int, **powers: Reach) -> Actor:
    return Actor("person", person_id=number, powers={name.replace("_", "."): reach for name, reach in powers.items()})


@pytest.fixture
def fact(app: Flask) -> Fact:
    """Person 1 in agency 11 passed with 80 %."""
    with transaction():
        record(draft(2))
        record(draft(1, verb=verbs.REGISTERED, registration=REGISTRATION))
        record(draft(1, verb=verbs.EXPERIENCED))
        return record(
            draft(1, verb=verbs.PASSED, registration=REGISTRATION, result={"score": {"scaled": 0.8}, "success": True})
        )


@pytest.mark.parametrize(
    ("actor", "agencies"),
    [
        (SYSTEM, ()),
        (person(1, record_see=OWN), ()),
        (person(9, evidence_see=EVERYWHERE), ()),
        (person(9, evidence_see=Reach(agencies=frozenset({1}))), (1, 11)),
        (CLIENT, ()),
    ],
)
def test_who_may_see_a_statement_reads_its_sentence(fact: Fact, actor: Actor, agencies: tuple[int, ...]) -> None:
    with transaction():
        entry = queries.statement(actor, fact.id, agencies=agencies)
    assert entry.sentence.key % dict(entry.sentence.parameters) == "passed Security check, 80%"
    assert entry.statement == fact.statement
    assert (entry.own, entry.person_id, entry.registration) == (True, 1, REGISTRATION)


@pytest.mark.parametrize(
    ("actor", "agencies"),
    [
        (person(2, record_see=OWN), ()),
        (person(9), (11,)),
        (person(9, evidence_see=Reach(agencies=frozenset({1}))), (1, 12)),
        (Actor("anonymous"), (11,)),
        (Actor("client", powers={"statements.read": OWN}), ()),
    ],
)
def test_B3_anybody_else_finds_nothing_there(fact: Fact, actor: Actor, agencies: tuple[int, ...]) -> None:
    refusals = []
    for wanted in (fact.id, ids.new()):
        with pytest.raises(NotThere) as refusal, transaction():
            queries.statement(actor, wanted, agencies=agencies)
        refusals.append(refusal.value.detail)
    assert refusals[0] == refusals[1]


def test_a_persons_statements_come_newest_first(fact: Fact) -> None:
    with transaction():
        everything = queries.statements_of_person(1)
        under = queries.statements_of_person(1, REGISTRATION)
        newest = queries.statements_of_person(1, limit=1)
    words = [verbs.word(entry.statement["verb"]["id"]) for entry in everything]
    assert words == ["passed", "experienced", "registered"]
    assert [entry.id for entry in under] == [everything[0].id, everything[2].id]
    assert newest == everything[:1]


def test_a_trail_is_a_registration_in_order(fact: Fact) -> None:
    with transaction():
        found = queries.trail(REGISTRATION)
    assert [entry.sentence.key.split()[0] for entry in found] == ["enrolled", "passed"]


def test_what_came_from_outside_is_marked(fact: Fact) -> None:
    with transaction():
        (outside,) = inbound.accept(actor=CLIENT, body=body(least()), version="2.0.0")
        assert queries.statement(SYSTEM, outside).own is False
