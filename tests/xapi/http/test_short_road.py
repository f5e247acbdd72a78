"""Plain statements go a shorter road, and nobody can tell by the answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask, request_started
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

from lms.kernel.db import line, transaction
from lms.kernel.errors import Busy
from lms.xapi.queries import keys
from tests.together import together
from tests.xapi.conftest import VERSION_HEADER, Lrs, basic, made_key, stored_rows
from tests.xapi.sent import least

PLAINLY_NOT = {"Content-Encoding": "identity"}
OWN = ("X-Request-Id", "X-Experience-API-Consistent-Through")  # another one in each answer
Ordinary = list[str]


@pytest.fixture
def ordinary(app: Flask) -> Iterator[Ordinary]:
    """The requests that were prepared for a view, by their path."""
    found: Ordinary = []

    def note(sender: Flask, **_: object) -> None:
        found.append("prepared")

    with request_started.connected_to(note, app):
        yield found


def compared(answer: TestResponse) -> tuple[int, list[tuple[str, str]]]:
    """What an answer says, but for what is its own."""
    headers = Headers(answer.headers)
    for name in OWN:
        assert headers.pop(name)
    return answer.status_code, sorted(headers.items())


@pytest.mark.parametrize("path", ["/xapi/statements", "/xapi/1.0.3/statements"])
@pytest.mark.parametrize("version", ["1.0", "1.0.3", "2.0.0"])
def test_both_roads_give_the_same_answer(lrs: Lrs, ordinary: Ordinary, path: str, version: str) -> None:
    headers = {VERSION_HEADER: version}
    short = lrs.post(least(id=str(uuid4())), path=path, headers=headers)
    assert len(ordinary) == (version == "2.0.0" and path != "/xapi/statements"), "refused by the ordinary road"
    long = lrs.post(least(id=str(uuid4())), path=path, headers={**headers, **PLAINLY_NOT})
    assert len(ordinary) == 1 + (short.status_code != 200)
    if short.status_code == 200:
        assert compared(short) == compared(long)


@pytest.mark.parametrize(
    "changed",
    [
        {"Cookie": "a=b"},
        {"Content-Encoding": "identity"},
        {"Content-Type": "application/json; charset=utf-8"},
        {"Authorization": None},
        {"Authorization": "Bearer x"},
        {VERSION_HEADER: None},
        {VERSION_HEADER: "3.0"},
        {"Host": "elsewhere.example"},
    ],
)
def test_whatever_is_not_plain_is_left_to_the_ordinary_road(
    app: Flask, lrs: Lrs, ordinary: Ordinary, changed: dict[str, str | None]
) -> None:
    body = json.dumps(least()).encode()
    headers = {"Content-Type": "application/json", **lrs.headers, **changed}
    sent = {name: value for name, value in headers.items() if value is not None}
    app.test_client(use_cookies=False).post("/xapi/statements", data=body, headers=sent)
    assert ordinary == ["prepared"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"[", 400),
        (b"[]", 200),
        (json.dumps({"actor": 1}).encode(), 400),
        (json.dumps([least()] * 501).encode(), 413),
    ],
)
def test_what_is_refused_is_refused_in_the_words_of_the_ordinary_road(lrs: Lrs, body: bytes, status: int) -> None:
    short, long = lrs.post(body), lrs.post(body, headers=PLAINLY_NOT)
    assert short.status_code == long.status_code == status
    if status != 200:
        assert _without_number(short) == _without_number(long)


def _without_number(answer: TestResponse) -> dict[str, Any]:
    said: dict[str, Any] = dict(answer.json)
    assert said.pop("request_id") == answer.headers["X-Request-Id"]
    return said


def test_what_is_shorter_than_was_said_is_not_stored(lrs: Lrs) -> None:
    body = json.dumps(least()).encode()
    longer = {"CONTENT_LENGTH": str(len(body) + 9)}
    answer = lrs.post(body, environ_overrides=longer)
    assert answer.status_code == 400
    assert stored_rows() == 0


def test_a_key_that_may_only_read_stores_nothing(app: Flask, client: FlaskClient) -> None:
    made = made_key("all/read")
    answer = Lrs(client, basic(made.key, made.secret)).post(least())
    assert answer.status_code == 403
    assert "statements/write" in answer.json["detail"]
    assert stored_rows() == 0


def test_an_outcome_that_nobody_knows_is_not_tried_again(
    lrs: Lrs, monkeypatch: pytest.MonkeyPatch, ordinary: Ordinary
) -> None:
    """A statement without an id would be there twice."""
    commit, tries = line.Line.commit, list[int]()

    def cut_off(self: line.Line) -> None:
        commit(self)
        if self._writes:
            tries.append(1)
            raise OperationalError("COMMIT", None, Exception("the connection was lost"))

    assert lrs.post(b"[]").status_code == 200  # the key's use of today is noted by this
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(line.Line, "commit", cut_off)
        answer = lrs.post(least())
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, str(Busy().retry_after))
    assert len(tries) == 1
    assert ordinary == ["prepared"]
    assert stored_rows() == 1


def test_the_day_of_a_key_s_use_is_noted_on_either_road(app: Flask, client: FlaskClient, ordinary: Ordinary) -> None:
    for body, roads in ((b"[]", []), (b"[", ["prepared"])):
        made = made_key("all")
        Lrs(client, basic(made.key, made.secret)).post(body)
        with transaction():
            row = next(row for row in keys.all_keys() if row.key == made.key)
        assert row.last_used_on is not None
        assert ordinary == roads


@pytest.mark.parametrize("is_one_bad", [False, True])
def test_what_comes_at_once_is_stored_and_what_is_wrong_is_refused_alone(
    app: Flask, lrs: Lrs, ordinary: Ordinary, is_one_bad: bool
) -> None:
    """Statements that are stored together: whoever contradicts what is stored does not keep the others out."""
    there = least(id=str(uuid4()))
    assert lrs.post(there).status_code == 200
    sent = [least(id=str(uuid4())) for _ in range(12)]
    if is_one_bad:
        sent[5] = {**there, "result": {"response": "something else"}}
    posts = [partial(Lrs(app.test_client(), lrs.headers).post, one) for one in sent]
    answers = together(*posts, clock_goes=True)
    assert [answer.status_code for answer in answers] == [200] * 5 + [409 if is_one_bad else 200] + [200] * 6
    assert [answer.json for answer in answers if answer.status_code == 200] == [
        [one["id"]] for one in sent if one is not sent[5] or not is_one_bad
    ]
    assert stored_rows() == 13 - is_one_bad
    assert len(ordinary) == is_one_bad
