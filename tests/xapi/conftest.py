"""The record by itself: witnesses in place of the rooms above it, and clients with keys."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, insert, select
from werkzeug.test import TestResponse

from lms.kernel.actor import SYSTEM
from lms.kernel.db import db, transaction
from lms.kernel.jobs import Job
from lms.xapi.actions import inbound, road
from lms.xapi.actions.keys import NewKey, create_key
from lms.xapi.models import StatementRow
from lms.xapi.rules.facts import Draft, Fact, Projector

TALLY = "test.tally"
VERSION_HEADER = "X-Experience-API-Version"


class Witness:
    """Sees facts, remembers them, and says what follows where a test told it."""

    def __init__(self, name: str, seen: list[tuple[str, Fact]]) -> None:
        self.name = name
        self._seen = seen
        self.consequences: Callable[[Fact], Sequence[Draft]] = lambda fact: ()

    def project(self, fact: Fact) -> None:
        self._seen.append((self.name, fact))

    def keeps(self, fact: Fact) -> bool:
        return False

    def settle(self) -> None:
        return None

    def follow(self, fact: Fact) -> Sequence[Draft]:
        return self.consequences(fact)

    def clear(self) -> None:
        return None

    def contents(self) -> Sequence[tuple[object, ...]]:
        return ()


class Tally(Witness):
    """Keeps a row for each own statement, as a room above would."""

    def project(self, fact: Fact) -> None:
        if fact.own:
            arguments = {"person": fact.person_id, "thing": fact.object_iri}
            row = {"kind": TALLY, "key": str(fact.id), "arguments": arguments, "not_before": fact.stored}
            db.session.execute(insert(Job), row)

    def clear(self) -> None:
        db.session.execute(delete(Job).where(Job.kind == TALLY))

    def contents(self) -> Sequence[tuple[object, ...]]:
        rows = db.session.execute(select(Job.not_before, Job.key, Job.arguments).where(Job.kind == TALLY))
        return [(at, key, str(arguments)) for at, key, arguments in rows]


@pytest.fixture
def seen() -> list[tuple[str, Fact]]:
    """What the witnesses saw, in order."""
    return []


@pytest.fixture
def rooms_above(request: pytest.FixtureRequest) -> tuple[Projector, ...]:
    """The projectors of the rooms above, as the application set them."""
    if "app" in request.fixturenames:
        request.getfixturevalue("app")
    return road.projectors()


@pytest.fixture(autouse=True)
def witnesses(seen: list[tuple[str, Fact]], rooms_above: tuple[Projector, ...]) -> Iterator[tuple[Witness, ...]]:
    """The rooms above, replaced; and nobody is known by account."""
    lookup = inbound._lookup
    standing = (Witness("first", seen), Tally("tally", seen), Witness("second", seen))
    road.set_projectors(standing)
    inbound.set_person_lookup(inbound.nobody)
    yield standing
    road.set_projectors(rooms_above)
    inbound.set_person_lookup(lookup)


def basic(key: str, secret: str) -> dict[str, str]:
    """The headers of a client: Basic credentials, and which version of xAPI it speaks."""
    shown = base64.b64encode(f"{key}:{secret}".encode()).decode()
    return {"Authorization": f"Basic {shown}", VERSION_HEADER: "2.0.0"}


def made_key(*scopes: str) -> NewKey:
    with transaction():
        return create_key(actor=SYSTEM, name="Test", scopes=scopes or ("all",))


class Lrs:
    """A client of the record with a key; a header that is None is left out."""

    def __init__(self, client: FlaskClient, headers: dict[str, str]) -> None:
        self._client = client
        self.headers = headers

    def send(self, method: str, path: str = "statements", **more: Any) -> TestResponse:
        said = {**self.headers, **more.pop("headers", {})}
        headers = {name: value for name, value in said.items() if value is not None}
        address = path if path.startswith("/") else f"/xapi/{path}"
        return self._client.open(address, method=method, headers=headers, **more)

    def post(self, body: Any, **more: Any) -> TestResponse:
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        path = more.pop("path", "statements")
        return self.send("POST", path, data=sent, content_type="application/json", **more)

    def put(self, statement_id: str, body: Any, **more: Any) -> TestResponse:
        query = {"statementId": statement_id}
        return self.send("PUT", query_string=query, data=json.dumps(body), content_type="application/json", **more)

    def get(self, path: str = "statements", **query: Any) -> TestResponse:
        return self.send("GET", path, query_string=query or None)

    def ids(self, **query: Any) -> list[str]:
        answer = self.get(**query)
        assert answer.status_code == 200, answer.text
        return [statement["id"] for statement in answer.json["statements"]]


@pytest.fixture
def with_key(app: Flask, client: FlaskClient) -> Callable[..., Lrs]:
    """A client whose key has some scopes; all by default."""

    def make(*scopes: str) -> Lrs:
        made = made_key(*scopes)
        return Lrs(client, basic(made.key, made.secret))

    return make


@pytest.fixture
def lrs(with_key: Callable[..., Lrs]) -> Lrs:
    """A client that may do everything."""
    return with_key()


def stored_rows() -> int:
    """How many statements there are."""
    with transaction():
        return len(db.session.scalars(select(StatementRow.seq)).all())
