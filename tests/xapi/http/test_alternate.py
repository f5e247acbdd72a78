"""The alternate request syntax of xAPI 1.0.3 (Communication 1.3)."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.rules.statement_corpus import ID, least
from tests.xapi.conftest import VERSION_HEADER, Lrs, stored_rows

FORM = "application/x-www-form-urlencoded"
OLDER = "/xapi/1.0.3/statements"


def send(lrs: Lrs, method: str, form: dict[str, Any] | bytes, *, path: str = OLDER, **headers: Any) -> TestResponse:
    body = form if isinstance(form, bytes) else urlencode(form).encode()
    said = {VERSION_HEADER: "1.0.3", **headers}
    return lrs.send("POST", f"{path}?method={method}", data=body, content_type=FORM, headers=said)


def test_1_3_a_post_may_stand_for_a_get_with_its_parameters(lrs: Lrs) -> None:
    made = lrs.post([least(), least()]).json
    answer = send(lrs, "GET", {"limit": 1})
    assert answer.status_code == 200
    assert [statement["id"] for statement in answer.json["statements"]] == made[1:]
    assert send(lrs, "GET", {}).status_code == 200


def test_1_3_a_post_may_stand_for_a_put_with_its_content(lrs: Lrs) -> None:
    assert send(lrs, "PUT", {"statementId": ID, "content": json.dumps(least())}).status_code == 204
    assert lrs.ids() == [ID]


def test_1_3_a_post_may_stand_for_a_post(lrs: Lrs) -> None:
    answer = send(lrs, "POST", {"content": json.dumps([least(id=ID)])})
    assert (answer.status_code, answer.json) == (200, [ID])


def test_1_3_headers_may_stand_in_the_form(lrs: Lrs, client: FlaskClient) -> None:
    form = {
        "statementId": ID,
        "content": json.dumps(least()),
        VERSION_HEADER: "1.0.3",
        "Authorization": lrs.headers["Authorization"],
        "Content-Type": "application/json",
        "Content-Length": "5",
    }
    for path in (OLDER, "/xapi/statements"):
        assert client.post(f"{path}?method=PUT", data=form).status_code == 204
    assert stored_rows() == 1
    assert client.post(f"{OLDER}?method=PUT", data={**form, "Authorization": "Basic x"}).status_code == 401
    assert client.post(f"{OLDER}?method=PUT", data={**form, "Content-Type": "text/plain"}).status_code == 400


def test_1_3_conditions_in_the_form_are_conditions(lrs: Lrs) -> None:
    where = {"activityId": "https://gov.example/a", "profileId": "p"}
    path = "/xapi/1.0.3/activities/profile"
    first = {**where, "content": "{}", "If-None-Match": "*"}
    assert send(lrs, "PUT", first, path=path).status_code == 204
    assert send(lrs, "PUT", first, path=path).status_code == 412
    assert send(lrs, "DELETE", {**where, "If-Match": '"no"'}, path=path).status_code == 412


@pytest.mark.parametrize(
    ("method", "form"),
    [
        ("PUT", {"statementId": ID, "content": json.dumps(least()), VERSION_HEADER: "0.8"}),
        ("PUT", {"statementId": ID}),
        ("PUT", b""),
        ("PUT", b"statementId=1&content=%7B%7D&content=%7B%7D"),
        ("PUT", json.dumps({"statementId": ID, "content": "{}"}).encode()),
        ("PUT", b"content=%FF"),
        ("PATCH", {"content": "{}"}),
        ("HEAD", {}),
        ("put", {"statementId": ID, "content": json.dumps(least())}),
        ("", {"content": "{}"}),
        ("GET", {"foo": "1"}),
        ("GET", b"&".join(b"limit=1" for _ in range(101))),
        ("PUT&statementId=" + ID, {"content": json.dumps(least())}),
    ],
)
def test_1_3_what_is_no_alternate_request_is_refused(lrs: Lrs, method: str, form: Any) -> None:
    answer = send(lrs, method, form)
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
    assert stored_rows() == 0


def test_1_3_only_a_post_stands_for_something_else(lrs: Lrs) -> None:
    said = {VERSION_HEADER: "1.0.3"}
    query = {"method": "POST", "statementId": ID}
    assert lrs.send("PUT", OLDER, query_string=query, json=least(), headers=said).status_code == 400


@pytest.mark.parametrize("method", ["GET", "PUT", "POST"])
def test_1_3_xapi_2_0_0_has_no_such_syntax(lrs: Lrs, method: str) -> None:
    form = {"statementId": ID, "content": json.dumps(least())}
    for said in ("2.0.0", "0.8"):
        assert send(lrs, method, form, path="/xapi/statements", **{VERSION_HEADER: said}).status_code == 400
    assert stored_rows() == 0


def test_E5_a_form_beyond_the_limit_is_not_read(app: Flask, lrs: Lrs) -> None:
    largest = app.config["MAX_CONTENT_LENGTH"]
    answer = send(lrs, "PUT", b"content=" + b"x" * largest)
    assert (answer.status_code, answer.content_type) == (413, "application/problem+json")
