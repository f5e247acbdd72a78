"""Pages of other sites may use the record with a key of their own (CORS)."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.rules.statement_corpus import least
from tests.xapi.conftest import Lrs

ELSEWHERE = {"Origin": "https://content.example"}


@pytest.mark.parametrize("mount", ["/xapi/", "/xapi/1.0.3/"])
@pytest.mark.parametrize(
    "resource",
    ["about", "statements", "activities", "activities/state", "activities/profile", "agents", "agents/profile"],
)
def test_the_question_before_a_request_needs_no_key(client: FlaskClient, mount: str, resource: str) -> None:
    asked = {
        **ELSEWHERE,
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "authorization,content-type,if-match,x-experience-api-version",
    }
    answer = client.options(mount + resource, headers=asked)
    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    allowed = {name.strip().lower() for name in answer.headers["Access-Control-Allow-Headers"].split(",")}
    assert allowed >= {"authorization", "content-type", "if-match", "if-none-match", "x-experience-api-version"}
    assert {"GET", "HEAD", "POST", "PUT", "DELETE"} <= set(answer.headers["Access-Control-Allow-Methods"].split(", "))
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_every_answer_of_the_record_may_be_read_elsewhere_and_none_of_the_pages(lrs: Lrs, client: FlaskClient) -> None:
    answers = [
        lrs.send("GET", headers=ELSEWHERE),
        lrs.post(least(), headers=ELSEWHERE),
        lrs.send("GET", "/xapi/nothing", headers=ELSEWHERE),
        client.get("/xapi/statements", headers=ELSEWHERE),
    ]
    for answer in answers:
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        exposed = answer.headers["Access-Control-Expose-Headers"]
        assert all(name in exposed for name in ("ETag", "Last-Modified", "X-Experience-API-Consistent-Through"))
    assert "Access-Control-Allow-Origin" not in client.get("/sign-in", headers=ELSEWHERE).headers


def test_no_question_is_answered_where_there_is_no_resource(client: FlaskClient) -> None:
    assert client.options("/xapi/nothing", headers=ELSEWHERE).status_code == 404
