"""Signed statements (xAPI 2.6, XAPI-00115 to 00117; row E4)."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from joserfc import jws
from joserfc.jwk import OctKey, RSAKey
from werkzeug.test import TestResponse

from lms.xapi.rules import signatures, web_signatures
from tests.conftest import NOW
from tests.rules.statement_corpus import ID, full, least
from tests.xapi.conftest import VERSION_HEADER, Lrs, stored_rows
from tests.xapi.http.test_attachments import TEXT, attachment, body, first, given, part, send

SIGNATURE = {"usageType": signatures.USAGE, "contentType": signatures.CONTENT_TYPE, "display": {"en": "Signature"}}
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@cache
def rsa_key(number: int = 1) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def jose(key: rsa.RSAPrivateKey) -> RSAKey:
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return RSAKey.import_key(pem)


def certificate(key: Key) -> str:
    """A certificate of its own, as x5c has it."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Signer")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(NOW)
        .not_valid_after(NOW + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    return base64.b64encode(made.public_bytes(serialization.Encoding.DER)).decode()


def sign(payload: Any, *, alg: str = "RS256", key: rsa.RSAPrivateKey | None = None, **header: Any) -> bytes:
    """A signature in compact form over a statement, or over any text."""
    text = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    registry = web_signatures.Registry(algorithms=[alg], strict_check_header=False)
    secret: Any = OctKey.import_key("s" * 64) if alg.startswith("HS") else jose(key or rsa_key())
    return jws.serialize_compact({"alg": alg, **header}, text, secret, algorithms=[alg], registry=registry).encode()


def signed(statement: Mapping[str, Any], signature: bytes, **more: Any) -> bytes:
    """The body of a statement with its signature."""
    own = {**attachment(signature), **SIGNATURE, **more}
    return body(first({**statement, "attachments": [*statement.get("attachments", []), own]}), part(signature))


def refused(lrs: Lrs, sent: bytes, reason: str) -> TestResponse:
    answer = send(lrs, sent)
    assert answer.status_code == 400, answer.text
    assert reason in answer.json["detail"]
    assert answer.json["errors"][0]["field"].startswith("/attachments/0")
    assert stored_rows() == 0
    return answer


@pytest.mark.parametrize("alg", ["RS256", "RS384", "RS512"])
@pytest.mark.parametrize("mount", ["/xapi/", "/xapi/1.0.3/"])
@pytest.mark.parametrize("certified", [True, False])
def test_2_6_a_statement_may_be_signed(lrs: Lrs, alg: str, mount: str, certified: bool) -> None:
    header = {"x5c": [certificate(rsa_key())], "typ": "JWS", "own": 1} if certified else {}
    sent = signed(least(id=ID), signature := sign(least(id=ID), alg=alg, **header))
    answer = send(lrs, sent, path=f"{mount}statements", headers={VERSION_HEADER: "1.0.3"})
    assert answer.status_code == 200, answer.text
    assert given(lrs.get(statementId=ID, attachments="true"))[1][0][2] == signature


def test_2_6_what_the_store_sets_need_not_be_signed_and_words_may_be_in_another_order(lrs: Lrs) -> None:
    statement = {key: value for key, value in full().items() if key not in ("attachments", "version")}
    payload = {key: statement[key] for key in reversed(statement) if key not in ("id", "timestamp")}
    payload["timestamp"] = "2026-11-23T07:30:00.123Z"
    payload |= {"stored": "2020-01-01T00:00:00Z", "version": "1.0.0", "authority": {"mbox": "mailto:x@gov.example"}}
    assert send(lrs, signed(statement, sign(payload))).status_code == 200


def test_4_2_7_durations_are_compared_to_a_hundredth_of_a_second(lrs: Lrs) -> None:
    for spoken, status in (("PT0.12S", 200), ("PT0.129S", 200), ("PT0.13S", 400)):
        payload = least(result={"duration": spoken})
        assert send(lrs, signed(least(result={"duration": "PT0.1237S"}), sign(payload))).status_code == status
    inner = {**least(result={"duration": "PT1.111S"}), "objectType": "SubStatement"}
    lrs.post(least(id=ID, object=inner))
    assert lrs.post(least(id=ID, object={**inner, "result": {"duration": "PT1.119S"}})).status_code == 200
    assert lrs.post(least(id=ID, object={**inner, "result": {"duration": "PT1.12S"}})).status_code == 409


def test_2_6_other_attachments_are_signed_too(lrs: Lrs) -> None:
    own = attachment(TEXT, fileUrl="https://gov.example/file")
    statement = least(id=ID, attachments=[own])
    tampered = {**own, "length": 1}
    for payload, status in ((least(id=ID, attachments=[tampered]), 400), (least(id=ID), 400), (statement, 200)):
        assert send(lrs, signed(statement, sign(payload))).status_code == status


@pytest.mark.parametrize(
    "change",
    [
        {"result": {"success": True}},
        {"actor": {"mbox": "mailto:other@gov.example"}},
        {"id": "8c5b1f0e-2d43-4c58-9a3c-0d5f6f4f2b12"},
        {"timestamp": "2026-01-01T00:00:00Z"},
        {"context": {"registration": ID}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_E4_a_statement_that_says_something_else_than_was_signed_is_refused(lrs: Lrs, change: dict[str, Any]) -> None:
    statement = least(id=ID, timestamp="2026-11-23T09:00:00Z")
    refused(lrs, signed(statement, sign({**statement, **change})), "another statement")


def test_E4_a_signature_by_another_key_than_its_certificates_is_refused(lrs: Lrs) -> None:
    chain = [certificate(rsa_key(2)), certificate(rsa_key())]
    refused(lrs, signed(least(), sign(least(), x5c=chain)), "does not match the key")


def test_E4_a_signature_changed_afterwards_is_refused(lrs: Lrs) -> None:
    whole = sign(least(result={"success": False}), x5c=[certificate(rsa_key())])
    head, _, seal = whole.split(b".")
    claimed = base64.urlsafe_b64encode(json.dumps(least(result={"success": True})).encode()).rstrip(b"=")
    forged = b".".join((head, claimed, seal))
    refused(lrs, signed(least(result={"success": True}), forged), "does not match the key")


@pytest.mark.parametrize("alg", ["HS256", "PS256"])
def test_2_6_other_algorithms_are_refused(lrs: Lrs, alg: str) -> None:
    refused(lrs, signed(least(), sign(least(), alg=alg)), "RS256, RS384, RS512")


def unsigned(header: Any, payload: Any = None) -> bytes:
    """A compact form that nobody signed."""
    parts = (header, least() if payload is None else payload)
    return b".".join(base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=") for one in parts) + b"."


@pytest.mark.parametrize("alg", ["none", "None", "", None, ["RS256"], {}, 1])
def test_E4_none_is_no_algorithm(lrs: Lrs, alg: Any) -> None:
    refused(lrs, signed(least(), unsigned({"alg": alg})), "")


@pytest.mark.parametrize(
    ("chain", "reason"),
    [
        ("text", "no list"),
        ([], "no list"),
        ([1], "no list"),
        (["!!"], "cannot be read"),
        (["AAAA"], "cannot be read"),
        ([None], "no list"),
    ],
)
def test_E4_a_chain_that_is_none_is_refused(lrs: Lrs, chain: Any, reason: str) -> None:
    head, payload, seal = sign(least()).split(b".")
    head = base64.urlsafe_b64encode(json.dumps({"alg": "RS256", "x5c": chain}).encode()).rstrip(b"=")
    refused(lrs, signed(least(), b".".join((head, payload, seal))), reason)


def test_E4_a_certificate_must_hold_an_rsa_key(lrs: Lrs) -> None:
    refused(lrs, signed(least(), sign(least(), x5c=[certificate(ec_key())])), "not RSA")


def test_E4_headers_that_change_what_is_signed_are_refused(lrs: Lrs) -> None:
    for header in ({"alg": "RS256", "crit": ["x"], "x": 1}, {"alg": "RS256", "b64": False, "crit": ["b64"]}):
        refused(lrs, signed(least(), unsigned(header)), "")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "compact form"),
        (b"a.b", "compact form"),
        (b"a.b.c.d", "compact form"),
        (b"\xff.\xff.\xff", "compact form"),
        (b"!.!.!", "compact form"),
        (unsigned("RS256"), ""),
        (unsigned([1]), ""),
    ],
    ids=range(7),
)
def test_2_6_what_is_no_json_web_signature_is_refused(lrs: Lrs, content: bytes, reason: str) -> None:
    refused(lrs, signed(least(), content), reason)


@pytest.mark.parametrize("payload", [b"", b"{", b"{'a':1}", b"[]", b"1", b'{"actor":1}', b'{"actor":{},"actor":{}}'])
def test_2_6_what_is_signed_must_be_a_statement(lrs: Lrs, payload: bytes) -> None:
    refused(lrs, signed(least(), sign(payload)), "no statement")


def test_2_6_a_signature_has_one_content_type(lrs: Lrs) -> None:
    refused(lrs, signed(least(), sign(least()), contentType="text/plain; charset=ascii"), signatures.CONTENT_TYPE)


def test_2_6_a_signature_comes_along(lrs: Lrs) -> None:
    own = {**attachment(sign(least())), **SIGNATURE, "fileUrl": "https://gov.example/signature"}
    answer = lrs.post(least(attachments=[own]))
    assert answer.status_code == 400
    assert "by address" in answer.json["detail"]
