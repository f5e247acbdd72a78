"""Launching a unit: a token for one session, what is said with it, and its end (row E2; cmi5, section 8)."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from lms.kernel import clock, ids
from lms.kernel.actor import Actor
from lms.kernel.db import afterwards, db
from lms.kernel.errors import NotAllowed, NotThere, Refused
from lms.xapi.models import Launch
from lms.xapi.policy import Launched, must_launch
from lms.xapi.queries import launches as known
from lms.xapi.queries.remembered import fingerprint
from lms.xapi.rules import launches as rules
from lms.xapi.rules.facts import Stamp

LASTS = timedelta(hours=8)
LONGEST = timedelta(days=2)
OVER = "The session of this launch is over: launch the unit again."


@dataclass(frozen=True, slots=True)
class NewLaunch:
    """A launch with its secret, which nobody can show again; `session` is what the unit says as its session."""

    name: str
    secret: str
    session: str
    expires_at: datetime

    @property
    def token(self) -> str:
        """What stands after `Basic` in the unit's requests (cmi5 8.2.3)."""
        return base64.b64encode(f"{self.name}:{self.secret}".encode()).decode()


def open_launch(
    *,
    actor: Actor,
    stamp: Stamp,
    activity_iri: str,
    registration: UUID,
    allowed_verbs: Collection[str] = (),
    lasts: timedelta = LASTS,
) -> NewLaunch:
    """Open a session of a unit for a person; raises NotAllowed, or Refused for a length of time out of the question."""
    must_launch(actor, stamp.account_name)
    if not timedelta() < lasts <= LONGEST:
        raise Refused(f"A launch lasts up to {LONGEST.days} days: choose a shorter time.")
    name, secret = f"{rules.BEGINNING}{secrets.token_hex(12)}", secrets.token_urlsafe(32)
    row = Launch(
        name=name,
        secret_hash=fingerprint(secret),
        account_name=stamp.account_name,
        registration=registration,
        activity=activity_iri,
        session=ids.text(),
        verbs=sorted(allowed_verbs),
        opened_at=clock.now(),
        expires_at=clock.now() + lasts,
    )
    db.session.add(row)
    db.session.flush()
    return NewLaunch(name, secret, row.session, row.expires_at)


def close_launch(*, actor: Actor, name: str) -> None:
    """End a launch for good; raises NotThere for an unknown one. Ending it again changes nothing."""
    row = db.session.execute(select(Launch.account_name, Launch.ended_at).where(Launch.name == name)).first()
    if row is None:
        raise NotThere()
    must_launch(actor, row.account_name)
    if row.ended_at is None:
        _end(name)


def make_sure_within(actor: Launched, statements: Sequence[Mapping[str, Any]]) -> None:
    """Raise unless a launched unit may say all of this.

    Saying that its session is over ends the launch, in the same transaction.
    """
    bounds = _still_open(actor)
    over = False
    for index, statement in enumerate(statements):
        if over:
            raise NotAllowed(OVER)
        rules.check(bounds, statement, f"/{index}" if len(statements) > 1 else "")
        over = rules.ends(bounds, statement)
    if over:
        _end(bounds.name)


def _still_open(actor: Launched) -> rules.Bounds:
    """The launch as it is now, held until the transaction ends: nothing is said beside or after its last word."""
    wanted = select(Launch.__table__).where(Launch.name == actor.bounds.name).with_for_update()
    row = db.session.execute(wanted).first()
    if row is None or row.ended_at is not None or row.expires_at <= clock.now():
        raise NotAllowed(OVER)
    return known.bounds_of(row)


def _end(name: str) -> None:
    ended = update(Launch).where(Launch.name == name).values(ended_at=clock.now())
    db.session.execute(ended.execution_options(synchronize_session=False))
    known.forget(name)
    afterwards(lambda: known.forget(name))  # whoever asked between now and the commit
