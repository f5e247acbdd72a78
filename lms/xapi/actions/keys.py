"""Keys to the record: made, shown once, revoked (row A9)."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import select, update

from lms.kernel import audit, clock
from lms.kernel.actor import Actor
from lms.kernel.db import afterwards, db
from lms.kernel.db.quiet import is_quiet
from lms.kernel.db.unit import dialect
from lms.kernel.errors import NotAllowed, NotThere, Refused
from lms.xapi.models import Credential
from lms.xapi.policy import SCOPES, may_manage_keys
from lms.xapi.queries import keys as known

KEY = "key:"  # how the account names of keys begin
_noted: dict[str, date] = {}


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key with its secret, which nobody can show again."""

    key: str
    secret: str


def create_key(*, actor: Actor, name: str, scopes: Collection[str], expires_on: date | None = None) -> NewKey:
    """Make a Basic key with some scopes; it ends with the begin of the day `expires_on`, UTC.

    Raises Refused for an unknown scope, no scope, no name or a day that is not in the future.
    """
    if not may_manage_keys(actor):
        raise NotAllowed()
    _check(name, scopes, expires_on)
    made = NewKey(f"k-{secrets.token_hex(12)}", secrets.token_urlsafe(32))
    row = Credential(
        name=name.strip(),
        key=made.key,
        secret_hash=known.fingerprint(made.secret),
        scopes=sorted(set(scopes)),
        created_at=clock.now(),
        expires_at=datetime.combine(expires_on, time(), UTC) if expires_on else None,
    )
    db.session.add(row)
    db.session.flush()
    after = {"name": row.name, "scopes": row.scopes, "expires_on": str(expires_on or "")}
    audit.note(actor=actor, action="records.key.created", subject=("key", made.key), after=after)
    return made


def revoke_key(*, actor: Actor, key: str) -> None:
    """End a key for good; raises NotThere for an unknown one. Ending it again changes nothing."""
    if not may_manage_keys(actor):
        raise NotAllowed()
    row = db.session.scalar(select(Credential).where(Credential.key == key))
    if row is None:
        raise NotThere(f"There is no key {key[:40]!r}.")
    if row.revoked_at is None:
        row.revoked_at = clock.now()
        audit.note(actor=actor, action="records.key.revoked", subject=("key", key))
        db.session.flush()
    known.forget(key)
    afterwards(lambda: known.forget(key))  # whoever asked between now and the commit


def note_use(*, actor: Actor) -> None:
    """Note the day on which a key opened the record, once a day and worker, and after the request.

    A reader does not wait for a writer to have that written: then another request of the day does.
    """
    key = actor.account_name.removeprefix(KEY)
    day = clock.today()
    if key == actor.account_name or _noted.get(key) == day or not _may_write_at_once():
        return
    _noted[key] = day
    afterwards(lambda: _write_use(key, day))


def _write_use(key: str, day: date) -> None:
    used = update(Credential).where(Credential.key == key).values(last_used_on=day)
    db.session.execute(used.execution_options(synchronize_session=False))


def _may_write_at_once() -> bool:
    return dialect() == "postgresql" or is_quiet(db.engine)


def _check(name: str, scopes: Collection[str], expires_on: date | None) -> None:
    errors = {}
    unknown = sorted(set(scopes) - SCOPES.keys())
    if not name.strip() or len(name.strip()) > 120:
        errors["name"] = "Give the key a name of at most 120 characters that says who uses it."
    if unknown:
        errors["scopes"] = f"There is no scope {', '.join(unknown)}. Known are {', '.join(SCOPES)}."
    elif not scopes:
        errors["scopes"] = f"Choose at least one scope of {', '.join(SCOPES)}."
    if expires_on is not None and expires_on <= clock.today():
        errors["expires_on"] = "Choose a day after today."
    if errors:
        raise Refused(" ".join(errors.values()), errors=errors)
