"""Statements about statements: found by what those are found by, and withdrawn, in whatever order they come."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from flask import Flask

from lms.kernel import clock
from lms.kernel.db import transaction
from lms.xapi import queries
from lms.xapi.actions import inbound
from lms.xapi.rules import verbs
from lms.xapi.rules.agents import identifier
from lms.xapi.rules.parameters import Filters
from tests.conftest import NOW
from tests.rules.statement_corpus import least
from tests.together import together
from tests.xapi.conftest import Lrs
from tests.xapi.drafts import body
from tests.xapi.sent import CLIENT, Said, about, activity, person, stored

CHAINS = list(itertools.permutations(range(3)))


@pytest.mark.parametrize("order", CHAINS, ids=str)
def test_statements_about_statements_are_found_by_what_those_are_found_by(lrs: Lrs, order: tuple[int, ...]) -> None:
    """Over several links, and in whatever order they come: an answer may be there before what it answers."""
    ids = [str(uuid4()) for _ in range(3)]
    registration = str(uuid4())
    deed = least(
        id=ids[0],
        actor=person("x"),
        verb={"id": "https://gov.example/verbs/built"},
        object=activity("x"),
        context={
            "registration": registration,
            "instructor": person("coach"),
            "contextActivities": {"parent": [activity("whole")]},
        },
    )
    sent = [deed, about(ids[0], id=ids[1]), about(ids[1], id=ids[2])]
    for number, which in enumerate(order):
        with clock.at(NOW + timedelta(minutes=number)):
            stored(lrs, sent[which])
    newest_first = [ids[which] for which in reversed(order)]
    asked: list[Mapping[str, str]] = [
        {"agent": json.dumps(person("x"))},
        {"agent": json.dumps(person("coach")), "related_agents": "true"},
        {"activity": activity("x")["id"]},
        {"activity": activity("whole")["id"], "related_activities": "true"},
        {"verb": "https://gov.example/verbs/built"},
        {"registration": registration},
        {"agent": json.dumps(person("x")), "verb": "https://gov.example/verbs/built", "registration": registration},
    ]
    for query in asked:
        assert lrs.ids(**query) == newest_first, query
        assert lrs.ids(**query, ascending="true") == newest_first[::-1], query
    assert lrs.ids(activity=activity("whole")["id"]) == []


def test_a_circle_of_statements_ends(lrs: Lrs) -> None:
    first, second = str(uuid4()), str(uuid4())
    stored(lrs, about(second, id=first, actor=person("x")))
    stored(lrs, about(first, id=second, actor=person("y")))
    assert set(lrs.ids(agent=json.dumps(person("x")))) == {first, second}
    assert set(lrs.ids(agent=json.dumps(person("y")))) == {first, second}


def test_what_is_voided_before_it_comes_is_voided_when_it_comes(lrs: Lrs) -> None:
    late = str(uuid4())
    (voiding,) = stored(lrs, about(late, verb={"id": verbs.VOIDED}))
    stored(lrs, least(id=late, actor=person("x")))
    assert lrs.ids() == [voiding]
    assert lrs.get(statementId=late).status_code == 404
    assert lrs.get(voidedStatementId=late).status_code == 200
    assert lrs.ids(agent=json.dumps(person("x"))) == [voiding], "what refers to a voided statement is still found by it"


def test_a_statement_and_the_one_that_withdraws_it_may_come_at_once(app: Flask) -> None:
    """Neither has seen the other when it is sent: whoever ends last finds the other one."""

    def send(sent: Said) -> None:
        with transaction():
            inbound.accept(actor=CLIENT, body=body([sent]), version="2.0.0")

    deeds = [least(id=str(uuid4()), actor=person("x")) for _ in range(12)]
    withdrawals = [about(deed["id"], id=str(uuid4()), verb={"id": verbs.VOIDED}) for deed in deeds]
    for deed, withdrawal in zip(deeds, withdrawals, strict=True):
        together(partial(send, deed), partial(send, withdrawal), app=app, clock_goes=True)
    with transaction():
        found = queries.statements(CLIENT, Filters(agent=identifier(person("x")), limit=500)).statements
        shown = {json.loads(text)["id"] for text in found}
        assert shown == {withdrawal["id"] for withdrawal in withdrawals}


def test_a_withdrawal_that_is_itself_to_be_withdrawn_stands_in_whatever_order_they_come(lrs: Lrs) -> None:
    deed, withdrawal, second = (str(uuid4()) for _ in range(3))
    stored(lrs, least(id=deed, actor=person("x")))
    stored(lrs, about(withdrawal, id=second, verb={"id": verbs.VOIDED}))  # what it withdraws is not there yet
    stored(lrs, about(deed, id=withdrawal, verb={"id": verbs.VOIDED}))
    assert lrs.get(statementId=withdrawal).status_code == 200
    assert lrs.get(statementId=deed).status_code == 404


def test_a_long_chain_of_statements_about_statements_is_no_fault(lrs: Lrs) -> None:
    """The first comes last, and all that hang on it are found by it as far as chains are followed."""
    ids = [str(uuid4()) for _ in range(120)]
    for begin in range(1, 120, 40):
        stored(lrs, *(about(ids[at - 1], id=ids[at]) for at in range(begin, min(begin + 40, 120))))
    stored(lrs, least(id=ids[0], actor=person("x")))
    found = lrs.ids(agent=json.dumps(person("x")), limit=500)
    assert ids[0] in found and ids[1] in found and len(found) >= 50
