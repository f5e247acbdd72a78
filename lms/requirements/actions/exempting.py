"""Deciding that somebody need not comply for a time."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from sqlalchemy import and_, insert, or_, select, update

from lms.agencies import queries as agencies
from lms.kernel import audit, clock
from lms.kernel.actor import Actor
from lms.kernel.db import db
from lms.kernel.errors import NotThere, Refused
from lms.people import queries as people
from lms.requirements import policy
from lms.requirements.models import Exemption, Requirement
from lms.requirements.rules import add_months

LONGEST_MONTHS: Final = 12


def exempt(*, actor: Actor, person_id: int, requirement_id: int, starts_on: date, ends_on: date, reason: str) -> int:
    """Exempt a person from a requirement on `[starts_on, ends_on)`, for at most 12 months.

    The actor is the approver and never the person concerned (docs/rules.md, sections 4.2 and 5.4).
    """
    approver = policy.must_exempt(actor, person_id=person_id, path=_path(person_id))
    if db.session.scalar(select(Requirement.id).where(Requirement.id == requirement_id)) is None:
        raise NotThere(f"There is no requirement with the id {requirement_id}.")
    _check(person_id, requirement_id, starts_on, ends_on, reason.strip())
    values: dict[str, Any] = {
        "person_id": person_id,
        "requirement_id": requirement_id,
        "reason": reason.strip(),
        "approved_by": approver,
        "starts_on": starts_on,
        "ends_on": ends_on,
    }
    made = insert(Exemption).values(**values, recorded_at=clock.now()).returning(Exemption.id)
    exemption_id: int = db.session.execute(made).scalar_one()
    after = {**values, "starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat()}
    audit.note(
        actor=actor,
        action="requirements.exempt",
        subject=("exemption", exemption_id),
        after=after,
        why=values["reason"],
    )
    return exemption_id


def withdraw_exemption(*, actor: Actor, exemption_id: int, reason: str = "") -> None:
    """Take an exemption back as if it had never been granted; what was reported while it stood can be told apart."""
    standing = and_(Exemption.id == exemption_id, Exemption.withdrawn_at.is_(None))
    person_id = db.session.scalar(select(Exemption.person_id).where(standing))
    if person_id is None:
        raise NotThere(f"There is no exemption with the id {exemption_id} that still stands.")
    policy.must_exempt(actor, person_id=person_id, path=_path(person_id))
    db.session.execute(update(Exemption).where(standing).values(withdrawn_at=clock.now()))
    audit.note(
        actor=actor,
        action="requirements.withdraw_exemption",
        subject=("exemption", exemption_id),
        before={"person_id": person_id},
        why=reason.strip(),
    )


def _path(person_id: int) -> list[int]:
    """From the top to the agency where a person works today; raises NotThere for nobody."""
    agency_id = people.stamp(person_id, clock.today()).agency_id
    return agencies.tree().path(agency_id) if agency_id is not None else []


def _check(person_id: int, requirement_id: int, starts_on: date, ends_on: date, reason: str) -> None:
    errors: dict[str, str] = {}
    if not reason:
        errors["reason"] = "Say why, without medical details."
    if ends_on <= starts_on:
        errors["ends_on"] = "The exemption ends before it begins: give a later day."
    elif ends_on > add_months(starts_on, LONGEST_MONTHS):
        errors["ends_on"] = f"An exemption lasts at most {LONGEST_MONTHS} months: give an earlier day."
    elif _overlaps(person_id, requirement_id, starts_on, ends_on):
        errors["starts_on"] = "Another exemption covers some of these days: withdraw it first."
    if errors:
        raise Refused(" ".join(errors.values()), errors=errors)


def _overlaps(person_id: int, requirement_id: int, starts_on: date, ends_on: date) -> bool:
    theirs = and_(Exemption.person_id == person_id, Exemption.requirement_id == requirement_id)
    covers = and_(Exemption.starts_on < ends_on, or_(Exemption.ends_on.is_(None), Exemption.ends_on > starts_on))
    wanted = select(Exemption.id).where(theirs, covers, Exemption.withdrawn_at.is_(None))
    return db.session.scalar(wanted.limit(1)) is not None
