"""Who shows a launch token, and how far it reaches; remembered for a few seconds as keys are."""

from __future__ import annotations

import hmac
from typing import Any

from sqlalchemy import select

from lms.kernel import clock
from lms.kernel.db import db
from lms.xapi.models import Launch
from lms.xapi.policy import OF_A_LAUNCH, Launched
from lms.xapi.queries.remembered import Remembered, fingerprint
from lms.xapi.rules.launches import Bounds, is_launch

_remembered: Remembered[Bounds] = Remembered()


def launched(name: str, secret: str) -> Launched | None:
    """The unit that shows a token; None where name and secret do not belong together, or its session is over."""
    shown = fingerprint(f"{name}:{secret}")
    bounds = _remembered.recalled(shown) or _checked(name, secret)
    if bounds is None or bounds.expires_at <= clock.now():
        return None
    _remembered.remember(shown, name, bounds)
    return Launched("client", name="Launched unit", account_name=bounds.name, powers=OF_A_LAUNCH, bounds=bounds)


def forget(name: str) -> None:
    """Remember nothing of a token any more."""
    _remembered.forget(name)


def bounds_of(row: Any) -> Bounds:
    """How far the token of a row reaches."""
    return Bounds(
        name=row.name,
        account_name=row.account_name,
        registration=row.registration,
        activity=row.activity,
        session=row.session,
        expires_at=row.expires_at,
        verbs=tuple(row.verbs),
    )


def _checked(name: str, secret: str) -> Bounds | None:
    if not is_launch(name):
        return None
    row = db.session.execute(select(Launch.__table__).where(Launch.name == name)).first()
    right = hmac.compare_digest(row.secret_hash if row else "", fingerprint(secret))
    return bounds_of(row) if row is not None and right and row.ended_at is None else None
