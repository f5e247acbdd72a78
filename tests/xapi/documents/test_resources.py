"""Documents as they are kept and given back (xAPI Communication 2.2, 2.3, 2.6, 2.7)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from lms.kernel import clock
from tests.conftest import NOW
from tests.xapi.documents.conftest import ALL, PROFILES, REGISTRATION, Documents

EVERY = pytest.mark.parametrize(("kind", "version"), ALL)
METHODS = ("GET", "PUT", "POST", "DELETE")
Of = Callable[..., Documents]
WRONG_AGENTS = [
    "",
    "not JSON",
    "true",
    "[]",
    "{}",
    '{"mbox":"nobody"}',
    '{"mbox":"mailto:a@b.example","mbox":"mailto:a@b.example"}',
    '{"mbox":"mailto:a@b.example","openid":"https://a.example"}',
    '{"objectType":"agent","mbox":"mailto:a@b.example"}',
    '{"objectType":"Group","member":[{"mbox":"mailto:a@b.example"}]}',
]


@EVERY
@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b'{"a": 1.50,\n "b": null}', "application/json"),
        (b"\x00\xff any bytes \x00", "application/octet-stream"),
        ("grüße".encode(), "text/plain; charset=utf-8"),
        (b"", "text/plain"),
        (b"{not json", "application/json"),
    ],
)
def test_2_2_a_document_comes_back_as_it_was_sent(documents: Documents, content: bytes, content_type: str) -> None:
    assert documents.make(content, content_type).status_code == 204
    answer = documents.ask("GET")
    assert (answer.status_code, answer.data, answer.content_type) == (200, content, content_type)
    assert answer.last_modified == NOW
    assert answer.headers["ETag"].strip('"')
    head = documents.ask("HEAD")
    assert (head.status_code, head.data, head.content_length) == (200, b"", len(content))
    assert head.headers["ETag"] == answer.headers["ETag"]


@EVERY
def test_2_2_bytes_without_a_type_are_bytes(documents: Documents) -> None:
    assert documents.send("PUT", b"x", None, {"If-None-Match": "*"}).status_code == 204
    assert documents.ask("GET").content_type == "application/octet-stream"


@EVERY
def test_2_2_what_is_not_there_is_not_found_and_may_be_removed_all_the_same(documents: Documents) -> None:
    assert documents.ask("GET").status_code == 404
    assert documents.ask("DELETE").status_code == 204


@EVERY
def test_2_2_a_removed_document_is_gone_and_the_others_stay(documents: Documents) -> None:
    documents.make({"a": 1})
    documents.make({"a": 2}, **{documents.named_by: "s-2"})
    assert documents.ask("DELETE").status_code == 204
    assert documents.ask("GET").status_code == 404
    assert documents.names() == ["s-2"]


@EVERY
def test_2_2_a_kept_page_never_runs_as_one_of_ours(documents: Documents) -> None:
    documents.make(b"<script>alert(1)</script>", "text/html")
    headers = documents.ask("GET").headers
    assert headers["Content-Security-Policy"].startswith("sandbox;")
    assert headers["X-Content-Type-Options"] == "nosniff"


@EVERY
def test_2_2_names_of_documents_are_listed_from_a_moment_on(documents: Documents) -> None:
    for minute, name in enumerate(["b", "a", "ü /?&"]):
        with clock.at(NOW + timedelta(minutes=minute)):
            documents.make({}, **{documents.named_by: name})
    assert documents.names() == ["a", "b", "ü /?&"]
    assert documents.names(since=NOW.isoformat()) == ["a", "ü /?&"]
    with clock.at(NOW + timedelta(hours=1)):
        documents.send("POST", {"more": 1}, **{documents.named_by: "b"})
    assert documents.names(since=(NOW + timedelta(minutes=2)).isoformat()) == ["b"]
    assert documents.names(since="2026-11-23T11:00:00.000Z") == []


@EVERY
def test_2_2_where_there_are_none_the_list_is_empty(documents: Documents) -> None:
    assert documents.names() == []


@EVERY
def test_2_2_whom_a_document_belongs_to_must_be_said(documents: Documents) -> None:
    for method, name in product(METHODS, set(documents.query) - {documents.named_by}):
        answer = documents.send(method, {}, **{name: None})
        assert answer.status_code == 400
        assert name in answer.json["detail"]


@EVERY
def test_2_2_a_document_to_be_kept_needs_a_name(documents: Documents) -> None:
    for method, name in product(["PUT", "POST"], [None, "", "x" * 1001]):
        answer = documents.send(method, {}, **{documents.named_by: name})
        assert answer.status_code == 400
        assert documents.named_by in answer.json["detail"]


@pytest.mark.parametrize(("kind", "version"), PROFILES)
def test_2_6_2_7_a_profile_is_removed_by_its_name_alone(documents: Documents) -> None:
    documents.make({})
    assert documents.ask("DELETE", profileId=None).status_code == 400
    assert documents.names() == ["s-1"]


@EVERY
def test_2_2_an_unknown_parameter_is_refused(documents: Documents) -> None:
    for method, name in product(METHODS, ["StateId", "foo", "registration ", "limit"]):
        answer = documents.send(method, {}, **{name: "x"})
        assert answer.status_code == 400
        assert name in answer.json["detail"]


@EVERY
def test_2_2_since_is_for_reading(documents: Documents) -> None:
    for method in ("PUT", "POST", "DELETE"):
        assert documents.send(method, {}, since="2026-11-23T11:00:00Z").status_code == 400


@EVERY
def test_2_2_a_parameter_stands_once(documents: Documents) -> None:
    assert documents.ask("GET", **{documents.named_by: ["s-1", "s-2"]}).status_code == 400


@EVERY
def test_2_2_since_is_a_moment(documents: Documents) -> None:
    for since in ("yesterday", "true", "2026-13-01T00:00:00Z", "2026-11-23T11:00:00-00:00"):
        answer = documents.ask("GET", since=since, **{documents.named_by: None})
        assert answer.status_code == 400
        assert "since" in answer.json["detail"]


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
@pytest.mark.parametrize("kind", ["state", "agent"])
def test_2_3_2_6_an_agent_is_somebody_who_is_known(of: Of, version: str, kind: str) -> None:
    for method, agent in product(METHODS, WRONG_AGENTS):
        assert of(kind, version).send(method, {}, agent=agent).status_code == 400


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
def test_2_3_2_7_an_activity_is_an_iri(of: Of, version: str) -> None:
    for kind, activity in product(("state", "activity"), ("", "true", "no scheme", "https://a.example/<b>")):
        assert of(kind, version).ask("GET", activityId=activity).status_code == 400


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
def test_2_3_a_registration_is_a_uuid(of: Of, version: str) -> None:
    for method in METHODS:
        assert of("state", version).send(method, {}, registration="true").status_code == 400


def test_2_6_2_7_profiles_know_no_registration(of: Of) -> None:
    for kind in ("activity", "agent"):
        assert of(kind).ask("GET", registration=REGISTRATION).status_code == 400


def test_2_3_an_identified_group_has_states_too(of: Of) -> None:
    group = '{"objectType":"Group","mbox":"mailto:team@client.example"}'
    assert of("state").make({"a": 1}, agent=group).status_code == 204
    assert of("state").ask("GET", agent=group).json == {"a": 1}


def test_2_3_the_same_somebody_finds_a_state_however_the_agent_is_written(of: Of) -> None:
    of("state").make({"a": 1})
    written = '{"name":"Some One","account":{"name":"someone","homePage":"https://client.example"}}'
    assert of("state").ask("GET", agent=written).json == {"a": 1}


def state_of(of: Of, registration: str | None) -> Any:
    return of("state").ask("GET", registration=registration).json["of"]


def test_2_3_a_state_of_a_registration_is_another_than_the_one_without(of: Of) -> None:
    state = of("state")
    state.make({"of": "none"})
    state.make({"of": "one"}, registration=REGISTRATION)
    assert (state_of(of, None), state_of(of, REGISTRATION.upper())) == ("none", "one")
    assert state.ask("GET", registration="7c5b1f0e-2d43-4c58-9a3c-0d5f6f4f2b12").status_code == 404
    assert state.ask("DELETE", registration=REGISTRATION).status_code == 204
    assert state_of(of, None) == "none"


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
def test_2_3_all_states_are_listed_and_removed_for_a_registration_or_for_all(of: Of, version: str) -> None:
    state = of("state", version)
    for name, registration in (("a", None), ("b", REGISTRATION), ("c", REGISTRATION)):
        state.make({}, stateId=name, registration=registration)
    state.make({}, activityId="https://client.example/things/two")
    assert state.names() == ["a", "b", "c"]
    assert state.names(registration=REGISTRATION) == ["b", "c"]
    assert state.ask("DELETE", stateId=None, registration=REGISTRATION).status_code == 204
    assert state.names() == ["a"]
    assert state.ask("DELETE", stateId=None).status_code == 204
    assert state.names() == []
    assert state.names(activityId="https://client.example/things/two") == ["s-1"]


def test_2_2_resources_do_not_see_each_others_documents(of: Of) -> None:
    of("state").make({"of": "state"})
    of("activity").make({"of": "activity"})
    of("agent").make({"of": "agent"})
    assert [of(kind).ask("GET").json["of"] for kind in ("state", "activity", "agent")] == ["state", "activity", "agent"]


def test_2_2_reading_adds_nobody_and_nothing(of: Of) -> None:
    for kind in ("state", "activity", "agent"):
        assert of(kind).ask("GET").status_code == 404
        assert of(kind).names() == []
        assert of(kind).ask("DELETE").status_code == 204
