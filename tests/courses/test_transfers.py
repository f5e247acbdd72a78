"""Results from elsewhere: they complete what has been begun, or open and complete an enrolment of their own."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from courses import actions, queries
from courses.actions.transfers import SOURCE, transfer_result
from courses.models import Enrolment
from lms.kernel import clock
from lms.kernel.actor import SYSTEM, Actor
from lms.kernel.db import db, transaction
from lms.kernel.errors import NotAllowed, NotThere, Refused
from lms.skills.models import Attainment
from lms.xapi.actions.rebuild import rebuild
from tests.courses.conftest import Published, small
from tests.courses.test_enrolments import at_once, enrolled, finish, last_statement, said
from tests.factories import Made, Make


@pytest.fixture
def actor(make: Make, learner: Made) -> Actor:
    return make.actor(learner)


def transferred(actor: Actor, slug: str = "one-thing", *, by: Actor = SYSTEM, days_ago: int = 0) -> UUID:
    on = clock.today() - timedelta(days=days_ago)
    with transaction():
        return transfer_result(actor=by, person_id=actor.person_id or 0, slug=slug, score=Fraction(9, 10), on=on)


def test_a_result_from_elsewhere_opens_and_completes_an_enrolment(published: Published, actor: Actor) -> None:
    published()
    taken = queries.enrolment(actor, transferred(actor))
    assert (taken.state, taken.source) == ("completed", SOURCE)
    assert said()[:2] == ["registered", "completed"]


def test_a_result_from_elsewhere_completes_what_the_person_has_begun(published: Published, actor: Actor) -> None:
    begun_version = published()
    begun = enrolled(actor)
    finish(actor, begun, "lesson-1")
    published(small(lessons=2))
    assert transferred(actor) == begun
    taken = queries.enrolment(actor, begun)
    assert (taken.state, taken.source, taken.version_id) == ("completed", "self", begun_version)
    assert taken.done == {"lesson-1"}, "what was not read is not said to have been read"
    statement = last_statement()
    assert statement["context"]["registration"] == str(begun) and statement["context"]["revision"] == "1"
    assert statement["result"]["score"] == {"scaled": 0.9}
    assert said() == ["registered", "experienced", "completed", "completed"]
    assert db.session.scalar(select(Attainment.assurance).where(Attainment.target == "course:one-thing")) == 2
    assert rebuild(actor=SYSTEM, check=True).differences == []


def test_the_rest_of_a_course_can_still_be_read_after_the_result_was_taken_over(
    published: Published, actor: Actor
) -> None:
    published()
    begun = enrolled(actor)
    transferred(actor)
    finish(actor, begun, "lesson-1", "lesson-2", "lesson-3")
    assert queries.enrolment(actor, begun).state == "completed" and said() == ["registered", "completed"]


def test_a_course_that_was_left_is_not_taken_up_again_by_a_result(published: Published, actor: Actor) -> None:
    published()
    left = enrolled(actor)
    with transaction():
        actions.leave(actor=actor, registration=left)
    assert transferred(actor) != left
    assert queries.enrolment(actor, left).state == "left"


def test_a_second_result_is_a_renewal(published: Published, actor: Actor) -> None:
    published()
    assert transferred(actor, days_ago=1) != transferred(actor)


def test_a_result_and_the_last_lesson_at_once_leave_nothing_open(
    app: Flask, published: Published, actor: Actor
) -> None:
    published(small(lessons=1))
    begun = enrolled(actor)
    at_once(
        app,
        lambda: actions.finish_step(actor=actor, registration=begun, step_key="lesson-1"),
        lambda: transfer_result(
            actor=SYSTEM, person_id=actor.person_id or 0, slug="one-thing", score=Fraction(1), on=clock.today()
        ),
    )
    assert db.session.scalar(select(func.count()).select_from(Enrolment).where(Enrolment.state == "active")) == 0
    assert queries.enrolment(actor, begun).state == "completed"


def test_only_who_may_vouch_takes_results_over(published: Published, actor: Actor, make: Make) -> None:
    published()
    with pytest.raises(NotAllowed):
        transferred(actor, by=actor)
    with pytest.raises(Refused):
        transferred(actor, days_ago=-1)
    for slug, whose in (("no-such-course", actor), ("one-thing", SYSTEM)):
        with pytest.raises(NotThere):
            transferred(whose, slug)
    administrator = make.actor(make.person(roles=["administrator"]))
    assert queries.enrolment(actor, transferred(actor, by=administrator)).state == "completed"
