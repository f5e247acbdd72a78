"""Signed statements (xAPI 2.6): a JSON web signature over the statement as it was before the signature was added."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from lms.kernel import strict_json
from lms.kernel.errors import Malformed
from lms.xapi.rules.errors import wrong
from lms.xapi.rules.sameness import same
from lms.xapi.rules.validate import Version, validate

USAGE = "http://adlnet.gov/expapi/attachments/signature"
CONTENT_TYPE = "application/octet-stream"
ALGORITHMS = ("RS256", "RS384", "RS512")


class _Registry(jws.JWSRegistry):
    """Room for the certificates in a header and for a long statement."""

    max_header_length = 64 * 1024
    max_payload_length = 4 * 1024 * 1024
    max_signature_length = 4 * 1024


_registry = _Registry(algorithms=ALGORITHMS, strict_check_header=False)


def check(statement: Mapping[str, Any], content: bytes, at: str, version: Version) -> None:
    """Whether a signature is one of ours to trust and says the same as its statement; raises Malformed at `at`."""
    try:
        found = jws.extract_compact(content.strip(), registry=_registry)
    except (JoseError, ValueError) as error:
        raise wrong(at, f"is no JSON web signature in compact form ({error}).") from None
    header = found.headers()
    if header.get("alg") not in ALGORITHMS:
        raise wrong(at, f"is signed with {str(header.get('alg'))[:20]!r}: use one of {', '.join(ALGORITHMS)}.")
    if "crit" in header or "b64" in header:
        raise wrong(at, "has a header that changes what is signed (crit, b64): sign without.")
    if "x5c" in header:
        _verify(content.strip(), header["x5c"], at)
    _says_the_same(statement, found.payload or b"", at, version)


def is_signature(attachment: Mapping[str, Any]) -> bool:
    """Whether an attachment is a statement's signature."""
    return bool(attachment["usageType"] == USAGE)


def _verify(signed: bytes, chain: Any, at: str) -> None:
    """Check the signature with the key of the first certificate of the chain (RFC 7515 4.1.6)."""
    key = _first_key(chain, at)
    try:
        jws.deserialize_compact(signed, key, algorithms=list(ALGORITHMS), registry=_registry)
    except (JoseError, ValueError) as error:
        raise wrong(at, f"does not match the key of its certificate ({error}).") from None


def _first_key(chain: Any, at: str) -> RSAKey:
    if not isinstance(chain, list) or not chain or not all(isinstance(one, str) for one in chain):
        raise wrong(at, "has an x5c that is no list of certificates in base64.")
    try:
        certificate = x509.load_der_x509_certificate(base64.b64decode(chain[0], validate=True))
        key = certificate.public_key()
    except (binascii.Error, ValueError) as error:
        raise wrong(at, f"has a certificate in x5c that cannot be read ({error}).") from None
    if not isinstance(key, RSAPublicKey):
        raise wrong(at, "has a certificate in x5c whose key is not RSA.")
    public = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return RSAKey.import_key(public)


def _says_the_same(statement: Mapping[str, Any], payload: bytes, at: str, version: Version) -> None:
    """Compare what was signed with what was sent, without what comes after signing (xAPI 2.3.1, 2.6)."""
    try:
        signed = strict_json.read(payload)
        validate(signed, version=version)
    except Malformed as error:
        raise wrong(at, f"signs something that is no statement: {error.detail}") from None
    unsigned, is_other = _before_signing(statement), False
    if "id" in signed and "id" in statement:
        is_other = signed["id"].lower() != statement["id"].lower()
    if is_other or not same(unsigned, _before_signing(signed)):
        raise wrong(at, "signs another statement than the one it came with.")


def _before_signing(statement: Mapping[str, Any]) -> dict[str, Any]:
    others = [attachment for attachment in statement.get("attachments", ()) if not is_signature(attachment)]
    bare = {key: value for key, value in statement.items() if key != "attachments"}
    return {**bare, "attachments": others} if others else bare
