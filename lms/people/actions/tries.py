"""Counting tries in vain, per account and per source, in a window that survives restarts (row A1)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from lms.kernel import clock
from lms.kernel.db import afterwards, db
from lms.kernel.errors import TooMany
from lms.people.models import SignInTry

SOURCE_FACTOR = 10  # a whole office may share one address


@dataclass(frozen=True, slots=True)
class Limit:
    """How many tries in vain an account may have within a window; a source may have ten times as many."""

    tries: int
    window: timedelta


@dataclass(frozen=True, slots=True)
class TryKeys:
    """Under what the tries of an account and of a source are counted."""

    account: str
    source: str


DEFAULT_LIMIT = Limit(tries=10, window=timedelta(minutes=15))


def try_keys(address: str, source: str) -> TryKeys:
    """The keys of an account, which need not exist, and of a source: hashes, so the table names nobody."""
    return TryKeys(_hash(f"account:{address}"), _hash(f"source:{source}"))


def refuse_when_locked(keys: TryKeys, limit: Limit) -> None:
    """Raise TooMany where the account or the source has used up its tries."""
    columns = (SignInTry.key, SignInTry.failures, SignInTry.window_began)
    rows = db.session.execute(select(*columns).where(SignInTry.key.in_([keys.account, keys.source]))).all()
    most = {keys.account: limit.tries, keys.source: limit.tries * SOURCE_FACTOR}
    now = clock.now()
    ends = [row.window_began + limit.window for row in rows if row.failures >= most[row.key]]
    seconds = max(((end - now).total_seconds() for end in ends), default=0.0)
    if seconds > 0:
        raise TooMany("", retry_after=int(seconds) + 1)


def count_failure(keys: TryKeys, limit: Limit) -> None:
    """Count a try in vain once the present transaction is over, although that one rolls back."""
    now = clock.now()
    afterwards(lambda: _count([keys.account, keys.source], now, limit.window))


def forget(key: str) -> None:
    """Begin anew after a try that was right."""
    db.session.execute(delete(SignInTry).where(SignInTry.key == key))


def purge(window: timedelta) -> None:
    """Remove counters whose window is over."""
    db.session.execute(delete(SignInTry).where(SignInTry.window_began <= clock.now() - window))


def _count(keys: list[str], now: datetime, window: timedelta) -> None:
    kind = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    for key in sorted(keys):  # always in one order, so that two counts never wait for each other in a ring
        added = kind.insert(SignInTry).values(key=key, window_began=now, failures=1)
        over = SignInTry.window_began <= now - window
        began = case((over, now), else_=SignInTry.window_began)
        failures = case((over, 1), else_=SignInTry.failures + 1)
        again = added.on_conflict_do_update(
            index_elements=[SignInTry.key], set_={"window_began": began, "failures": failures}
        )
        db.session.execute(again)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
