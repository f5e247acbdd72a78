"""Two documents become one (xAPI Communication 2.2), and nobody's part is lost (row E8)."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from flask import Flask

from tests.together import together
from tests.xapi.conftest import Lrs
from tests.xapi.documents.conftest import ALL, RESOURCES, Documents

EVERY = pytest.mark.parametrize(("kind", "version"), ALL)
MANY = 50
NO_OBJECTS = [
    (b"abc", "text/plain"),
    (b'{"a":2}', "application/octet-stream"),
    (b'{"a":2}', None),
    (b"[1]", "application/json"),
    (b'"text"', "application/json"),
    (b'{"a":2}{', "application/json"),
    (b'{"a":2,"a":3}', "application/json"),
    (b'{"a":NaN}', "application/json"),
    (b"\xff", "application/json"),
    (b"", "application/json"),
]


@EVERY
def test_2_2_the_top_level_is_merged_and_nothing_beneath_it(documents: Documents) -> None:
    documents.make({"a": {"x": 1}, "b": [1], "c": "é"})
    assert documents.send("POST", {"a": {"y": 2}, "d": None}).status_code == 204
    answer = documents.ask("GET")
    assert answer.json == {"a": {"y": 2}, "b": [1], "c": "é", "d": None}
    assert answer.content_type == "application/json"


@EVERY
@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=utf-8", "Application/JSON"])
def test_2_2_without_a_document_post_makes_one(documents: Documents, content_type: str) -> None:
    assert documents.send("POST", b'{"a": 1}', content_type).status_code == 204
    answer = documents.ask("GET")
    assert (answer.data, answer.content_type) == (b'{"a": 1}', content_type)


@EVERY
def test_2_2_what_is_no_json_object_is_not_merged(documents: Documents) -> None:
    documents.make({"a": 1})
    for sent, content_type in NO_OBJECTS:
        answer = documents.send("POST", sent, content_type)
        assert answer.status_code == 400
        assert answer.json["detail"]
        assert documents.ask("GET").json == {"a": 1}


@EVERY
@pytest.mark.parametrize(
    ("kept", "content_type"), [(b"/ a / b", "application/octet-stream"), (b"[1]", "application/json")]
)
def test_2_2_nothing_is_merged_into_what_is_no_json_object(
    documents: Documents, kept: bytes, content_type: str
) -> None:
    documents.make(kept, content_type)
    assert documents.send("POST", {"a": 1}).status_code == 400
    assert documents.ask("GET").data == kept


@EVERY
def test_2_2_what_says_json_and_is_no_object_is_not_kept_for_merging(documents: Documents) -> None:
    for sent in (b"[1]", b"{", b""):
        assert documents.send("POST", sent, "application/json").status_code == 400
    assert documents.names() == []


def merged_at_once(app: Flask, lrs: Lrs, kind: str, version: str) -> list[int]:
    """Fifty clients add one property each to the same document, all at the same moment."""

    def add(number: int) -> int:
        client = Documents(Lrs(app.test_client(), lrs.headers), kind, version)
        return client.send("POST", {f"p{number}": number}).status_code

    return together(*[partial(add, number) for number in range(MANY)])


@EVERY
@pytest.mark.parametrize("is_there", [False, True])
def test_E8_fifty_parallel_merges_lose_none(
    app: Flask, lrs: Lrs, documents: Documents, kind: str, version: str, is_there: bool
) -> None:
    if is_there:
        documents.make({"first": 0})
    assert merged_at_once(app, lrs, kind, version) == [204] * MANY
    whole: dict[str, Any] = documents.ask("GET").json
    assert whole == {f"p{number}": number for number in range(MANY)} | ({"first": 0} if is_there else {})


@pytest.mark.parametrize("kind", RESOURCES)
def test_E8_of_ten_who_make_the_same_document_one_is_first(app: Flask, lrs: Lrs, kind: str) -> None:
    def make() -> int:
        return Documents(Lrs(app.test_client(), lrs.headers), kind, "2.0.0").make({"a": 1}).status_code

    assert sorted(together(*[make] * 10)) == [204] + [412] * 9
