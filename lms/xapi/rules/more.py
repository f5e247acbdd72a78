"""The address of the next page: the same question and where to go on, sealed for one reader (row E9)."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

from lms.xapi.rules.parameters import Filters, refused

VALID = timedelta(hours=24)
_SEAL = 24  # bytes of the seal that are kept: 192 bits
_ASKED = "at"


def seal(filters: Filters, *, reader: str, secret: str, now: datetime) -> str:
    """A token from which only this reader gets the next page, for a day."""
    asked = {
        key: value if isinstance(value, bool | int | str) else value.isoformat() if _dated(value) else str(value)
        for key, value in dataclasses.asdict(filters).items()
        if value is not None
    }
    body = _text(json.dumps({**asked, _ASKED: int(now.timestamp())}, separators=(",", ":")).encode())
    return f"{body}.{_sign(body, reader, secret)}"


def unseal(token: str, *, reader: str, secret: str, now: datetime) -> Filters:
    """The question a token holds; raises Malformed for what was not sealed for this reader, or too long ago."""
    body, _, seal_given = token.rpartition(".")
    if not hmac.compare_digest(seal_given.encode(), _sign(body, reader, secret).encode()):
        raise refused("more", "was not given to this key as the address of a further page: begin with a new query.")
    asked = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    if now - datetime.fromtimestamp(asked.pop(_ASKED), UTC) > VALID:
        raise refused("more", "is the address of a further page and older than 24 hours: begin with a new query.")
    for name in ("since", "until"):
        if name in asked:
            asked[name] = datetime.fromisoformat(asked[name])
    if "registration" in asked:
        asked["registration"] = UUID(asked["registration"])
    return Filters(**asked)


def _dated(value: object) -> bool:
    return isinstance(value, datetime)


def _sign(body: str, reader: str, secret: str) -> str:
    known = json.dumps([reader, body]).encode()
    return _text(hmac.digest(b"xapi.more:" + secret.encode(), known, hashlib.sha256)[:_SEAL])


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
