"""Signing in and out: the same work and the same answer whether or not there is such an account (row A2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lms.kernel import clock
from lms.kernel.actor import Actor
from lms.kernel.db import glance
from lms.kernel.errors import Refused
from lms.people import queries, statements
from lms.people.actions.accounts import keep_password
from lms.people.actions.tries import DEFAULT_LIMIT, Limit, count_failure, forget, refuse_when_locked, try_keys
from lms.people.rules import addresses, passwords
from lms.xapi import record

__all__ = ["DEFAULT_LIMIT", "Limit", "SignedIn", "sign_in", "sign_out"]
WRONG = "The mail address or the password is not right: type both again."


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who has come in, and the day for which his powers were read."""

    actor: Actor
    day: date


def sign_in(
    *, email: str, password: str, source: str, on: date | None = None, limit: Limit = DEFAULT_LIMIT
) -> SignedIn:
    """Let somebody in by mail address and password; `source` is the network address it is tried from.

    Raises TooMany while the account or the source is locked, even for the right password, and Refused otherwise.
    """
    day = on or clock.today()
    address = _address(email)
    keys = try_keys(address, source)
    with glance():  # hashing takes long: nobody else's write waits for it
        refuse_when_locked(keys, limit)
        found = queries.entrant(address, day)
    fits = passwords.fits(password, found.password_hash if found else None)
    actor = queries.actor_of(found.account_id, day) if found and fits and found.usable else None
    if actor is None or actor.person_id is None:
        count_failure(keys, limit)
        raise Refused(WRONG)
    forget(keys.account)
    if found and passwords.outdated(found.password_hash):
        keep_password(found.account_id, password)
    record(statements.signed_in(queries.stamp(actor.person_id, day)))
    return SignedIn(actor, day)


def sign_out(*, actor: Actor) -> None:
    """Put it on record that somebody has left; the session itself ends with its cookie."""
    if actor.person_id is not None:
        record(statements.signed_out(queries.stamp(actor.person_id, clock.today())))


def _address(email: str) -> str:
    try:
        return addresses.normal(email)
    except addresses.NotAnAddress:
        return email[: addresses.LONGEST]  # belongs to nobody, but is counted and takes as long as any other
