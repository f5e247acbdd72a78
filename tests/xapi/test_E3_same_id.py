"""Of a batch all or nothing is stored, and each id once (row E3)."""

from __future__ import annotations

import itertools
import json
from datetime import timedelta
from functools import partial
from uuid import UUID

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.kernel import clock
from lms.kernel.db import transaction
from lms.kernel.errors import Conflict
from lms.xapi import queries
from lms.xapi.actions import inbound
from lms.xapi.rules.facts import Fact
from tests.conftest import NOW
from tests.rules.statement_corpus import ID, full, least
from tests.together import together
from tests.xapi.conftest import Lrs, stored_rows
from tests.xapi.drafts import body
from tests.xapi.sent import CLIENT

OTHER = "8c5b1f0e-2d43-4c58-9a3c-0d5f6f4f2b12"
COUNTER = itertools.count()


def test_E3_one_bad_statement_refuses_the_batch(lrs: Lrs) -> None:
    answer = lrs.post([least(), least(), least(verb={"id": "x"})])
    assert answer.status_code == 400
    assert answer.json["errors"][0]["field"] == "/2/verb/id"
    assert stored_rows() == 0


def test_E3_an_id_twice_in_a_batch_is_refused(lrs: Lrs) -> None:
    answer = lrs.post([least(id=ID), least(id=ID.upper())])
    assert answer.status_code == 400
    assert answer.json["errors"][0]["field"] == "/1/id"
    assert stored_rows() == 0


def test_E3_the_same_again_is_taken_and_stored_once(lrs: Lrs, seen: list[tuple[str, Fact]]) -> None:
    for _ in range(2):
        assert lrs.post(full()).status_code == 200
        assert lrs.put(ID, full()).status_code == 204
    assert stored_rows() == 1
    assert len(seen) == 2  # both witnesses, once


def test_E3_the_same_may_come_again_later_without_a_moment_of_its_own(lrs: Lrs) -> None:
    assert lrs.post([least(id=ID)]).status_code == 200
    with clock.at(NOW + timedelta(hours=1)):
        assert lrs.post([least(id=ID)]).status_code == 200
        assert lrs.put(ID, least()).status_code == 204
        assert lrs.post([least(id=ID, timestamp="2026-11-23T10:30:00Z")]).status_code == 409
    assert stored_rows() == 1


def test_E3_something_else_under_the_same_id_is_refused_and_the_first_stays(lrs: Lrs) -> None:
    lrs.post(least(id=ID))
    before = lrs.get(statementId=ID).text
    for refused in (lrs.post([least(), least(id=ID, result={})]), lrs.put(ID, least(result={}))):
        assert refused.status_code == 409
        assert ID in refused.json["detail"]
    assert lrs.get(statementId=ID).text == before
    assert stored_rows() == 1


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from([ID, OTHER]), st.sampled_from(["a", "b"])), min_size=1, max_size=4))
def test_E3_any_row_of_batches_ends_as_a_simple_model_does(app: Flask, batch: list[tuple[str, str]]) -> None:
    model: dict[str, str] = {}
    here = f"{next(COUNTER):08x}"  # every example has its own ids: the database is not emptied in between
    for statement_id, response in batch:
        own_id = here + statement_id[8:]
        expected = model.setdefault(own_id, response)
        try:
            with transaction():
                sent = least(id=own_id, result={"response": response})
                inbound.accept(actor=CLIENT, body=body([least(), sent]), version="2.0.0")
            accepted = True
        except Conflict:
            accepted = False
        assert accepted == (expected == response)
    with transaction():
        for own_id, response in model.items():
            kept = json.loads(queries.single(CLIENT, UUID(own_id), voided=False).statement)
            assert kept["result"]["response"] == response


def test_E3_one_id_sent_by_many_at_once_is_stored_once(app: Flask) -> None:
    def send(response: str) -> str:
        try:
            with transaction():
                sent = [least(), least(id=ID, result={"response": response})]
                inbound.accept(actor=CLIENT, body=body(sent), version="2.0.0")
        except Conflict:
            return "refused"
        return "stored"

    outcomes = together(*[partial(send, response) for response in "yxxx"], app=app, clock_goes=True)
    assert sorted(outcomes) in (["refused", "stored", "stored", "stored"], ["refused"] * 3 + ["stored"])
    assert stored_rows() == outcomes.count("stored") + 1
