"""Enrolments follow from the statements of the record: the same when projected anew, and moved by nobody else's."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from courses import actions, queries
from courses.actions.projection import CourseProjector
from courses.models import Enrolment
from lms.kernel import clock
from lms.kernel.actor import SYSTEM, Actor
from lms.kernel.db import db, transaction
from lms.people.queries import stamp
from lms.xapi import record
from lms.xapi.actions.rebuild import rebuild
from lms.xapi.models import StatementRow, Verb
from lms.xapi.rules import verbs
from lms.xapi.rules.facts import Draft, Fact, Thing
from lms.xapi.statements import iri
from tests.courses.conftest import Published
from tests.courses.test_enrolments import enrolled, finish
from tests.factories import Made, Make


@pytest.fixture
def actor(make: Make, learner: Made) -> Actor:
    return make.actor(learner)


def test_projecting_all_statements_anew_gives_identical_rows(published: Published, actor: Actor) -> None:
    published()
    first = enrolled(actor)
    with clock.at(clock.now() + timedelta(minutes=3)):
        finish(actor, first, "lesson-1")
    with clock.at(clock.now() + timedelta(minutes=4)):
        with transaction():
            actions.leave(actor=actor, registration=first)
        second = enrolled(actor)
        with transaction():
            actions.open_step(actor=actor, registration=second, step_key="lesson-2")
        finish(actor, second, "lesson-1", "lesson-2", "lesson-3")
    projector = CourseProjector()
    before = projector.contents()
    assert len(before) == 2 + 1 + 3
    ids = sorted(db.session.scalars(select(Enrolment.id)))
    with transaction():
        projector.clear()
        assert projector.contents() == []
        for fact in facts():
            projector.project(fact)
        assert projector.contents() == before
    assert rebuild(actor=SYSTEM, check=True).differences == []
    assert sorted(db.session.scalars(select(Enrolment.id))) == ids, "attempts stand on these rows"


def test_statements_of_others_and_about_other_things_move_nobody(published: Published, actor: Actor) -> None:
    published()
    registration = enrolled(actor)
    before = CourseProjector().contents()
    course = queries.enrolment(actor, registration).structure
    things = (
        Thing(iri="https://elsewhere.example/courses/one-thing", type=verbs.COURSE),
        Thing(iri=iri("courses", "one-thing", "steps", "no-such-step"), type=verbs.LESSON),
        Thing(iri=iri("courses", "one-thing", "questions", "q-1"), type=verbs.INTERACTION),
    )
    for thing in things:
        with transaction():
            who = stamp(actor.person_id or 0, clock.today())
            revision = str(course.number)
            record(Draft(stamp=who, verb=verbs.COMPLETED, object=thing, registration=registration, revision=revision))
    assert CourseProjector().contents() == before
    foreign = replace(facts()[0], verb=verbs.ABANDONED, own=False)
    with transaction():
        CourseProjector().project(foreign)
        assert CourseProjector().follow(replace(foreign, verb=verbs.COMPLETED)) == ()
    assert CourseProjector().contents() == before


def facts() -> list[Fact]:
    """The record as the rebuild reads it."""
    rows = db.session.execute(
        select(StatementRow, Verb.iri).join(Verb, Verb.id == StatementRow.verb_id).order_by(StatementRow.seq)
    ).all()
    return [
        Fact(
            seq=row.seq,
            id=row.id,
            verb=verb,
            object_iri=json.loads(row.payload)["object"]["id"],
            timestamp=row.timestamp,
            stored=row.stored,
            registration=row.registration,
            person_id=row.person_id,
            agency_id=row.agency_id,
            statement=json.loads(row.payload),
        )
        for row, verb in rows
    ]
