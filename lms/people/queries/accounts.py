"""Accounts: who signs in, and what the person behind an account may do today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import BindParameter, ColumnElement, Date, and_, bindparam, exists, or_, select

from lms.kernel.actor import Actor
from lms.kernel.db import db, holds_on, run
from lms.people import policy
from lms.people.models import Account, Assignment, Person, RoleGrant


@dataclass(frozen=True, slots=True)
class Entrant:
    """What sign-in looks at: an account, and whether it may be used at all."""

    account_id: int
    person_id: int
    password_hash: str
    usable: bool


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account as administrators see it."""

    id: int
    person_id: int
    email: str
    state: str


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A role somebody holds, where, and on which days."""

    id: int
    role: str
    agency_id: int | None
    starts_on: date
    ends_on: date | None


def entrant(email: str, on: date) -> Entrant | None:
    """The account with a mail address in its normal form."""
    columns = (Account.id, Account.person_id, Account.password_hash)
    found = db.session.execute(select(*columns, _usable(on)).join(Person).where(Account.email == email)).first()
    return Entrant(found[0], found[1], found[2], bool(found[3])) if found else None


def account_of(person_id: int) -> AccountRow | None:
    """A person's account."""
    columns = (Account.id, Account.person_id, Account.email, Account.state)
    found = db.session.execute(select(*columns).where(Account.person_id == person_id)).first()
    return AccountRow(*found) if found else None


def actor_of(account_id: int, on: date) -> Actor | None:
    """Who acts through an account on a day; None where it may not be used (disabled, or its holder has left)."""
    rows = run(_ACTOR, {"account": account_id, "day": on}).all()
    if not rows:
        return None
    person_id, name, account_name, language = rows[0][:4]
    grants = [policy.Grant(row.role, row.agency_id) for row in rows if row.role is not None]
    return Actor(
        "person",
        name=name,
        person_id=person_id,
        account_id=account_id,
        account_name=account_name,
        language=language,
        roles=policy.roles_of(grants),
        powers=policy.powers_of(grants),
    )


def grants_of(person_id: int, on: date) -> list[GrantRow]:
    """The roles a person holds on a day."""
    columns = (RoleGrant.id, RoleGrant.role, RoleGrant.agency_id, RoleGrant.starts_on, RoleGrant.ends_on)
    held = select(*columns).where(RoleGrant.person_id == person_id, holds_on(RoleGrant, on)).order_by(RoleGrant.id)
    return [GrantRow(*row) for row in db.session.execute(held)]


def _usable(on: date | BindParameter[date]) -> ColumnElement[bool]:
    """The account is active, and its holder has not left: nobody signs in after his last assignment ended."""
    own = and_(Assignment.person_id == Person.id, Assignment.withdrawn_at.is_(None))
    still = exists().where(own, or_(Assignment.ends_on.is_(None), Assignment.ends_on > on))
    stays = or_(still, ~exists().where(own))
    return and_(Account.state == "active", Person.status == "active", stays)


_TODAY: BindParameter[date] = bindparam("day", type_=Date)
_ACTOR = (
    select(Person.id, Person.name, Person.account_name, Person.language, RoleGrant.role, RoleGrant.agency_id)
    .join(Account, Account.person_id == Person.id)
    .outerjoin(RoleGrant, and_(RoleGrant.person_id == Person.id, holds_on(RoleGrant, _TODAY)))
    .where(Account.id == bindparam("account"), _usable(_TODAY))
)
