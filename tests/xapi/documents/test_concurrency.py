"""Tags and preconditions (xAPI 1.0.3 Communication 3.1; xAPI 2.0.0 4.1.4)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from itertools import product

import pytest

from tests.xapi.documents.conftest import ALL, PROFILES, Documents

EVERY = pytest.mark.parametrize(("kind", "version"), ALL)
UNSAFE = ("PUT", "POST", "DELETE")
ELSE = '"1111111111111111111111111111111111111111"'


def tag(documents: Documents) -> str:
    found: str = documents.ask("GET").headers["ETag"]
    return found


@EVERY
def test_3_1_a_tag_is_the_quoted_sha1_of_the_content(documents: Documents) -> None:
    documents.make(b'{"a":1}')
    assert tag(documents) == '"' + hashlib.sha1(b'{"a":1}').hexdigest() + '"'


@EVERY
def test_3_1_a_change_under_another_tag_is_412_and_changes_nothing(documents: Documents) -> None:
    documents.make({"a": 1})
    for method in UNSAFE:
        answer = documents.send(method, {"a": 2}, "application/json", {"If-Match": ELSE})
        assert (answer.status_code, answer.json["code"]) == (412, "precondition-failed")
        assert documents.ask("GET").json == {"a": 1}


@EVERY
@pytest.mark.parametrize("method", UNSAFE)
def test_3_1_a_change_under_its_tag_is_made_however_it_is_written(documents: Documents, method: str) -> None:
    for written in ("{}", "W/{}", ELSE + " , {}", "*", "bare"):
        documents.ask("DELETE")
        documents.make({"a": 1})
        shown = tag(documents).strip('"') if written == "bare" else written.format(tag(documents))
        assert documents.send(method, {"a": 2}, "application/json", {"If-Match": shown}).status_code == 204
        answer = documents.ask("GET")
        assert answer.status_code == 404 if method == "DELETE" else answer.json == {"a": 2}


@EVERY
def test_3_1_what_is_not_there_has_no_tag(documents: Documents) -> None:
    for method, shown in product(UNSAFE, (ELSE, "*", '""', "")):
        assert documents.send(method, {}, "application/json", {"If-Match": shown}).status_code == 412
    assert documents.names() == []


@EVERY
@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_3_1_if_none_match_makes_new_documents_only(documents: Documents, method: str) -> None:
    first = documents.send(method, {"a": 1}, "application/json", {"If-None-Match": "*"})
    assert first.status_code == 204
    assert first.headers["ETag"] == tag(documents)
    again = documents.send(method, {"a": 2}, "application/json", {"If-None-Match": "*"})
    assert again.status_code == 412
    assert documents.ask("GET").json == {"a": 1}


@EVERY
def test_3_1_if_none_match_with_a_tag_refuses_that_content_alone(documents: Documents) -> None:
    documents.make({"a": 1})
    named = {"If-None-Match": tag(documents)}
    assert documents.send("PUT", {"a": 2}, "application/json", named).status_code == 412
    assert documents.send("PUT", {"a": 2}, "application/json", {"If-None-Match": ELSE}).status_code == 204


@EVERY
def test_3_1_every_change_gives_a_new_tag(documents: Documents) -> None:
    documents.make({"a": 1})
    before = tag(documents)
    answer = documents.send("POST", {"b": 2})
    assert answer.headers["ETag"] == tag(documents) != before


@EVERY
def test_3_1_a_reader_who_has_the_document_is_not_sent_it_again(documents: Documents) -> None:
    documents.make({"a": 1})
    assert documents.ask("GET", "", {"If-None-Match": tag(documents)}).status_code == 304
    assert documents.ask("GET", "", {"If-None-Match": ELSE}).status_code == 200


@pytest.mark.parametrize(("kind", "version"), [*PROFILES, ("state", "2.0.0")])
def test_3_1_replacing_without_a_tag_is_409_and_says_what_to_do(documents: Documents) -> None:
    documents.make({"a": 1})
    answer = documents.send("PUT", {"a": 2})
    assert (answer.status_code, answer.json["code"]) == (409, "conflict")
    assert "If-Match" in answer.json["detail"]
    assert documents.ask("GET").json == {"a": 1}


def test_3_1_in_1_0_3_a_state_is_replaced_without_a_tag(of: Callable[[str, str], Documents]) -> None:
    state = of("state", "1.0.3")
    assert state.send("PUT", {"a": 1}).status_code == 204
    assert state.send("PUT", {"b": 2}).status_code == 204
    assert state.ask("GET").json == {"b": 2}


@EVERY
def test_3_1_a_first_version_without_a_tag_is_refused_for_profiles_of_1_0_3(documents: Documents) -> None:
    is_refused = documents.version == "1.0.3" and documents.kind != "state"
    answer = documents.send("PUT", {"a": 1})
    assert answer.status_code == (400 if is_refused else 204)
    assert documents.names() == ([] if is_refused else ["s-1"])


@EVERY
@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_3_1_merging_and_removing_need_no_tag(documents: Documents, method: str) -> None:
    documents.make({"a": 1})
    assert documents.send(method, {"b": 2}).status_code == 204
