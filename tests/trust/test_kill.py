"""The process is killed while people write: nothing that was acknowledged is lost, and a retry counts once (row H2)."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlencode
from uuid import UUID

import pytest
from sqlalchemy import func, select

from assessments.actions.attempts import start
from assessments.models.attempts import AttemptItem
from courses import actions as courses
from courses.models import Enrolment, StepProgress
from lms.kernel import clock
from lms.kernel.actor import OWN, SYSTEM, Actor
from lms.kernel.db import db, transaction
from lms.xapi.models import StatementRow, Verb
from lms.xapi.rules import verbs
from tests.assessments.conftest import SLUG, STEP, asked
from tests.assessments.papers import Paper
from tests.courses.conftest import small
from tests.factories import Make
from tests.trust.installations import Installation, is_whole
from tests.trust.killing import ROUNDS, Busy, connected, retry, write_until_killed

WRITERS = 4
LESSONS = 40
Write = tuple[str, dict[str, str]]  # an address and a form
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass
class Writer(Busy[Write]):
    """Somebody who answers a quiz and finishes lessons, and remembers what was acknowledged and what was not."""

    TAKEN = (200, 303)

    cookie: str
    token: str
    attempt_id: int
    position: int
    taking: UUID
    revision: int = 0
    finished: list[str] = field(default_factory=list)
    last: Write | None = None

    def retry(self, port: int) -> None:
        """Send once more what nobody knows the fate of, and then again, as if its answer had been lost too."""
        super().retry(port)
        if self.last:
            with connected(port) as connection:
                self.sent(connection, self.last)

    def following(self) -> Write:
        """Every now and then a lesson, else an answer."""
        if self.revision % 3 == 2 and len(self.finished) * 3 < self.revision and len(self.finished) < LESSONS - 1:
            return f"/learn/{self.taking}/lesson-{len(self.finished) + 1}", {}
        choice = ("true", "false")[self.revision % 2]
        address = f"/learn/attempts/{self.attempt_id}/questions/{self.position}/answer"
        return address, {"choice": choice, "revision": str(self.revision), "save_id": f"s{self.revision}"}

    def send(self, connection: http.client.HTTPConnection, write: Write) -> None:
        """The form, as the page sends it."""
        address, form = write
        body = urlencode({**form, "csrf_token": self.token})
        connection.request("POST", address, body, {**FORM, "Cookie": f"cadre={self.cookie}"})

    def acknowledged(self, write: Write) -> None:
        """An answer raises the revision; a lesson is finished."""
        address, form = write
        if form:
            self.revision += 1
        else:
            self.finished.append(address.rpartition("/")[2])
        self.last = write


@pytest.fixture
def writers(installation: Installation) -> Iterator[list[Writer]]:
    """People with an open attempt and a course of many lessons, signed in; the server's clock is the machine's."""
    with clock.at(datetime.now(UTC)):
        yield _hired(installation, Make())


def _hired(installation: Installation, make: Make) -> list[Writer]:
    make.root()
    for files in (Paper(kinds=("truefalse",)).files(), small("many", lessons=LESSONS)):
        with transaction():
            outcome = courses.import_course(actor=SYSTEM, files=files, name="folder")
            assert outcome.version_id is not None, outcome.report.issues
            courses.publish(actor=SYSTEM, version_id=outcome.version_id)
    return [_writer(installation, make) for _ in range(WRITERS)]


def _writer(installation: Installation, make: Make) -> Writer:
    person = make.person(roles=["learner"])
    actor = Actor("person", person_id=person.id, account_name=person.account_name, powers={"learning.take": OWN})
    with transaction():
        registration = courses.enrol(actor=SYSTEM, person_id=person.id, slug=SLUG)
        attempt_id = start(actor=actor, registration=registration, step_key=STEP)
        taking = courses.enrol(actor=SYSTEM, person_id=person.id, slug="many")
    client = installation.app.test_client()
    page = client.get("/sign-in").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None
    form = {"email": person.email, "password": person.password, "csrf_token": token.group(1)}
    assert client.post("/sign-in", data=form).status_code == 303
    inside = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/account/password").text)
    cookie = client.get_cookie("cadre")
    assert inside is not None and cookie is not None
    return Writer(cookie.value, inside.group(1), attempt_id, asked(attempt_id)[0].position, taking)


def kept_of(writer: Writer) -> tuple[int, list[str], int]:
    """The revision, the finished lessons, and how many statements say that one was finished."""
    answered = select(AttemptItem.revision).where(AttemptItem.attempt_id == writer.attempt_id)
    done = (
        select(StepProgress.step_key)
        .join(Enrolment, Enrolment.id == StepProgress.enrolment_id)
        .where(Enrolment.registration == writer.taking, StepProgress.done_at.is_not(None))
    )
    told = (
        select(func.count())
        .select_from(StatementRow)
        .join(Verb, Verb.id == StatementRow.verb_id)
        .where(StatementRow.registration == writer.taking, Verb.iri == verbs.COMPLETED)
    )
    with transaction():
        keys = sorted(db.session.scalars(done), key=lambda key: int(key.rpartition("-")[2]))
        return db.session.scalars(answered).one(), keys, db.session.scalars(told).one()


def look_at(writer: Writer) -> None:
    """All that was acknowledged is there, and beyond it at most the one write of unknown fate."""
    revision, finished, _ = kept_of(writer)
    open_answer = bool(writer.unknown and writer.unknown[1])
    open_lesson = bool(writer.unknown and not writer.unknown[1])
    assert writer.refused == []
    assert writer.revision <= revision <= writer.revision + open_answer, "an acknowledged answer"
    assert finished[: len(writer.finished)] == writer.finished, "an acknowledged lesson"
    assert len(finished) <= len(writer.finished) + open_lesson


def test_H2_no_acknowledged_write_is_lost_when_the_process_is_killed(
    installation: Installation, writers: list[Writer]
) -> None:
    unknown = 0
    for _ in range(ROUNDS):
        write_until_killed(installation, writers)
        for writer in writers:
            look_at(writer)
        unknown += sum(writer.unknown is not None for writer in writers)
    with installation.running():
        retry(installation, writers)
    for writer in writers:
        revision, finished, told = kept_of(writer)
        assert writer.refused == []
        assert (revision, finished) == (writer.revision, writer.finished), "a retry counts once"
        assert told == len(finished) > 0, "one statement for each lesson finished"
    assert unknown > 0, "somebody was always in the midst of writing"
    is_whole()
