"""Kept too long or destroyed too early (row J3): rules by class and agency, holds that always win, certificates."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from lms.agencies.queries import tree
from lms.kernel import clock
from lms.kernel.actor import SYSTEM, Actor
from lms.kernel.audit import AuditEvent
from lms.kernel.db import db, transaction
from lms.kernel.errors import Conflict, NotAllowed, Refused
from lms.kernel.jobs import run_due
from lms.kernel.sealing.models import Leaf
from lms.people.models import Assignment
from lms.privacy import jobs
from lms.privacy.actions import disposing, ruling
from lms.privacy.queries import overview
from lms.xapi.models import Disposal, StatementRow
from lms.xapi.queries import retention
from lms.xapi.rules.retention import CLASSES
from tests.privacy.conftest import LATER, differences, numbers

WHY = "Retention schedule, section 4"


def rule(record_class: str, months: int, agency: int | None = None) -> int:
    with transaction():
        return ruling.add_rule(actor=SYSTEM, record_class=record_class, agency_id=agency, months=months, why=WHY)


def hold(*, person_id: int | None = None, agency_id: int | None = None, record_class: str | None = None) -> int:
    with transaction():
        return ruling.lay_hold(
            actor=SYSTEM, person_id=person_id, agency_id=agency_id, record_class=record_class, reason="Case 12"
        )


def dispose() -> int:
    count = 0
    while True:
        with transaction():
            gone = disposing.dispose_some(actor=SYSTEM)
        count += gone.statements
        if not gone.statements:
            return count


def marks() -> Sequence[retention.Marked]:
    with transaction():
        return list(retention.marked(list(db.session.scalars(select(StatementRow.seq)))))


def test_nothing_goes_without_a_rule(lived: Flask) -> None:
    before = numbers()
    with clock.at(LATER + timedelta(days=36500)):
        assert dispose() == 0
    assert numbers() == before


def test_a_class_goes_once_it_is_old_enough_and_not_before(lived: Flask) -> None:
    rule("answers", 6)
    with transaction():
        expected = {mark for mark in marks() if mark.record_class == "answers"}
    assert expected
    with clock.at(LATER + timedelta(days=400)):
        with transaction():
            seen = sum(row.count for row in overview.preview(SYSTEM))
        assert dispose() == seen
        assert not [mark for mark in marks() if mark.record_class == "answers"]
        assert [mark for mark in marks() if mark.record_class == "reading"]
        assert dispose() == 0
        assert differences() == []


def test_the_first_day_counts_from_when_a_statement_was_stored(lived: Flask) -> None:
    rule("results", 1)
    with transaction():
        oldest = db.session.scalar(select(StatementRow.stored).order_by(StatementRow.seq)) or LATER
    with clock.at(oldest + timedelta(days=27)):
        assert dispose() == 0


def test_a_certificate_says_what_went_and_the_sealed_log_names_it(lived: Flask) -> None:
    number = rule("reading", 1)
    with clock.at(LATER + timedelta(days=900)):
        count = dispose()
    with transaction():
        row = db.session.scalars(select(Disposal)).one()
        deed = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "privacy.dispose")).one()
        sealed = db.session.scalars(select(Leaf.erasure).where(Leaf.erasure.is_not(None))).all()
    assert (row.rule_id, row.statements) == (number, count)
    assert row.ended_at is not None
    assert (deed.after or {})["statements"] == count
    assert {json.loads(text)["erasure"]["certificate"] for text in sealed if text} == {str(row.id)}


def test_a_rule_that_ends_midway_completes_its_certificate(lived: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disposing, "AT_ONCE", 3)
    number = rule("results", 1)
    with clock.at(LATER + timedelta(days=500)):
        with transaction():
            gone = disposing.dispose_some(actor=SYSTEM)
        with transaction():
            ruling.end_rule(actor=SYSTEM, rule_id=number, why=WHY)
        assert dispose() == 0
        ended = clock.now()
    with transaction():
        row = db.session.scalars(select(Disposal)).one()
        deed = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "privacy.dispose")).one()
    assert (row.statements, row.ended_at) == (gone.statements, ended) == (3, ended)
    assert (deed.subject_id, (deed.after or {})["statements"]) == (str(row.id), 3)
    assert (deed.after or {})["class"] == "results"


def test_an_agency_follows_the_rule_that_stands_nearest_above_it(lived: Flask) -> None:
    with transaction():
        agency = db.session.scalar(select(StatementRow.agency_id).where(StatementRow.agency_id.is_not(None)).limit(1))
    rule("reading", 1)
    rule("reading", 1200, agency)
    with clock.at(LATER + timedelta(days=900)):
        dispose()
    with transaction():
        below = tree().subtree([agency or 0])
    left = {mark.agency_id for mark in marks() if mark.record_class == "reading"}
    assert agency in left
    assert left <= below


def test_nothing_under_a_hold_is_ever_touched(lived: Flask) -> None:
    rng = random.Random(3)
    for name in CLASSES:
        rule(name, 1)
    with transaction():
        held_person = rng.choice(db.session.scalars(select(StatementRow.person_id).distinct()).all())
        places = db.session.scalars(select(Assignment.agency_id).distinct()).all()
    held_agency = rng.choice(list(places))
    hold(person_id=held_person or 1)
    hold(agency_id=held_agency)
    number = hold(record_class="results")

    def is_held(mark: retention.Marked) -> bool:
        return mark.record_class == "results" or mark.person_id == held_person or mark.agency_id == held_agency

    before = sum(map(is_held, marks()))
    with clock.at(LATER + timedelta(days=900)):
        assert dispose() > 0
        left = marks()
        assert sum(map(is_held, left)) == before
        with transaction():
            assert overview.preview(SYSTEM) == []
            ruling.release_hold(actor=SYSTEM, hold_id=number, why="Case closed")
        dispose()
    assert all(mark.person_id == held_person or mark.agency_id == held_agency for mark in marks() if mark.agency_id)
    assert differences() == []


def test_the_daily_job_lets_go_once(lived: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disposing, "AT_ONCE", 50)
    rule("reading", 1)
    with clock.at(LATER + timedelta(days=900)):
        with transaction():
            jobs.ask()
            jobs.ask()
        run_due({jobs.RETAIN: jobs.let_go})
    assert not [mark for mark in marks() if mark.record_class == "reading"]
    with transaction():
        assert len(db.session.scalars(select(Disposal)).all()) == 1


def test_rules_and_holds_are_said_well(app: Flask) -> None:
    nobody = Actor("person", person_id=1)
    with pytest.raises(NotAllowed), transaction():
        ruling.add_rule(actor=nobody, record_class="answers", agency_id=None, months=3, why=WHY)
    for wrong in ({"record_class": "x"}, {"months": 0}, {"why": " "}, {"agency_id": 99}):
        said = {"record_class": "answers", "agency_id": None, "months": 3, "why": WHY, **wrong}
        with pytest.raises(Refused) as refusal, transaction():
            ruling.add_rule(actor=SYSTEM, **said)
        assert set(refusal.value.errors) == set(wrong)
    number = rule("answers", 3)
    with pytest.raises(Refused, match="already"):
        rule("answers", 4)
    for expected in (None, Conflict):
        with transaction():
            if expected is None:
                ruling.end_rule(actor=SYSTEM, rule_id=number, why="Changed")
            else:
                with pytest.raises(expected):
                    ruling.end_rule(actor=SYSTEM, rule_id=number, why="Changed")
    with pytest.raises(Refused), transaction():
        ruling.lay_hold(actor=SYSTEM, reason="Case")
