"""Time limits that can be adjusted, and attempts whose learner went away (rows C3, C7, X10)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from assessments.actions.adjustments import adjust_time
from assessments.actions.attempts import TimeOver
from assessments.jobs import SUBMIT_OVERDUE, hand_in_overdue
from assessments.models.attempts import Attempt
from lms.kernel import clock
from lms.kernel.actor import SYSTEM
from lms.kernel.db import db, transaction
from lms.kernel.errors import NotAllowed, NotThere, Refused
from lms.kernel.jobs import Job, run_due
from lms.web.slots import slot
from tests.assessments.conftest import Sat, asked
from tests.assessments.papers import Paper
from tests.conftest import NOW
from tests.factories import Make

Sitting = Callable[..., Sat]
TIMED = Paper(time_limit=20, kinds=("single", "order"))


@pytest.mark.parametrize(("factor", "minutes"), [("1", 20), ("5/4", 25), ("3/2", 30), ("2", 40), ("unlimited", None)])
def test_X10_extra_time_set_before_the_start_moves_the_deadline(
    sitting: Sitting, factor: str, minutes: int | None
) -> None:
    sat = sitting(TIMED)
    with transaction():
        adjust_time(actor=SYSTEM, person_id=sat.person.id, factor=factor)
    attempt = sat.begin()
    until = db.session.scalar(select(Attempt.deadline_at))
    db.session.rollback()
    assert until == (NOW + timedelta(minutes=minutes) if minutes else None)
    choice = asked(attempt)[0].named("option 0")
    if until is None:
        with clock.at(NOW + timedelta(days=9)):
            assert sat.save(attempt, 1, choice) == 1
        return
    with clock.at(until + timedelta(seconds=30)):
        assert sat.save(attempt, 1, choice) == 1
    with clock.at(until + timedelta(seconds=31)), pytest.raises(TimeOver):
        sat.save(attempt, 1, [], revision=1)


def test_X10_a_quiz_is_untimed_unless_its_author_says_so(sitting: Sitting) -> None:
    sitting(Paper(kinds=("single",))).begin()
    assert db.session.scalar(select(Attempt.deadline_at)) is None
    assert db.session.scalar(select(Job.id)) is None


def test_X10_only_administrators_adjust_time_and_only_by_the_list(
    sitting: Sitting, make: Make, client: FlaskClient
) -> None:
    sat = sitting(TIMED, account=True)
    with pytest.raises(NotAllowed), transaction():
        adjust_time(actor=sat.actor, person_id=sat.person.id, factor="2")
    with pytest.raises(Refused), transaction():
        adjust_time(actor=SYSTEM, person_id=sat.person.id, factor="1/2")
    with pytest.raises(NotThere), transaction():
        adjust_time(actor=SYSTEM, person_id=999_999, factor="2")
    address = f"/people/{sat.person.id}/quiz-time"
    make.sign_in(client, sat.person)
    assert client.get(address).status_code == 403
    client.post("/sign-out")
    make.sign_in(client, make.person(roles=["administrator"]))
    assert client.post(address, data={}).status_code == 422
    assert client.post(address, data={"factor": "3/2"}).status_code == 303
    html = client.get(address).get_data(as_text=True)
    assert "Extra time for Amina Nkosi" in html
    assert "checked" in html[html.index('value="3/2"') - 80 : html.index('value="3/2"') + 40]
    sat.begin()
    assert db.session.scalar(select(Attempt.deadline_at)) == NOW + timedelta(minutes=30)


@pytest.mark.parametrize(("role", "shown"), [("administrator", True), ("hr_officer", False), ("learner", False)])
def test_X10_the_page_of_a_person_leads_to_their_time_for_who_may_change_it(
    app: Flask, make: Make, role: str, shown: bool
) -> None:
    actor = make.actor(make.person(agency=make.root(), roles=[role]))
    with app.test_request_context():
        links = slot("person_actions", actor, 17)
    assert ('href="/people/17/quiz-time"' in links) is shown and bool(links) is shown


def test_C7_an_attempt_left_alone_is_marked_by_the_worker_once_its_time_is_over(sitting: Sitting) -> None:
    sat = sitting(TIMED)
    attempt = sat.begin()
    sat.save(attempt, 1, asked(attempt)[0].named("option 1"))
    steps = {SUBMIT_OVERDUE: hand_in_overdue}
    with clock.at(NOW + timedelta(minutes=20, seconds=30)):
        assert run_due(steps) == 0
    with clock.at(NOW + timedelta(minutes=20, seconds=31)):
        assert run_due(steps) == 1
        assert run_due(steps) == 0
    row = db.session.execute(select(Attempt.state, Attempt.score, Attempt.submitted_at)).one()
    assert (row.state, row.score, row.submitted_at) == ("submitted", "1/2", NOW + timedelta(minutes=20))


def test_C7_the_worker_leaves_alone_what_was_handed_in(sitting: Sitting) -> None:
    sat = sitting(TIMED)
    outcome = sat.hand_in(sat.begin())
    with clock.at(NOW + timedelta(hours=1)):
        assert run_due({SUBMIT_OVERDUE: hand_in_overdue}) == 1
    assert db.session.scalar(select(Attempt.submitted_at)) == NOW
    assert outcome.passed is False
