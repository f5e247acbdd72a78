"""Registering persons, and ending what a change of their rights makes stale."""

from __future__ import annotations

from sqlalchemy import bindparam, insert, select

from lms.kernel import audit, clock, ids
from lms.kernel.actor import Actor
from lms.kernel.db import run
from lms.kernel.errors import NotThere, Refused
from lms.people import policy
from lms.people.models import Account, Person
from lms.people.rules import addresses
from lms.web import sessions

_NEW = insert(Person).returning(Person.id)
_HOLD = select(Person.id).where(Person.id == bindparam("person")).with_for_update()
_NUMBERED = select(Person.id).where(Person.hr_number == bindparam("number"))
_ACCOUNT = select(Account.id).where(Account.person_id == bindparam("person"))


def register_person(*, actor: Actor, hr_number: str, name: str, work_mail: str = "", language: str = "en") -> int:
    """Record somebody who works for the government; one person is one record for life."""
    policy.must_manage(actor)
    hr_number, name = hr_number.strip(), name.strip()
    _check_person(hr_number, name)
    values = {
        "account_name": ids.account_name(),
        "hr_number": hr_number,
        "name": name,
        "work_mail": normal_address(work_mail, "work_mail") if work_mail else "",
        "language": language,
        "recorded_at": clock.now(),
    }
    person_id: int = run(_NEW, values).scalar_one()
    after = {"hr_number": hr_number, "account_name": values["account_name"]}
    audit.note(actor=actor, action="people.register", subject=("person", person_id), after=after)
    return person_id


def must_exist(person_id: int) -> None:
    """Raise NotThere for nobody; on PostgreSQL, hold the person's record so that changes to it queue."""
    if run(_HOLD, {"person": person_id}).first() is None:
        raise NotThere(f"There is no person with the id {person_id}.")


def end_sessions_of(person_id: int) -> None:
    """End every session of a person: what they may do has changed (row A3)."""
    account_id = run(_ACCOUNT, {"person": person_id}).scalar()
    if account_id is not None:
        sessions.end_all([account_id])


def normal_address(text: str, field: str) -> str:
    """A mail address in its normal form; raises Refused where it is none."""
    try:
        return addresses.normal(text)
    except addresses.NotAnAddress:
        message = f"{text!r} is not a mail address: write it like name@example.org."
        raise Refused(message, errors={field: message}) from None


def _check_person(hr_number: str, name: str) -> None:
    errors: dict[str, str] = {}
    if not name:
        errors["name"] = "Give the person's name."
    if not hr_number:
        errors["hr_number"] = "Give the person's HR number."
    elif run(_NUMBERED, {"number": hr_number}).first() is not None:
        errors["hr_number"] = f"The HR number {hr_number} belongs to somebody already: one person is one record."
    if errors:
        raise Refused(" ".join(errors.values()), errors=errors)
