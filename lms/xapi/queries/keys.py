"""Who holds a key to the record: checked against what is stored hashed, and remembered for a few seconds."""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lms.kernel import clock
from lms.kernel.db import db
from lms.xapi.models import Credential

REMEMBERED = 5.0  # seconds; a revoked key may work this long on another worker
_MOST = 1000
_KEY = re.compile(r"[0-9A-Za-z\-]{1,40}")


@dataclass(frozen=True, slots=True)
class Holder:
    """A key that opened the record."""

    key: str
    name: str
    scopes: tuple[str, ...]
    expires_at: datetime | None


_remembered: dict[str, tuple[float, Holder]] = {}


def holder(key: str, secret: str) -> Holder | None:
    """Who shows this key and secret; None when they do not belong together, have ended or were revoked."""
    if _KEY.fullmatch(key) is None:
        return None
    shown = fingerprint(f"{key}:{secret}")
    found = _recalled(shown) or _checked(key, secret)
    if found is None or (found.expires_at is not None and found.expires_at <= clock.now()):
        return None
    if shown not in _remembered:
        _remember(shown, found)
    return found


def forget(key: str) -> None:
    """Remember nothing of a key any more."""
    for shown, (_, found) in list(_remembered.items()):
        if found.key == key:
            _remembered.pop(shown, None)


def fingerprint(secret: str) -> str:
    """What is kept of a secret. It is long and random, so that a plain hash is enough."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _recalled(shown: str) -> Holder | None:
    moment, found = _remembered.get(shown, (0.0, None))
    if found is None:
        return None
    if time.monotonic() - moment <= REMEMBERED:
        return found
    _remembered.pop(shown, None)
    return None


def _remember(shown: str, found: Holder) -> None:
    if len(_remembered) >= _MOST:
        _remembered.clear()
    _remembered[shown] = (time.monotonic(), found)


def _checked(key: str, secret: str) -> Holder | None:
    row = db.session.execute(
        select(
            Credential.name, Credential.secret_hash, Credential.scopes, Credential.expires_at, Credential.revoked_at
        ).where(Credential.key == key)
    ).first()
    right = hmac.compare_digest(row.secret_hash if row else "", fingerprint(secret))
    if row is None or not right or row.revoked_at is not None:
        return None
    return Holder(key, row.name, tuple(row.scopes), row.expires_at)
