"""A product of its own over a database of its own: served, and killed at any moment."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, make_url, text

from lms.app import create_app
from lms.kernel.actor import SYSTEM
from lms.kernel.db import db, transaction
from lms.settings import read
from lms.xapi.actions.rebuild import rebuild
from tests.house.source import ROOT


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


@contextmanager
def installed(var: Path, database_url: str, **more: str) -> Iterator[Installation]:
    """A product with its tables, for a free port; `more` are settings of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    given = {"LMS_VAR": str(var), "LMS_SECRET_KEY": "test", "LMS_BASE_URL": f"http://127.0.0.1:{port}"}
    given |= {"DATABASE_URL": database_url, **more}
    app = create_app(read(given))
    with app.app_context():
        db.create_all()
        yield Installation(app, {**os.environ, **given}, port)
        db.session.remove()
        db.engine.dispose()


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
    with installed(tmp_path, own.render_as_string(hide_password=False)) as found:
        yield found
    if url.drivername != "sqlite":
        with admin.connect() as connection:
            connection.execute(text("drop database if exists killed with (force)"))
    admin.dispose()


def is_whole() -> None:
    """The file is sound, and every row that follows from statements still does."""
    if db.engine.dialect.name == "sqlite":
        with db.engine.connect() as connection:
            assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
    with transaction():
        assert rebuild(actor=SYSTEM, check=True).differences == []
