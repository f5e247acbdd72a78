"""Who holds a key to the record: checked against what is stored hashed, and remembered for a few seconds."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from lms.kernel import clock
from lms.kernel.actor import Actor
from lms.kernel.db import db, glance
from lms.xapi import policy
from lms.xapi.models import Credential
from lms.xapi.queries import launches
from lms.xapi.queries.remembered import REMEMBERED, Remembered, fingerprint
from lms.xapi.rules.agents import identifier
from lms.xapi.rules.errors import KeyRefused
from lms.xapi.rules.iris import account

__all__ = [
    "REMEMBERED",
    "KeyRow",
    "all_keys",
    "fingerprint",
    "forget",
    "opened",
    "senders",
]

_KEY = re.compile(r"[0-9A-Za-z\-]{1,40}")
_remembered: Remembered[Holder] = Remembered()


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a key that opened the record, and until when it does."""

    actor: Actor
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key as administrators see it; `last_used_on` is the last day (UTC) on which it opened the record."""

    key: str
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_on: date | None

    @property
    def state(self) -> str:
        """Whether it opens the record now: active, expired or revoked."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= clock.now() else "active"


def opened(name: str, secret: str) -> Actor:
    """Who shows this name and secret: the holder of a key, or a launched unit; raises KeyRefused.

    Found out before the unit of work begins, so that nobody waits for the pen to be recognised.
    """
    with glance():
        found = _shown_by(name, secret)
    if found is None:
        raise KeyRefused("This key and secret do not open the record: they do not match, or the key has ended.")
    return found


def _shown_by(name: str, secret: str) -> Actor | None:
    if _KEY.fullmatch(name) is None:
        return None
    if policy.is_launch(name):
        return launches.launched(name, secret)
    shown = fingerprint(f"{name}:{secret}")
    found = _remembered.recalled(shown) or _checked(name, secret)
    if found is None or (found.expires_at is not None and found.expires_at <= clock.now()):
        return None
    _remembered.remember(shown, name, found)
    return found.actor


def forget(key: str) -> None:
    """Remember nothing of a key any more."""
    _remembered.forget(key)


def all_keys() -> list[KeyRow]:
    """Every key there ever was, the newest first; no secret is among it."""
    return [
        KeyRow(row.key, row.name, tuple(row.scopes), row.created_at, row.expires_at, row.revoked_at, row.last_used_on)
        for row in db.session.execute(select(Credential.__table__).order_by(Credential.id.desc()))
    ]


def senders() -> Mapping[str, str]:
    """Whoever sends from outside, by the identifier of the authority that their statements bear: the keys' names."""
    rows = db.session.execute(select(Credential.key, Credential.name).order_by(Credential.name, Credential.id))
    return {identifier(account(_account_name(key))): name for key, name in rows}


def _account_name(key: str) -> str:
    return f"key:{key}"


def _checked(key: str, secret: str) -> Holder | None:
    row = db.session.execute(
        select(
            Credential.name,
            Credential.secret_hash,
            Credential.scopes,
            Credential.expires_at,
            Credential.revoked_at,
        ).where(Credential.key == key)
    ).first()
    right = hmac.compare_digest(row.secret_hash if row else "", fingerprint(secret))
    if row is None or not right or row.revoked_at is not None:
        return None
    actor = Actor("client", name=row.name, account_name=_account_name(key), powers=policy.powers(row.scopes))
    return Holder(actor, row.expires_at)
