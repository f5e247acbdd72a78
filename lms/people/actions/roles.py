"""Granting and revoking roles: by administrators, never to oneself, and never the last administrator's (row B6)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy import insert, or_, select, update

from lms.agencies.queries import agency_row
from lms.kernel import audit, clock
from lms.kernel.actor import Actor
from lms.kernel.db import afterwards, db
from lms.kernel.errors import Conflict, NotAllowed, NotThere, Refused
from lms.people import policy
from lms.people.actions.persons import end_sessions_of, must_exist
from lms.people.models import Account, RoleGrant
from lms.people.rules.spells import Spell, first_clash


def grant_role(
    *,
    actor: Actor,
    person_id: int,
    role: str,
    agency_id: int | None = None,
    starts_on: date,
    ends_on: date | None = None,
) -> int:
    """Give a person a role from a day on, over an agency's subtree where the role is scoped."""
    with noting_refusal(actor, "people.grant_role", person_id):
        policy.must_grant_to(actor, person_id)
    must_exist(person_id)
    scope = _checked_scope(role, agency_id)
    _refuse_twice(person_id, role, scope, Spell(starts_on, ends_on))
    values = {"person_id": person_id, "role": role, "agency_id": scope, "starts_on": starts_on, "ends_on": ends_on}
    made = insert(RoleGrant).values(**values, recorded_at=clock.now()).returning(RoleGrant.id)
    grant_id: int = db.session.execute(made).scalar_one()
    after = {"role": role, "agency": scope, "grant": grant_id, "starts_on": starts_on.isoformat()}
    audit.note(actor=actor, action="people.grant_role", subject=("person", person_id), after=after)
    end_sessions_of(person_id)
    return grant_id


def revoke_role(*, actor: Actor, grant_id: int, on: date) -> None:
    """Take a role away: `on` is the first day it no longer holds; raises Conflict for the last administrator."""
    known = select(RoleGrant.__table__).where(RoleGrant.id == grant_id, RoleGrant.withdrawn_at.is_(None))
    row = db.session.execute(known).first()
    if row is None:
        raise NotThere(f"There is no role grant with the id {grant_id}, or it was revoked.")
    with noting_refusal(actor, "people.revoke_role", row.person_id):
        policy.must_grant_to(actor, row.person_id)
        if row.role == policy.ADMINISTRATOR:
            refuse_last_administrator(row.person_id)
    now = clock.now()
    db.session.execute(update(RoleGrant).where(RoleGrant.id == grant_id).values(withdrawn_at=now))
    if row.starts_on < on:
        same = {"person_id": row.person_id, "role": row.role, "agency_id": row.agency_id, "starts_on": row.starts_on}
        db.session.execute(insert(RoleGrant).values(**same, ends_on=on, recorded_at=now))
    before = {"role": row.role, "agency": row.agency_id, "grant": grant_id}
    audit.note(actor=actor, action="people.revoke_role", subject=("person", row.person_id), before=before)
    end_sessions_of(row.person_id)


@contextmanager
def noting_refusal(actor: Actor, action: str, person_id: int) -> Iterator[None]:
    """Within: whatever is not allowed goes into the audit log, although the deed itself is undone."""
    try:
        yield
    except (NotAllowed, Conflict) as refusal:
        deed: dict[str, Any] = {"actor": actor, "action": f"{action}_refused", "subject": ("person", person_id)}
        why = refusal.detail
        afterwards(lambda: audit.note(**deed, why=why))
        raise


def refuse_last_administrator(person_id: int) -> None:
    """Raise Conflict when, without this person, nobody with a working account would administer for good."""
    lasting = (
        RoleGrant.role == policy.ADMINISTRATOR,
        RoleGrant.withdrawn_at.is_(None),
        RoleGrant.starts_on <= clock.today(),
        or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on > clock.today()),
    )
    # on PostgreSQL whoever comes second waits here, and then sees in a new statement what the first one did
    db.session.execute(select(RoleGrant.id).where(RoleGrant.role == policy.ADMINISTRATOR).with_for_update())
    holders = db.session.scalars(
        select(RoleGrant.person_id)
        .join(Account, Account.person_id == RoleGrant.person_id)
        .where(*lasting, Account.state == "active")
    )
    left = set(holders)
    if person_id in left and left == {person_id}:
        raise Conflict("This is the last administrator: make somebody else one first.")


def _checked_scope(role: str, agency_id: int | None) -> int | None:
    if role not in policy.ROLES:
        message = f"There is no role {role!r}: choose one of {', '.join(policy.ROLES)}."
        raise Refused(message, errors={"role": message})
    if role not in policy.SCOPED:
        return None
    if agency_id is None or agency_row(agency_id) is None:
        message = "This role reaches over an agency and all beneath it: say which."
        raise Refused(message, errors={"agency_id": message})
    return agency_id


def _refuse_twice(person_id: int, role: str, agency_id: int | None, spell: Spell) -> None:
    if spell.is_empty:
        raise Refused(f"The end {spell.ends_on} is not after the start {spell.starts_on}: choose a later end.")
    rows = db.session.execute(
        select(RoleGrant.agency_id, RoleGrant.starts_on, RoleGrant.ends_on).where(
            RoleGrant.person_id == person_id, RoleGrant.role == role, RoleGrant.withdrawn_at.is_(None)
        )
    )
    if first_clash((Spell(row.starts_on, row.ends_on) for row in rows if row.agency_id == agency_id), spell):
        raise Refused("The person holds this role there already on some of these days.")
