"""The one road: stored once, seen in order, undone together, safe where many meet a word for the first time."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from lms.kernel import clock, ids
from lms.kernel.db import db, transaction, unit
from lms.xapi import record
from lms.xapi.models import Activity, Agent, StatementRow, Verb
from lms.xapi.rules import order, verbs
from lms.xapi.rules.facts import Fact
from lms.xapi.rules.validate import validate
from tests.conftest import NOW
from tests.together import together
from tests.xapi.conftest import Witness, stored_rows
from tests.xapi.drafts import course, draft


def test_a_draft_becomes_a_statement_that_our_own_reader_accepts(app: Flask) -> None:
    registration = ids.new()
    with transaction():
        fact = record(
            draft(
                registration=registration,
                revision="3",
                result={"score": {"scaled": 0.8}, "success": True},
                grouping=[course("whole")],
                extensions={"https://cadre.example/x": {"code": 1}},
                timestamp=NOW - timedelta(days=3),
            )
        )
        row = db.session.scalars(select(StatementRow)).one()
    statement = json.loads(row.payload)
    validate(statement)
    assert statement == fact.statement
    assert statement["stored"] == "2026-11-23T09:30:00.000Z"
    assert statement["timestamp"] == "2026-11-20T09:30:00.000Z"
    assert statement["authority"]["account"]["name"] == "cadre"
    assert (row.id, row.seq, row.person_id, row.agency_id) == (fact.id, fact.seq, 1, 11)
    assert (row.stored, row.timestamp, row.registration) == (NOW, NOW - timedelta(days=3), registration)
    assert (fact.verb, fact.object_iri, fact.own) == (verbs.COMPLETED, course().iri, True)
    assert "agency" not in row.payload


def test_every_projector_sees_a_fact_before_anything_follows_from_it(
    app: Flask, seen: list[tuple[str, Fact]], witnesses: tuple[Witness, ...]
) -> None:
    for witness in witnesses:
        witness.consequences = lambda fact, name=witness.name: (
            [draft(slug=f"after-{name}", verb=verbs.SATISFIED)] if fact.verb == verbs.COMPLETED else []
        )
    with transaction():
        record(draft())
    told = [(name, fact.object_iri.rsplit("/", 1)[-1]) for name, fact in seen]
    expected = ["sec-201", "after-first", "after-tally", "after-second"]
    assert told == [(name, slug) for slug in expected for name in ("first", "second")]
    numbers = [fact.seq for name, fact in seen if name == "first"]
    assert numbers == sorted(set(numbers))
    assert {order.moment_of(number) for number in numbers} == {NOW}


def test_what_a_transaction_undid_is_not_remembered(app: Flask) -> None:
    """The key cache must not outlive a rollback: the next statement would refer to rows that are not there."""
    with pytest.raises(RuntimeError), transaction():
        record(draft())
        raise RuntimeError
    with transaction():
        savepoint = db.session.begin_nested()
        record(draft())
        savepoint.rollback()
        record(draft())
    with transaction():
        record(draft())
    assert stored_rows() == 2
    with transaction():
        assert [db.session.scalar(select(func.count()).select_from(t)) for t in (Agent, Verb, Activity)] == [2, 1, 1]


def test_words_are_looked_up_once_a_transaction(app: Flask) -> None:
    sent: list[str] = []

    def count(connection: object, cursor: object, statement: str, *rest: object) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        with transaction():
            record(draft())
            first = len(sent)
            for _ in range(5):
                record(draft())
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    asked = [text for text in sent[first:] if text.startswith("SELECT")]
    assert first > 0
    assert [text for text in asked if any(term in text for term in ("xapi_agent", "xapi_verb", "xapi_activity"))] == []


ALL_VERBS = (verbs.COMPLETED, verbs.PASSED, verbs.FAILED)


def test_many_who_meet_the_same_words_first_do_not_collide(app: Flask) -> None:
    """No duplicate, no foreign-key error and no deadlock, though each comes with the words in another order."""

    def learn(number: int) -> None:
        slugs = [f"course-{n}" for n in range(6)]
        random.Random(number).shuffle(slugs)
        with transaction():
            for slug in slugs:
                record(draft(number % 2, slug=slug, verb=random.Random(slug).choice(ALL_VERBS)))

    together(*[partial(learn, number) for number in range(4)], app=app, clock_goes=True)
    assert stored_rows() == 24
    with transaction():
        assert db.session.scalar(select(func.count()).select_from(Activity)) == 6


def test_stored_does_not_run_backwards_when_the_machines_clock_does(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = iter([NOW, NOW - timedelta(seconds=30), NOW + timedelta(seconds=1), NOW - timedelta(days=3)])
    found = []
    monkeypatch.setattr(clock, "stands", lambda: False)
    for moment in moments:
        with clock.at(moment), transaction():
            found.append(record(draft()).stored)
    first, second, third, other = found
    assert first < second < first + timedelta(milliseconds=1)
    assert third == NOW + timedelta(seconds=1)
    assert other == NOW - timedelta(days=3)  # days are no correction: the clock is another one


def test_history_that_is_lived_again_is_stored_when_it_says(app: Flask) -> None:
    past = datetime(2025, 1, 1, tzinfo=UTC)
    with transaction():
        record(draft())
        with clock.at(past):
            fact = record(draft())
    assert (fact.stored, fact.timestamp) == (past, past)


def test_the_moment_of_storing_is_taken_within_the_transaction(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads relies on it: nothing is stored as of a moment before its transaction began."""
    begun: list[bool] = []

    def now() -> datetime:
        begun.append(unit.has_line() and not unit.only_reads())
        return NOW

    monkeypatch.setattr(clock, "now", now)
    with transaction():
        record(draft())
    assert begun[0] is True
