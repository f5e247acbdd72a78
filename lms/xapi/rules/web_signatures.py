"""JSON web signatures in compact form (RFC 7515): what was signed, held against the certificate where there is one."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from lms.xapi.rules.errors import wrong

ALGORITHMS = ("RS256", "RS384", "RS512")


class Registry(jws.JWSRegistry):
    """Room for the certificates in a header and for a long statement."""

    max_header_length = 64 * 1024
    max_payload_length = 4 * 1024 * 1024
    max_signature_length = 4 * 1024


_registry = Registry(algorithms=ALGORITHMS, strict_check_header=False)


def signed_text(signed: bytes, at: str) -> bytes:
    """What was signed; raises Malformed at `at` where the signature is none of ours to trust."""
    try:
        found = jws.extract_compact(signed, registry=_registry)
    except (JoseError, ValueError) as error:
        raise wrong(at, f"is no JSON web signature in compact form ({error}).") from None
    header = found.headers()
    if header.get("alg") not in ALGORITHMS:
        raise wrong(at, f"is signed with {str(header.get('alg'))[:20]!r}: use one of {', '.join(ALGORITHMS)}.")
    if "crit" in header or "b64" in header:
        raise wrong(at, "has a header that changes what is signed (crit, b64): sign without.")
    if "x5c" in header:
        _verify(signed, header["x5c"], at)
    return found.payload or b""


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
