"""An installation to measure: its settings, and its application within this process to prepare and to look at it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from lms.app import create_app
from lms.kernel.db import db
from lms.people.rules import passwords
from lms.settings import read

CHEAP = (1, 8, 1)  # what a password's hash costs is not what is measured here
TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')
FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@dataclass(frozen=True)
class Stage:
    """A database of a kind with its application; `environ` starts a server over the same."""

    kind: str
    environ: Mapping[str, str]
    app: Flask


@contextmanager
def staged(kind: str, folder: Path, url: str) -> Iterator[Stage]:
    """An installation with an empty schema, and nothing left open at its end."""
    folder.mkdir(parents=True, exist_ok=True)
    environ = {"LMS_VAR": str(folder), "DATABASE_URL": url, "LMS_SECRET_KEY": "measured"}
    app = create_app(read(environ))
    passwords.set_cost(CHEAP)
    with app.app_context():
        db.create_all()
    try:
        yield Stage(kind, environ, app)
    finally:
        passwords.set_cost(passwords.COST)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def sign_in(app: Flask, email: str, password: str) -> FlaskClient:
    """A browser of somebody who has signed in through the form."""
    client = app.test_client()
    token = form_token(client.get("/sign-in").text)
    answer = client.post("/sign-in", data={"csrf_token": token, "email": email, "password": password})
    if answer.status_code != 303:
        raise RuntimeError(f"{email} could not sign in: the form answered {answer.status_code}.")
    return client


def form_token(page: str) -> str:
    """The token that a page's forms send along."""
    found = TOKEN.search(page)
    if found is None:
        raise RuntimeError("The page has no form with a token: it was changed, and this measurement with it must be.")
    return found[1]


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that reach a database within; the frame of a transaction does not count."""
    sent: list[str] = []

    def note(connection: Any, cursor: Any, text: str, *rest: Any) -> None:
        if not text.startswith(FRAME):
            sent.append(text)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)
