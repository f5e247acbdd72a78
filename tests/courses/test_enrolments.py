"""Enrolling, learning, finishing, leaving: once each, however often asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from courses import actions, queries
from courses.models import Enrolment
from lms.kernel import clock
from lms.kernel.actor import SYSTEM, Actor
from lms.kernel.db import db, transaction
from lms.kernel.errors import Conflict, NotAllowed, NotThere
from lms.people.queries import stamp
from lms.xapi import record
from lms.xapi.models import StatementRow, Verb
from lms.xapi.rules import verbs
from lms.xapi.rules.facts import Draft, Thing
from lms.xapi.statements import iri
from tests.courses.conftest import Folder, Published, small
from tests.factories import Made, Make
from tests.together import together

WITH_QUIZ = "sec-201"


@pytest.fixture
def actor(make: Make, learner: Made) -> Actor:
    return make.actor(learner)


def enrolled(actor: Actor, slug: str = "one-thing") -> UUID:
    with transaction():
        return actions.enrol(actor=actor, person_id=actor.person_id or 0, slug=slug)


def finish(actor: Actor, registration: UUID, *keys: str) -> None:
    for key in keys:
        with transaction():
            actions.finish_step(actor=actor, registration=registration, step_key=key)


def said() -> list[str]:
    """The verbs of the record, in order."""
    wanted = select(Verb.iri).join(StatementRow, StatementRow.verb_id == Verb.id).order_by(StatementRow.seq)
    return [verbs.word(iri) for iri in db.session.scalars(wanted)]


def last_statement() -> dict[str, Any]:
    payload = db.session.scalar(select(StatementRow.payload).order_by(StatementRow.seq.desc()).limit(1))
    assert payload is not None
    found: dict[str, Any] = json.loads(payload)
    return found


def pass_quiz(actor: Actor, registration: UUID, step_key: str, verb: str = verbs.PASSED) -> None:
    """What the room of quizzes tells the record."""
    course = queries.enrolment(actor, registration).structure
    thing = Thing(iri=iri("courses", course.slug, "steps", step_key), type=verbs.ASSESSMENT)
    with transaction():
        who = stamp(actor.person_id or 0, clock.today())
        record(Draft(stamp=who, verb=verb, object=thing, registration=registration, revision=str(course.number)))


def test_enrolling_twice_gives_the_same_registration(published: Published, actor: Actor) -> None:
    published()
    assert enrolled(actor) == enrolled(actor)
    assert said() == ["registered"]


def test_C5_two_clicks_at_once_enrol_once(app: Flask, published: Published, actor: Actor) -> None:
    published()
    enrol = partial(actions.enrol, actor=actor, person_id=actor.person_id or 0, slug="one-thing")
    found = at_once(app, enrol, enrol)
    assert len(set(found)) == 1 and said() == ["registered"]
    assert db.session.scalar(select(func.count()).select_from(Enrolment)) == 1


def test_C5_two_clicks_at_once_finish_a_step_once(app: Flask, published: Published, actor: Actor) -> None:
    published(small(lessons=1))
    registration = enrolled(actor)
    finish_step = partial(actions.finish_step, actor=actor, registration=registration, step_key="lesson-1")
    at_once(app, finish_step, finish_step)
    assert said() == ["registered", "experienced", "completed", "completed"]


def test_two_last_steps_finished_at_once_complete_the_course(app: Flask, published: Published, actor: Actor) -> None:
    published(small(lessons=2))
    registration = enrolled(actor)
    finish_step = partial(actions.finish_step, actor=actor, registration=registration)
    at_once(app, partial(finish_step, step_key="lesson-1"), partial(finish_step, step_key="lesson-2"))
    assert said().count("completed") == 3
    assert queries.enrolment(actor, registration).state == "completed"


def at_once(app: Flask, *acts: Callable[[], Any]) -> list[Any]:
    """Do several things at the same moment, each in a transaction of its own."""
    db.session.rollback()

    def one(act: Callable[[], Any]) -> Any:
        with transaction():
            return act()

    return together(*[partial(one, act) for act in acts], app=app)


def test_a_lesson_is_opened_once_and_done_once(published: Published, actor: Actor) -> None:
    published()
    registration = enrolled(actor)
    for _ in range(2):
        with transaction():
            actions.open_step(actor=actor, registration=registration, step_key="lesson-1")
    finish(actor, registration, "lesson-1", "lesson-1", "lesson-2")
    taken = queries.enrolment(actor, registration)
    assert said() == ["registered", "experienced", "completed", "experienced", "completed"]
    assert taken.done == {"lesson-1", "lesson-2"} and taken.percent == 66 and taken.minutes_left == 5
    assert taken.next_key == "lesson-3" and taken.is_active
    assert db.session.scalar(select(Enrolment.steps_done)) == 2


def test_the_last_required_step_completes_the_course_as_participation(published: Published, actor: Actor) -> None:
    published()
    registration = enrolled(actor)
    finish(actor, registration, "lesson-3", "lesson-1", "lesson-2", "lesson-1")
    taken = queries.enrolment(actor, registration)
    assert taken.state == "completed" and taken.closed_at == clock.now() and taken.next_key is None
    assert said() == ["registered", *["experienced", "completed"] * 3, "completed"]
    statement = last_statement()
    assert statement["object"]["id"] == iri("courses", "one-thing")
    extensions = statement["context"]["extensions"]
    assert extensions[iri("extensions", "assurance")] == "participation"
    assert extensions[iri("extensions", "competences")] == []  # a module of it is still in preparation
    assert extensions[iri("extensions", "competence-months")] == 12
    assert iri("extensions", "valid-months") not in extensions
    assert statement["context"]["registration"] == str(registration) and statement["context"]["revision"] == "1"


def test_a_passed_check_makes_the_completion_tested(
    published: Published, library: Callable[[str], Folder], actor: Actor
) -> None:
    published(library(WITH_QUIZ))
    registration = enrolled(actor, WITH_QUIZ)
    keys = queries.enrolment(actor, registration).structure.keys
    with pytest.raises(Conflict, match="once you pass it"), transaction():
        actions.finish_step(actor=actor, registration=registration, step_key=keys[-1])
    finish(actor, registration, *keys[:-1])
    pass_quiz(actor, registration, keys[-1], verbs.ATTEMPTED)
    pass_quiz(actor, registration, keys[-1], verbs.FAILED)
    taken = queries.enrolment(actor, registration)
    assert taken.is_active and taken.next_key == keys[-1] and keys[-1] in taken.seen
    pass_quiz(actor, registration, keys[-1])
    assert queries.enrolment(actor, registration).state == "completed"
    extensions = last_statement()["context"]["extensions"]
    assert extensions[iri("extensions", "assurance")] == "tested"
    assert extensions[iri("extensions", "valid-months")] == 12


def test_whoever_has_begun_stays_on_the_version_when_a_new_one_is_published(
    published: Published, actor: Actor, make: Make, government: int
) -> None:
    first = published()
    registration = enrolled(actor)
    finish(actor, registration, "lesson-1")
    second = published(small(lessons=2))
    taken = queries.enrolment(actor, registration)
    assert taken.version_id == first and taken.done == {"lesson-1"} and len(taken.structure.steps) == 3
    finish(actor, registration, "lesson-2", "lesson-3")
    assert queries.enrolment(actor, registration).state == "completed"
    newcomer = make.actor(make.person(agency=government))
    assert queries.enrolment(newcomer, enrolled(newcomer)).version_id == second


def test_leaving_closes_the_enrolment_and_starting_again_opens_another(published: Published, actor: Actor) -> None:
    published()
    registration = enrolled(actor)
    for _ in range(2):
        with transaction():
            actions.leave(actor=actor, registration=registration)
    assert said() == ["registered", "abandoned"] and queries.my_enrolments(actor.person_id or 0) == []
    with pytest.raises(Conflict, match="start again"), transaction():
        actions.finish_step(actor=actor, registration=registration, step_key="lesson-1")
    assert enrolled(actor) != registration


def test_a_renewal_is_a_new_enrolment_with_a_new_registration(published: Published, actor: Actor) -> None:
    published(small(lessons=1))
    registration = enrolled(actor)
    finish(actor, registration, "lesson-1")
    with pytest.raises(Conflict), transaction():
        actions.leave(actor=actor, registration=registration)
    with clock.at(clock.now() + timedelta(days=300)):
        again = enrolled(actor)
    assert again != registration
    assert [row.registration for row in queries.my_enrolments(actor.person_id or 0)] == [again, registration]


def test_nobody_enrols_or_learns_for_somebody_out_of_reach(
    published: Published, actor: Actor, make: Make, government: int
) -> None:
    published()
    registration = enrolled(actor)
    tax = make.agency("TAX", parent=government)
    other, manager = make.person(agency=tax), make.actor(make.person(agency=tax, roles=["line_manager"]))
    with pytest.raises(NotThere):
        queries.enrolment(make.actor(other), registration)
    with pytest.raises(NotThere), transaction():
        actions.finish_step(actor=make.actor(other), registration=registration, step_key="lesson-1")
    with pytest.raises(NotAllowed), transaction():
        actions.enrol(actor=actor, person_id=other.id, slug="one-thing")
    with pytest.raises(NotThere), transaction():
        actions.enrol(actor=manager, person_id=actor.person_id or 0, slug="one-thing")
    with transaction():
        assigned = actions.enrol(actor=manager, person_id=other.id, slug="one-thing", source="manager")
    assert queries.enrolment(make.actor(other), assigned).source == "manager"


def test_drafts_and_unknown_courses_take_nobody(commit: Any, actor: Actor, government: int) -> None:
    with commit():
        actions.import_course(actor=SYSTEM, files=small(), name="folder")
    for slug in ("one-thing", "no-such-course"):
        with pytest.raises(NotThere):
            enrolled(actor, slug)
