"""Reading the record: filters, pages that do not shift, versions, and what every answer carries."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.kernel import clock, ids
from lms.kernel.db import transaction
from lms.xapi import record
from lms.xapi.rules import verbs
from tests.conftest import NOW
from tests.rules.statement_corpus import ID, least
from tests.together import meanwhile
from tests.xapi.conftest import Lrs
from tests.xapi.drafts import course, draft

REGISTRATION = ids.new()


@pytest.fixture
def six(app: Flask) -> list[str]:
    """Six own statements, one a minute."""
    made = []
    with transaction():
        for number in range(6):
            with clock.at(NOW + timedelta(minutes=number)):
                fact = record(
                    draft(
                        number % 2,
                        verb=verbs.PASSED if number % 3 == 0 else verbs.COMPLETED,
                        slug=f"course-{number % 3}",
                        registration=REGISTRATION if number in {1, 4} else None,
                    )
                )
            made.append(str(fact.id))
    return made


def agent(person: int) -> str:
    return json.dumps({"account": {"name": f"p-{person}", "homePage": "https://cadre.example"}, "name": "whoever"})


FILTERS: list[tuple[dict[str, Any], list[int]]] = [
    ({}, [5, 4, 3, 2, 1, 0]),
    ({"ascending": "true"}, [0, 1, 2, 3, 4, 5]),
    ({"agent": agent(1)}, [5, 3, 1]),
    ({"agent": agent(9)}, []),
    ({"verb": verbs.PASSED}, [3, 0]),
    ({"activity": course("course-1").iri}, [4, 1]),
    ({"registration": str(REGISTRATION)}, [4, 1]),
    ({"registration": str(REGISTRATION).upper(), "agent": agent(0)}, [4]),
    ({"since": "2026-11-23T09:32:00.000Z"}, [5, 4, 3]),
    ({"until": "2026-11-23T10:32:00+01:00"}, [2, 1, 0]),
    ({"since": "2026-11-23T09:30:00Z", "until": "2026-11-23T09:31:00Z"}, [1]),
    ({"verb": verbs.COMPLETED, "agent": agent(1), "ascending": "true"}, [1, 5]),
]


@pytest.mark.parametrize(("query", "expected"), FILTERS, ids=[str(list(q)) for q, _ in FILTERS])
def test_a_filter_finds_exactly_its_statements(
    lrs: Lrs, six: list[str], query: dict[str, Any], expected: list[int]
) -> None:
    assert lrs.ids(**query) == [six[number] for number in expected]


@pytest.mark.parametrize("ascending", ["true", "false"])
def test_pages_follow_each_other_without_gap_or_shift(lrs: Lrs, six: list[str], ascending: str) -> None:
    answer = lrs.get(limit=2, ascending=ascending, agent=agent(1))
    found = [s["id"] for s in answer.json["statements"]]
    late: list[str] = []
    while more := answer.json["more"]:
        assert more.startswith("/xapi/statements?more=")
        with clock.at(NOW + timedelta(hours=1 + len(late))):
            late += lrs.post(least(actor=json.loads(agent(1)))).json  # a new arrival must not shift what follows
        answer = lrs.get(more)
        found += [s["id"] for s in answer.json["statements"]]
    known = [six[1], six[3], six[5]]
    assert found == ([*known, *late] if ascending == "true" else known[::-1])


def test_more_is_empty_when_the_last_page_is_just_full(lrs: Lrs, six: list[str]) -> None:
    assert lrs.get(limit=6).json["more"] == ""
    assert lrs.get(limit=0).json["more"] == ""
    assert len(lrs.get(limit=5).json["statements"]) == 5


def test_E9_further_pages_are_for_the_key_that_asked(lrs: Lrs, with_key: Callable[..., Lrs], six: list[str]) -> None:
    more = lrs.get(limit=1).json["more"]
    assert lrs.get(more).status_code == 200
    for address in (more[:-1] + ("A" if more[-1] != "A" else "B"), more + "&limit=5", more.replace("=", "=x", 1)):
        assert lrs.get(address).status_code == 400
    assert with_key("statements/read/mine").get(more).status_code == 400


def test_a_single_statement_tells_when_it_was_stored(lrs: Lrs, six: list[str]) -> None:
    answer = lrs.get(statementId=six[2])
    assert answer.json["id"] == six[2]
    assert parsedate_to_datetime(answer.headers["Last-Modified"]) == NOW + timedelta(minutes=2)
    assert lrs.get(statementId=ID).status_code == 404
    assert lrs.get(voidedStatementId=six[2]).status_code == 404


def test_every_answer_about_statements_says_up_to_when_it_is_complete(lrs: Lrs, six: list[str]) -> None:
    answers = [lrs.get(), lrs.get(statementId=six[0]), lrs.get(statementId=ID), lrs.get(foo="1")]
    answers += [lrs.post(least()), lrs.put(ID, least())]
    assert [answer.status_code for answer in answers] == [200, 200, 404, 400, 200, 204]
    for answer in answers:
        assert answer.headers["X-Experience-API-Consistent-Through"].endswith("Z")
        assert answer.headers["Cache-Control"] == "no-store"


def test_head_is_get_without_its_body(lrs: Lrs, six: list[str]) -> None:
    head, get = lrs.send("HEAD"), lrs.get()
    assert head.status_code == 200
    assert head.data == b""
    assert head.headers["Content-Length"] == get.headers["Content-Length"]


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        (None, None),
        ("2.0.0", "2.0.0"),
        ("2.0", "2.0.0"),
        ("1.0.3", "1.0.3"),
        ("1.0", "1.0.3"),
        ("1.0.9", "1.0.3"),
        ("1.1.0", None),
        ("0.95", None),
        ("3", None),
        ("", None),
        ("x" * 500, None),
    ],
)
def test_the_version_is_agreed_by_header(lrs: Lrs, said: str | None, answered: str | None) -> None:
    answer = lrs.send("GET", headers={"X-Experience-API-Version": said})
    assert answer.status_code == (200 if answered else 400)
    assert answer.headers["X-Experience-API-Version"] == (answered or "2.0.0")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/xapi/about", 200),
        ("PUT", "/xapi/statements", 400),
        ("DELETE", "/xapi/statements", 405),
        ("GET", "/xapi/no-such-resource", 404),
    ],
)
@pytest.mark.parametrize("said", [None, "1.0.3"])
def test_every_answer_of_the_record_says_its_version(
    lrs: Lrs, method: str, path: str, status: int, said: str | None
) -> None:
    answer = lrs.send(method, path, headers={"X-Experience-API-Version": said})
    assert answer.status_code == status
    assert answer.headers["X-Experience-API-Version"] == (said or "2.0.0")


def test_pages_of_the_product_speak_no_version_of_xapi(client: FlaskClient) -> None:
    assert "X-Experience-API-Version" not in client.get("/sign-in").headers


@pytest.mark.parametrize("query", ["foo=1", "limit=x", "limit=1&limit=2", "agent=%7B", "since=1", "verb=%00", "more=x"])
def test_what_cannot_be_asked_is_refused_with_a_problem_document(lrs: Lrs, query: str) -> None:
    answer = lrs.send("GET", f"/xapi/statements?{query}")
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"
    assert answer.json["detail"]


def test_the_statements_of_a_page_are_the_text_as_stored(lrs: Lrs) -> None:
    lrs.post(
        '{"actor":{"mbox":"mailto:a@gov.example"},"verb":{"id":"http://v.example/1"},'
        '"object":{"id":"http://o.example/\u00e9"},"result":{"score":{"raw":1.50,"max":1e2}}}'.encode()
    )
    text = lrs.get().text
    assert '"raw":1.50,"max":1e2' in text
    assert "http://o.example/\u00e9" in text


def test_a_reader_neither_waits_for_a_writer_nor_sees_what_is_not_committed(lrs: Lrs) -> None:
    with transaction():
        record(draft())
        with meanwhile(lrs.ids) as elsewhere:  # a thread has a unit of work of its own
            assert elsewhere.result(timeout=4) == []
    with meanwhile(lrs.ids) as elsewhere:
        assert len(elsewhere.result(timeout=4)) == 1


@pytest.mark.parametrize("method", ["DELETE", "PATCH"])
def test_nothing_else_can_be_done_with_statements(lrs: Lrs, method: str) -> None:
    assert lrs.send(method).status_code == 405
