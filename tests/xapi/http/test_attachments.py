"""Attachments and multipart/mixed (xAPI 2.4.11, Communication 1.5.2; row E4)."""

from __future__ import annotations

import hashlib
import json
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from lms.kernel.db import db, transaction
from lms.xapi.models import Attachment
from tests.rules.statement_corpus import ID, least
from tests.xapi.conftest import VERSION_HEADER, Lrs, stored_rows

BOUNDARY = "-------314159265358979323846"
TEXT, BINARY = b"a certificate\r\n", bytes(range(256)) + b"\r\n--not the boundary\r\n--"
MAIL = b"From: a@gov.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nhello\r\n--x--\r\n"
HASH, ENCODING = "X-Experience-API-Hash", "Content-Transfer-Encoding"


def sha(content: bytes, kind: str = "sha256") -> str:
    return hashlib.new(kind, content).hexdigest()


def attachment(content: bytes, *, kind: str = "sha256", **more: Any) -> dict[str, Any]:
    return {
        "usageType": "https://gov.example/usage/evidence",
        "display": {"en": "Evidence"},
        "contentType": "application/octet-stream",
        "length": len(content),
        "sha2": sha(content, kind),
        **more,
    }


def part(content: bytes, **headers: str | None) -> tuple[dict[str, str | None], bytes]:
    said = {"Content-Type": "application/octet-stream", ENCODING: "binary", HASH: sha(content), **headers}
    return said, content


def body(*parts: tuple[dict[str, str | None], bytes], boundary: str = BOUNDARY) -> bytes:
    """A body of parts, each with its headers."""
    written = b""
    for headers, content in parts:
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if value is not None)
        written += f"--{boundary}\r\n{lines}\r\n".encode() + content + b"\r\n"
    return written + f"--{boundary}--\r\n".encode()


def first(statements: Any, kind: str = "application/json") -> tuple[dict[str, str | None], bytes]:
    return {"Content-Type": kind}, json.dumps(statements).encode()


def send(lrs: Lrs, sent: bytes, *, kind: str = f"multipart/mixed; boundary={BOUNDARY}", **more: Any) -> TestResponse:
    return lrs.send(more.pop("method", "POST"), data=sent, content_type=kind, **more)


def given(answer: TestResponse) -> tuple[Any, list[tuple[str, str, bytes]]]:
    """What a multipart answer holds, as a reader of the standard library sees it."""
    assert answer.content_type.startswith("multipart/mixed; boundary=")
    boundary = answer.content_type.partition("boundary=")[2].encode()
    head, *others, last = answer.data.split(b"--" + boundary)
    assert (head, last) == (b"", b"--\r\n")
    found = []
    for other in others:
        lines, _, content = other[2:-2].partition(b"\r\n\r\n")
        headers = BytesParser(policy=HTTP).parsebytes(lines)
        found.append((headers.get(HASH, ""), headers["Content-Type"], headers.get(ENCODING, ""), content))
    assert found[0][1] == "application/json"
    assert all(encoding == "binary" for _, _, encoding, _ in found[1:])
    return json.loads(found[0][3]), [(sha2, kind, content) for sha2, kind, _, content in found[1:]]


def kept() -> int:
    with transaction():
        return int(db.session.scalar(select(func.count()).select_from(Attachment)) or 0)


@pytest.mark.parametrize("content", [TEXT, BINARY, MAIL, b"", b"\r\n", b"x" * 300_000], ids=range(6))
@pytest.mark.parametrize("kind", ["sha224", "sha256", "sha384", "sha512"])
def test_1_5_2_a_content_comes_back_byte_for_byte(lrs: Lrs, content: bytes, kind: str) -> None:
    sent = least(id=ID, attachments=[attachment(content, kind=kind)])
    said = {HASH: sha(content, kind).upper(), "Content-Type": "message/rfc822"}
    assert send(lrs, body(first(sent), part(content, **said))).status_code == 200
    statement, contents = given(lrs.get(statementId=ID, attachments="true"))
    assert statement["attachments"] == sent["attachments"]
    assert contents == [(sha(content, kind), "message/rfc822", content)]


def test_2_4_11_two_attachments_may_share_a_hash_and_the_content_is_kept_once(lrs: Lrs) -> None:
    twice = [attachment(TEXT), attachment(TEXT, display={"en": "Again"})]
    for _ in range(2):
        assert (
            send(lrs, body(first([least(attachments=twice), least(attachments=twice[:1])]), part(TEXT))).status_code
            == 200
        )
    assert send(lrs, body(first(least(attachments=twice)), part(TEXT), part(TEXT))).status_code == 200
    assert kept() == 1
    page, contents = given(lrs.get(attachments="true"))
    assert len(page["statements"]) == 5
    assert [content for _, _, content in contents] == [TEXT]


def test_2_1_3_whoever_asks_for_attachments_always_gets_multipart(lrs: Lrs) -> None:
    assert given(lrs.get(attachments="true")) == ({"statements": [], "more": ""}, [])
    lrs.post([least(id=ID), least()])
    page, contents = given(lrs.get(attachments="true", limit=1))
    assert (len(page["statements"]), contents) == (1, [])
    page, _ = given(lrs.get(page["more"]))
    assert page["statements"][0]["id"] == ID
    for query in ({}, {"attachments": "false"}):
        assert lrs.get(**query).content_type == "application/json"


def test_2_1_3_head_of_multipart_has_the_length_of_its_body(lrs: Lrs) -> None:
    send(lrs, body(first(least(id=ID, attachments=[attachment(TEXT)])), part(TEXT)))
    query = {"statementId": ID, "attachments": "true"}
    head, get = (lrs.send(method, query_string=query) for method in ("HEAD", "GET"))
    assert int(head.headers["Content-Length"]) == len(get.data)
    assert "X-Experience-API-Consistent-Through" in head.headers


@pytest.mark.parametrize("form", ["ids", "canonical"])
def test_2_1_3_attachments_come_in_every_form(lrs: Lrs, form: str) -> None:
    send(lrs, body(first(least(id=ID, attachments=[attachment(TEXT)])), part(TEXT)))
    _, contents = given(lrs.get(statementId=ID, attachments="true", format=form))
    assert [content for _, _, content in contents] == [TEXT]


def test_2_4_11_an_address_needs_no_part_and_no_multipart(lrs: Lrs) -> None:
    elsewhere = least(attachments=[attachment(TEXT, fileUrl="https://gov.example/file")])
    assert lrs.post(elsewhere).status_code == 200
    assert send(lrs, body(first(elsewhere))).status_code == 200
    assert send(lrs, body(first(least()))).status_code == 200
    assert send(lrs, body(first(elsewhere), part(TEXT))).status_code == 200
    assert kept() == 1


def test_2_4_11_a_sub_statement_has_attachments_too(lrs: Lrs) -> None:
    inner = {**least(attachments=[attachment(TEXT)]), "objectType": "SubStatement"}
    refused = lrs.post(least(object=inner))
    assert refused.status_code == 400
    assert refused.json["errors"][0]["field"] == "/object/attachments/0"
    assert send(lrs, body(first(least(id=ID, object=inner)), part(TEXT))).status_code == 200
    assert given(lrs.get(statementId=ID, attachments="true"))[1] == [(sha(TEXT), "application/octet-stream", TEXT)]


def test_2_1_1_a_put_may_bring_contents(lrs: Lrs) -> None:
    sent = body(first(least(attachments=[attachment(TEXT)])), part(TEXT))
    assert send(lrs, sent, method="PUT", query_string={"statementId": ID}).status_code == 204
    assert given(lrs.get(statementId=ID, attachments="true"))[1][0][2] == TEXT


@pytest.mark.parametrize("mount", ["/xapi/", "/xapi/1.0.3/"])
def test_1_5_2_both_mounts_take_attachments(lrs: Lrs, mount: str) -> None:
    sent = body(first(least(attachments=[attachment(TEXT)])), part(TEXT))
    kind = f'multipart/mixed; boundary="{BOUNDARY}"'
    answer = lrs.send("POST", f"{mount}statements", data=sent, content_type=kind, headers={VERSION_HEADER: "1.0.3"})
    assert answer.status_code == 200


ONE = least(attachments=[attachment(TEXT)])
REFUSED: dict[str, tuple[bytes, str]] = {
    "XAPI-00128 a part that nobody names": (body(first(ONE), part(TEXT), part(BINARY)), "sha2 of no attachment"),
    "XAPI-00129 a content that is missing": (body(first(ONE)), "no part of the body"),
    "XAPI-00130 no boundary between": (
        body(first(ONE))[: -len(BOUNDARY) - 6] + body(part(TEXT)).partition(b"\r\n")[2],
        "not JSON",
    ),
    "XAPI-00131 no boundary before the first part": (body(first(ONE), part(TEXT)).partition(b"\r\n")[2], "Part 1"),
    "XAPI-00132 a part without its hash": (body(first(ONE), part(TEXT, **{HASH: None})), HASH),
    "XAPI-00132 the hash of something else": (body(first(ONE), part(TEXT, **{HASH: sha(BINARY)})), "SHA-2 hash"),
    "E4 a hash of no SHA-2": (body(first(ONE), part(TEXT, **{HASH: sha(TEXT, "md5")})), "SHA-2 hash"),
    "XAPI-00133 statements in two parts": (body(first(ONE), first(ONE), part(TEXT)), HASH),
    "XAPI-00134 no JSON first": (body(first(ONE, "text/plain"), part(TEXT)), "Part 1"),
    "contents before statements": (body(part(TEXT), first(ONE)), "Part 1"),
    "XAPI-00135 another encoding": (body(first(ONE), part(TEXT, **{ENCODING: "base64"})), "binary"),
    "XAPI-00135 no encoding": (body(first(ONE), part(TEXT, **{ENCODING: None})), "binary"),
    "no end": (body(first(ONE), part(TEXT))[:-4], "RFC 2046"),
    "nothing": (b"", "RFC 2046"),
    "an end alone": (f"--{BOUNDARY}--\r\n".encode(), "no part"),
    "no headers": (f"--{BOUNDARY}\r\n\r\n[]\r\n--{BOUNDARY}--".encode(), ""),
    "headers of no text": (f"--{BOUNDARY}\r\nContent-Type: ".encode() + b"\xff\r\n\r\n[]\r\n", "RFC 2046"),
    "JSON that is none": (body(({"Content-Type": "application/json"}, b"{")), "JSON"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_1_5_2_what_is_not_in_order_is_refused(lrs: Lrs, name: str) -> None:
    sent, reason = REFUSED[name]
    answer = send(lrs, sent)
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
    assert reason in answer.json["detail"]
    assert (stored_rows(), kept()) == (0, 0)


@pytest.mark.parametrize(
    "kind",
    ["multipart/mixed", "multipart/mixed;", "multipart/mixed; boundary=", "multipart/mixed; boundary=" + "x" * 71],
)
def test_1_5_2_a_boundary_is_needed(lrs: Lrs, kind: str) -> None:
    answer = send(lrs, body(first(least())), kind=kind)
    assert answer.status_code == 400
    assert "boundary" in answer.json["detail"]


def test_1_5_1_other_kinds_of_body_are_refused(lrs: Lrs) -> None:
    sent = body(first(ONE), part(TEXT))
    for kind in (f"multipart/form-data; boundary={BOUNDARY}", f"multipart/related; boundary={BOUNDARY}", "text/plain"):
        assert send(lrs, sent, kind=kind).status_code == 400


def test_E5_too_many_parts_are_refused(lrs: Lrs) -> None:
    answer = send(lrs, body(first(ONE), *[part(TEXT)] * 1000))
    assert answer.status_code == 400
    assert "1000 parts" in answer.json["detail"]


def test_E3_a_refused_batch_keeps_no_content(lrs: Lrs) -> None:
    sent = body(first([ONE, least(verb={"id": "x"})]), part(TEXT))
    assert send(lrs, sent).status_code == 400
    assert (stored_rows(), kept()) == (0, 0)


def test_E9_contents_are_for_those_who_may_read_their_statements(lrs: Lrs, with_key: Any) -> None:
    send(lrs, body(first(ONE), part(TEXT)))
    page, contents = given(with_key("statements/read/mine").get(attachments="true"))
    assert (page["statements"], contents) == ([], [])


def test_E9_to_name_a_content_of_others_is_not_to_have_it(lrs: Lrs, with_key: Any) -> None:
    send(lrs, body(first(ONE), part(TEXT)))
    other = with_key("statements/write", "statements/read/mine")
    naming = least(id=ID, attachments=[attachment(TEXT, fileUrl="https://gov.example/any")])
    assert other.post(naming).status_code == 200
    for query in ({"statementId": ID}, {}):
        assert given(other.get(attachments="true", **query))[1] == []
        assert [content for *_, content in given(lrs.get(attachments="true", **query))[1]] == [TEXT]
    assert send(other, body(first(least(attachments=naming["attachments"])), part(TEXT))).status_code == 200
    assert kept() == 1
    assert [content for *_, content in given(other.get(statementId=ID, attachments="true"))[1]] == [TEXT]
