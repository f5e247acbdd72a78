"""Plain statements go a shorter road, and nobody can tell by the answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from io import BytesIO
from threading import Event
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask, request_started
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, TestResponse

from lms.kernel.actor import Actor
from lms.kernel.db import db, line, transaction
from lms.kernel.db.gathering import Gathering
from lms.kernel.errors import Busy
from lms.xapi.actions import inbound
from lms.xapi.models import StatementRow
from lms.xapi.queries import keys
from lms.xapi.rules.errors import ErasedMeanwhile
from lms.xapi.views.short_road import ShortRoad
from tests.together import meanwhile, together, wait_until
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


def gathering_of(app: Flask) -> Gathering[Any, Any]:
    whole: Any = app
    outer = whole.front
    while not isinstance(outer, ShortRoad):
        outer = outer._inner
    return outer._gathering


def are_waiting(app: Flask, many: int) -> bool:
    return sum(len(queue.waiting) for queue in gathering_of(app)._queues.values()) == many


def posted_together(app: Flask, lrs: Lrs, monkeypatch: pytest.MonkeyPatch, sent: Sequence[Any]) -> list[TestResponse]:
    """What several are answered who come while another one stores; they are stored together."""
    gathering, began, may_go_on, at_once = gathering_of(app), Event(), Event(), list[int]()
    write = gathering._write

    def held_up(asked: Sequence[Any]) -> Sequence[Any]:
        at_once.append(len(asked))
        if len(at_once) == 1:
            began.set()
            assert may_go_on.wait(20)
        return write(asked)

    def post(body: Any) -> TestResponse:
        return Lrs(app.test_client(), lrs.headers).post(body)

    with monkeypatch.context() as meantime, ExitStack() as everybody:
        meantime.setattr(gathering, "_write", held_up)
        meantime.setattr(gathering, "_at_once", 1)
        everybody.enter_context(meanwhile(partial(post, b"[]"), clock_goes=True))
        assert began.wait(20)
        begun = []
        for number, body in enumerate(sent, start=1):
            begun.append(everybody.enter_context(meanwhile(partial(post, body), clock_goes=True)))
            wait_until(partial(are_waiting, app, number))
        may_go_on.set()
        answers = [one.result(30) for one in begun]
    assert at_once[:2] == [1, len(sent)]
    return answers


def kept_text(statement_id: str) -> str:
    with transaction():
        text = db.session.scalar(select(StatementRow.payload).where(StatementRow.id == UUID(statement_id)))
    assert text is not None
    return text


@pytest.mark.parametrize("is_one_bad", [False, True])
def test_what_comes_at_once_is_stored_together_and_what_is_wrong_is_refused_alone(
    app: Flask, lrs: Lrs, ordinary: Ordinary, monkeypatch: pytest.MonkeyPatch, is_one_bad: bool
) -> None:
    """Whoever contradicts what is stored keeps nobody out, and changes not a letter of what the others sent."""
    there = least(id=str(uuid4()))
    assert lrs.post(there).status_code == 200
    sent: list[Any] = [least(id=str(uuid4())) for _ in range(4)]
    own_way = str(uuid4())
    text = (
        json.dumps(least(id=own_way))[:-1] + ', "result" : {"score": {"raw": 1.50, "max":2e1}, "response":"\\u00e9"} }'
    )
    sent[1] = text.encode()
    if is_one_bad:
        sent[2] = {**there, "result": {"response": "something else"}}
    answers = posted_together(app, lrs, monkeypatch, sent)
    assert [answer.status_code for answer in answers] == [200, 200, 409 if is_one_bad else 200, 200]
    assert answers[1].json == [own_way]
    assert stored_rows() == 5 - is_one_bad
    assert len(ordinary) == is_one_bad
    kept = kept_text(own_way)
    assert kept.startswith(text.removesuffix(" }")), "as it came"
    assert json.loads(kept)["timestamp"] == json.loads(kept)["stored"]


def test_who_names_somebody_erased_meanwhile_is_told_so_alone(
    app: Flask, lrs: Lrs, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = inbound.take

    def erased(*, arrivals: Sequence[inbound.Arrival], **more: Any) -> None:
        if any("gone" in arrival.text for arrival in arrivals):
            raise ErasedMeanwhile("Send it again.")
        take(arrivals=arrivals, **more)

    monkeypatch.setattr(inbound, "take", erased)
    sent = [least(id=str(uuid4())), least(id=str(uuid4()), result={"response": "gone"}), least(id=str(uuid4()))]
    assert [one.status_code for one in posted_together(app, lrs, monkeypatch, sent)] == [200, 503, 200]
    assert stored_rows() == 2


def test_of_two_keys_each_is_stored_under_its_own(
    app: Flask, lrs: Lrs, with_key: Callable[..., Lrs], monkeypatch: pytest.MonkeyPatch
) -> None:
    other, asked = with_key("all"), list[tuple[str, int]]()
    take = inbound.take

    def noted(*, actor: Actor, arrivals: Sequence[inbound.Arrival], **more: Any) -> None:
        asked.append((actor.account_name, len(arrivals)))
        take(actor=actor, arrivals=arrivals, **more)

    monkeypatch.setattr(inbound, "take", noted)
    posts = [partial(Lrs(app.test_client(), one.headers).post, least()) for one in (lrs, other) * 4]
    assert {answer.status_code for answer in together(*posts, clock_goes=True)} == {200}
    assert sorted(sum(many for who, many in asked if who == name) for name in {who for who, _ in asked}) == [4, 4]


def test_nobody_s_body_is_read_before_his_key_has_opened(app: Flask) -> None:
    class Untouched(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise AssertionError("it was read")

    head = {"Content-Type": "application/json", **basic("k-unknown", "secret")}
    environ = EnvironBuilder("/xapi/statements", method="POST", headers=head).get_environ()
    environ |= {"wsgi.input": Untouched(), "CONTENT_LENGTH": "20000000"}
    assert app.test_client().open(environ).status_code == 401


@pytest.mark.parametrize("length", ["+5", "-1", "9" * 5000, "\u0661\u0662", "", "5, 5"])
def test_a_length_that_is_none_is_left_to_the_ordinary_road(lrs: Lrs, length: str) -> None:
    answer = lrs.post(least(), environ_overrides={"CONTENT_LENGTH": length})
    assert answer.status_code in (400, 413)
    assert stored_rows() == 0


def test_credentials_that_cannot_be_read_open_nothing(lrs: Lrs) -> None:
    answer = lrs.post(least(), environ_overrides={"HTTP_AUTHORIZATION": "Basic \xff"})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic")
