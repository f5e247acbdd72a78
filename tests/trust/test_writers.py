"""Many writers at once, and a database that somebody else holds (row H1)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, func, select, text

from assessments.actions.attempts import start
from assessments.models.attempts import AttemptItem
from courses import actions as courses
from courses.models import Enrolment
from lms.app import create_app
from lms.kernel.actor import OWN, SYSTEM, Actor
from lms.kernel.db import db, transaction
from lms.settings import Settings
from tests.assessments.conftest import SLUG, STEP, asked
from tests.assessments.papers import Paper
from tests.factories import Made, Make
from tests.together import together

WRITERS, SAVES = 8, 25


@pytest.fixture
def course(make: Make) -> None:
    make.root()
    with transaction():
        outcome = courses.import_course(actor=SYSTEM, files=Paper(kinds=("truefalse",)).files(), name="quiz-101")
        assert outcome.version_id is not None
        courses.publish(actor=SYSTEM, version_id=outcome.version_id)


def sitting(person: Made) -> int:
    """An open attempt of a person."""
    actor = Actor("person", person_id=person.id, account_name=person.account_name, powers={"learning.take": OWN})
    with transaction():
        registration = courses.enrol(actor=SYSTEM, person_id=person.id, slug=SLUG)
        return start(actor=actor, registration=registration, step_key=STEP)


def test_H1_eight_who_save_at_once_all_succeed(app: Flask, make: Make, course: None) -> None:
    people = make.people(WRITERS, roles=["learner"])
    attempts = [sitting(person) for person in people]
    position = asked(attempts[0])[0].position
    browsers = [app.test_client() for _ in people]
    for browser, person in zip(browsers, people, strict=True):
        make.sign_in(browser, person)
    db.session.remove()

    def save(browser: FlaskClient, attempt_id: int) -> list[int]:
        answers = []
        for revision in range(SAVES):
            form = {"choice": ("true", "false")[revision % 2], "revision": str(revision)}
            answers.append(browser.post(f"/learn/attempts/{attempt_id}/questions/{position}/answer", data=form))
        return [answer.status_code for answer in answers]

    told = together(*[partial(save, *pair) for pair in zip(browsers, attempts, strict=True)])
    assert told == [[200] * SAVES] * WRITERS
    with transaction():
        found = db.session.scalars(select(AttemptItem.revision).where(AttemptItem.attempt_id.in_(attempts)))
        assert list(found) == [SAVES] * WRITERS


@contextmanager
def held(address: str) -> Iterator[None]:
    """Somebody else has taken hold of what the product would write to."""
    stranger = create_engine(address, isolation_level="AUTOCOMMIT")
    with stranger.connect() as connection:
        if stranger.dialect.name == "sqlite":
            connection.execute(text("BEGIN IMMEDIATE"))
        else:
            connection.execute(text("BEGIN"))
            connection.execute(text("LOCK TABLE person, enrolment, attempt_item, web_session IN EXCLUSIVE MODE"))
        try:
            yield
        finally:
            connection.execute(text("ROLLBACK"))
    stranger.dispose()


@pytest.fixture
def impatient(app: Flask, settings: Settings) -> Iterator[Flask]:
    """The product over the same database, waiting for one second at most."""
    hasty = create_app(replace(settings, busy_seconds=1.0))
    hasty.config["WTF_CSRF_ENABLED"] = False
    yield hasty
    with hasty.app_context():
        db.session.remove()
        db.engine.dispose()


def test_H1_while_the_database_is_held_writing_waits_and_then_says_busy_and_reading_works(
    impatient: Flask, make: Make, course: None, database: str
) -> None:
    amina = make.person(roles=["learner"])
    db.session.remove()
    browser = impatient.test_client()
    make.sign_in(browser, amina)
    with held(database):
        since = time.monotonic()
        answer = browser.post(f"/courses/{SLUG}/enrol")
        waited = time.monotonic() - since
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert "Nothing that was saved is lost" in answer.text and "<h1" in answer.text
        assert 0.8 <= waited < 4
        for page in ("/", "/find", f"/courses/{SLUG}", "/record", "/account/password", "/xapi/about"):
            assert browser.get(page).status_code == 200, page
        started = time.monotonic()
        assert browser.post("/sign-out").status_code in (303, 503)
        assert time.monotonic() - started < 6
    with impatient.app_context():
        assert db.session.scalar(select(func.count()).select_from(Enrolment)) == 0
    if browser.get("/account/password").status_code == 302:
        make.sign_in(browser, amina)
    assert browser.post(f"/courses/{SLUG}/enrol").status_code == 303
