"""The process is killed while people write: nothing that was acknowledged is lost, and a retry counts once (row H2)."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import create_engine, func, make_url, select, text

from assessments.actions.attempts import start
from assessments.models.attempts import AttemptItem
from courses import actions as courses
from courses.models import Enrolment, StepProgress
from lms.app import create_app
from lms.kernel import clock
from lms.kernel.actor import OWN, SYSTEM, Actor
from lms.kernel.db import db, transaction
from lms.settings import read
from lms.xapi.actions.rebuild import rebuild
from lms.xapi.models import StatementRow, Verb
from lms.xapi.rules import verbs
from tests.assessments.conftest import SLUG, STEP, asked
from tests.assessments.papers import Paper
from tests.courses.conftest import small
from tests.factories import Make
from tests.house.source import ROOT

ROUNDS = 50 if os.environ.get("CADRE_EVIDENCE") else 3
WRITERS = 4
LESSONS = 40
ENOUGH = 30  # acknowledged writes in a round before the process is killed
Write = tuple[str, dict[str, str]]  # an address and a form
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass
class Installation:
    """A product of its own over a database of its own."""

    app: Flask
    environ: dict[str, str]
    port: int

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[bytes]]:
        """The server with all its processes; whatever happens, none of them outlives this."""
        lms = str(Path(sys.executable).parent / "lms")
        command = [lms, "serve", "--port", str(self.port), "--workers", "1"]
        server = subprocess.Popen(
            command, cwd=ROOT, env=self.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        try:
            self._await(server)
            yield server
        finally:
            kill(server)
            server.wait(20)

    def _await(self, server: subprocess.Popen[bytes]) -> None:
        for _ in range(600):
            assert server.poll() is None, "the server stopped by itself"
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
                connection.request("GET", "/healthz")
                assert connection.getresponse().status == 200
                connection.close()
                return
            except OSError:
                threading.Event().wait(0.05)
        raise AssertionError("the server did not answer")


def kill(server: subprocess.Popen[bytes]) -> None:
    """kill -9 of the server and its workers at once."""
    try:
        os.killpg(server.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


@dataclass
class Writer:
    """Somebody who answers a quiz and finishes lessons, and remembers what was acknowledged and what was not."""

    cookie: str
    token: str
    attempt_id: int
    position: int
    taking: UUID
    revision: int = 0
    finished: list[str] = field(default_factory=list)
    unknown: Write | None = None
    last: Write | None = None
    refused: list[tuple[str, int]] = field(default_factory=list)

    def write(self, port: int, count: threading.Semaphore) -> None:
        """Go on until the server is gone."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        while not self.refused:
            self.unknown = self.unknown or self._next()
            try:
                status = self._send(connection, *self.unknown)
            except (OSError, http.client.HTTPException):
                connection.close()
                return
            self._heard(status)
            count.release()

    def retry(self, port: int) -> None:
        """Send once more what nobody knows the fate of, and then again, as if its answer had been lost too."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        if self.unknown:
            self._heard(self._send(connection, *self.unknown))
        if self.last:
            status = self._send(connection, *self.last)
            self.refused += [] if status in (200, 303) else [(self.last[0], status)]
        connection.close()

    def _next(self) -> Write:
        if self.revision % 3 == 2 and len(self.finished) * 3 < self.revision and len(self.finished) < LESSONS - 1:
            return f"/learn/{self.taking}/lesson-{len(self.finished) + 1}", {}
        choice = ("true", "false")[self.revision % 2]
        address = f"/learn/attempts/{self.attempt_id}/questions/{self.position}/answer"
        return address, {"choice": choice, "revision": str(self.revision), "save_id": f"s{self.revision}"}

    def _send(self, connection: http.client.HTTPConnection, address: str, form: dict[str, str]) -> int:
        body = urlencode({**form, "csrf_token": self.token})
        connection.request("POST", address, body, {**FORM, "Cookie": f"cadre={self.cookie}"})
        response = connection.getresponse()
        response.read()
        return response.status

    def _heard(self, status: int) -> None:
        assert self.unknown is not None
        address, form = self.unknown
        if status not in (200, 303):
            self.refused.append((address, status))
        elif form:
            self.revision += 1
        else:
            self.finished.append(address.rpartition("/")[2])
        self.last, self.unknown = self.unknown, None


@pytest.fixture
def installation(database: str, tmp_path: Path) -> Iterator[Installation]:
    """A database beside the one of the other tests."""
    url = make_url(database)
    own = url.set(database=str(tmp_path / "killed.db") if url.drivername == "sqlite" else "killed")
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    if url.drivername != "sqlite":
        with admin.connect() as connection:
            connection.execute(text("drop database if exists killed with (force)"))
            connection.execute(text("create database killed"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    given = {"LMS_VAR": str(tmp_path), "LMS_SECRET_KEY": "test", "LMS_BASE_URL": f"http://127.0.0.1:{port}"}
    given["DATABASE_URL"] = own.render_as_string(hide_password=False)
    app = create_app(read(given))
    with app.app_context():
        db.create_all()
        yield Installation(app, {**os.environ, **given}, port)
        db.session.remove()
        db.engine.dispose()
    if url.drivername != "sqlite":
        with admin.connect() as connection:
            connection.execute(text("drop database if exists killed with (force)"))
    admin.dispose()


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


def write_until_killed(installation: Installation, writers: list[Writer]) -> None:
    """Let everybody retry what they do not know the fate of, go on, and lose the server in the midst of it."""
    with installation.running() as server:
        retry(installation, writers)
        count = threading.Semaphore(0)
        threads = [threading.Thread(target=one.write, args=(installation.port, count)) for one in writers]
        for thread in threads:
            thread.start()
        for _ in range(ENOUGH):
            assert count.acquire(timeout=20)
        kill(server)
        for thread in threads:
            thread.join(20)


def retry(installation: Installation, writers: list[Writer]) -> None:
    for writer in writers:
        writer.retry(installation.port)


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


def is_whole() -> None:
    """The file is sound, and every row that follows from statements still does."""
    if db.engine.dialect.name == "sqlite":
        with db.engine.connect() as connection:
            assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
    with transaction():
        assert rebuild(actor=SYSTEM, check=True).differences == []
