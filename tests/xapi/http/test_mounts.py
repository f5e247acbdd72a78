"""Two mounts and the versions they speak (xAPI Communication 1.1, 2.8, 3.2, 3.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from tests.rules.statement_corpus import ID, least
from tests.xapi.conftest import VERSION_HEADER, Lrs, stored_rows

OLDER = "/xapi/1.0.3/"
RESOURCES = ("statements", "activities/state", "activities/profile", "agents/profile", "activities", "agents")


@pytest.mark.parametrize(
    ("mount", "said", "spoken"),
    [
        ("/xapi/", "2.0.0", "2.0.0"),
        ("/xapi/", "2.0", "2.0.0"),
        ("/xapi/", "1.0.3", "1.0.3"),
        ("/xapi/", "1.0", "1.0.3"),
        (OLDER, "1.0.3", "1.0.3"),
        (OLDER, "1.0", "1.0.3"),
        (OLDER, "1.0.9", "1.0.3"),
    ],
)
def test_3_3_the_version_said_is_the_version_spoken(lrs: Lrs, mount: str, said: str, spoken: str) -> None:
    answer = lrs.send("GET", f"{mount}statements", headers={VERSION_HEADER: said})
    assert (answer.status_code, answer.headers[VERSION_HEADER]) == (200, spoken)


@pytest.mark.parametrize("resource", RESOURCES)
@pytest.mark.parametrize(("mount", "own"), [("/xapi/", "2.0.0"), (OLDER, "1.0.3")])
@pytest.mark.parametrize("said", [None, "", "0.95", "1.1.0", "2.1.0", "3", "BAD"])
def test_3_3_whoever_says_no_version_we_know_is_answered_in_the_mounts_own(
    lrs: Lrs, resource: str, mount: str, own: str, said: str | None
) -> None:
    answer = lrs.send("GET", mount + resource, headers={VERSION_HEADER: said})
    assert (answer.status_code, answer.headers[VERSION_HEADER]) == (400, own)
    assert VERSION_HEADER in answer.json["detail"]


def test_3_3_the_older_mount_speaks_nothing_newer(lrs: Lrs) -> None:
    answer = lrs.send("GET", f"{OLDER}statements", headers={VERSION_HEADER: "2.0.0"})
    assert (answer.status_code, answer.headers[VERSION_HEADER]) == (400, "1.0.3")


@pytest.mark.parametrize(("mount", "said", "accepted"), [("/xapi/", "2.0.0", True), (OLDER, "1.0.3", False)])
def test_2_4_6_context_agents_came_with_2_0_0(lrs: Lrs, mount: str, said: str, accepted: bool) -> None:
    context = {"contextAgents": [{"objectType": "contextAgent", "agent": {"mbox": "mailto:a@gov.example"}}]}
    answer = lrs.post(least(context=context), path=f"{mount}statements", headers={VERSION_HEADER: said})
    assert answer.status_code == (200 if accepted else 400)


def test_2_8_about_is_open_and_names_every_version_under_both_mounts(client: FlaskClient) -> None:
    for mount, own in (("/xapi/", "2.0.0"), (OLDER, "1.0.3")):
        answer = client.get(f"{mount}about")
        assert answer.json == {"version": ["2.0.0", "1.0.3"], "extensions": {}}
        assert answer.headers[VERSION_HEADER] == own


def test_2_5_more_stays_under_the_mount_it_was_asked_under(lrs: Lrs) -> None:
    made = lrs.post([least(), least(), least()]).json
    found, address = [], f"{OLDER}statements?limit=2"
    while address:
        answer = lrs.send("GET", address, headers={VERSION_HEADER: "1.0.3"})
        found += [statement["id"] for statement in answer.json["statements"]]
        address = answer.json["more"]
        assert address == "" or address.startswith(f"{OLDER}statements?more=")
    assert found == made[::-1]


@pytest.mark.parametrize("path", ["statements", "about"])
@pytest.mark.parametrize("mount", ["/xapi/", OLDER])
def test_1_1_head_is_get_without_its_body(lrs: Lrs, mount: str, path: str) -> None:
    lrs.post(least())
    said = {VERSION_HEADER: "1.0.3"}
    head, get = (lrs.send(method, mount + path, headers=said) for method in ("HEAD", "GET"))
    differing = ("X-Request-Id", "X-Experience-API-Consistent-Through")
    both = [{k: v for k, v in answer.headers.items() if k not in differing} for answer in (head, get)]
    assert both[0] == both[1]
    assert head.data == b""
    assert int(head.headers["Content-Length"]) == len(get.data)


def test_3_2_an_unknown_resource_is_404_and_an_unknown_method_405_in_json(lrs: Lrs) -> None:
    for mount, own in (("/xapi/", "2.0.0"), (OLDER, "1.0.3")):
        said = {VERSION_HEADER: own}
        unknown = lrs.send("GET", f"{mount}nothing", headers=said)
        assert (unknown.status_code, unknown.content_type) == (404, "application/problem+json")
        refused = lrs.send("DELETE", f"{mount}statements", headers=said)
        assert (refused.status_code, refused.content_type) == (405, "application/problem+json")
        assert set(refused.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST", "PUT"}
        assert unknown.headers[VERSION_HEADER] == refused.headers[VERSION_HEADER] == own


@contextmanager
def refusing(trouble: str) -> Iterator[None]:
    """Within: the database takes no statement and gives none."""

    def refuse(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if "xapi_statement" in statement:
            raise OperationalError(statement, {}, Exception(trouble))

    event.listen(Engine, "before_cursor_execute", refuse)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", refuse)


@pytest.mark.parametrize("mount", ["/xapi/", OLDER])
@pytest.mark.parametrize("trouble", ["database or disk is full", "server closed the connection unexpectedly"])
def test_D12_a_lost_database_or_a_full_disk_is_503_with_retry_after(lrs: Lrs, mount: str, trouble: str) -> None:
    said = {VERSION_HEADER: "1.0.3"}
    with refusing(trouble):
        answer = lrs.post(least(id=ID), path=f"{mount}statements", headers=said)
    assert (answer.status_code, answer.content_type) == (503, "application/problem+json")
    assert int(answer.headers["Retry-After"]) > 0
    assert stored_rows() == 0


def test_4_0_a_launched_unit_is_never_asked_for_basic_credentials(client: FlaskClient, app: Flask) -> None:
    cases: list[tuple[dict[str, str], str]] = [
        ({}, "Basic"),
        ({"Authorization": "Basic bm9ib2R5Om5vdGhpbmc="}, "Basic"),
        ({"Authorization": "Basic bGF1bmNoLTE6bm90aGluZw=="}, "xAPI"),
        ({"Origin": "https://content.example"}, "xAPI"),
        ({"Sec-Fetch-Mode": "cors"}, "xAPI"),
        ({"Sec-Fetch-Mode": "navigate"}, "Basic"),
        ({"X-Requested-With": "XMLHttpRequest"}, "xAPI"),
    ]
    for headers, scheme in cases:
        answer = client.get("/xapi/statements", headers={VERSION_HEADER: "1.0.3", **headers})
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].split()[0] == scheme, headers


def test_E1_scopes_hold_under_both_mounts(with_key: Callable[..., Lrs]) -> None:
    reader = with_key("statements/read")
    said = {VERSION_HEADER: "1.0.3"}
    assert reader.send("GET", f"{OLDER}statements", headers=said).status_code == 200
    assert reader.post(least(), path=f"{OLDER}statements", headers=said).status_code == 403
