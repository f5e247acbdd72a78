"""Accounts: opening and disabling them, and changing their passwords."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import bindparam, insert, or_, select, update

from lms.agencies.queries import tree
from lms.kernel import audit, clock, ids
from lms.kernel.actor import Actor
from lms.kernel.db import db, run
from lms.kernel.errors import NotAllowed, NotThere, Refused
from lms.people import policy
from lms.people.actions.assignments import assign
from lms.people.actions.persons import must_exist, normal_address, register_person
from lms.people.actions.roles import grant_role, noting_refusal, refuse_last_administrator
from lms.people.actions.tries import DEFAULT_LIMIT, Limit, count_failure, refuse_when_locked, try_keys
from lms.people.models import Account, Person
from lms.people.rules import addresses, passwords
from lms.web import sessions

_NEW = insert(Account).returning(Account.id)
_TAKEN = select(Account.email).where(
    or_(Account.email == bindparam("address"), Account.person_id == bindparam("person"))
)


@dataclass(frozen=True, slots=True)
class CreatedUser:
    """A new account; its password only where none was given, to be shown this once."""

    id: int
    password: str | None


def open_account(
    *, actor: Actor, person_id: int, email: str, password: str | None = None, password_hash: str | None = None
) -> int:
    """Open a person's account, with a password or with a hash made before."""
    policy.must_manage(actor)
    must_exist(person_id)
    address = normal_address(email, "email")
    _refuse_taken(person_id, address)
    if password_hash is None:
        name = db.session.scalar(select(Person.name).where(Person.id == person_id)) or ""
        password_hash = _checked_hash(password or "", (address, name))
    now = clock.now()
    values = {"person_id": person_id, "email": address, "password_hash": password_hash, "state": "active"}
    account_id: int = run(_NEW, {**values, "created_at": now, "activated_at": now}).scalar_one()
    audit.note(actor=actor, action="people.open_account", subject=("account", account_id), after={"person": person_id})
    return account_id


def create_user(
    *,
    actor: Actor,
    email: str,
    role: str,
    agency_code: str,
    password: str | None = None,
    name: str | None = None,
) -> CreatedUser:
    """Register a person with an assignment from today, an account and a role, all at once."""
    policy.must_manage(actor)
    today = clock.today()
    agency = tree(today).by_code(agency_code)
    if agency is None:
        message = f"There is no open agency with the code {agency_code!r}: look it up in the agency tree."
        raise Refused(message, errors={"agency": message})
    address = normal_address(email, "email")
    shown = None if password else secrets.token_urlsafe(12)
    number = f"U-{ids.account_name()[2:]}"
    called = name or addresses.name_from(address)
    person_id = register_person(actor=actor, hr_number=number, name=called, work_mail=address)
    assign(actor=actor, person_id=person_id, agency_id=agency.id, starts_on=today)
    account_id = open_account(actor=actor, person_id=person_id, email=address, password=password or shown)
    if role != policy.LEARNER:
        scope = agency.id if role in policy.SCOPED else None
        grant_role(actor=actor, person_id=person_id, role=role, agency_id=scope, starts_on=today)
    return CreatedUser(account_id, shown)


def change_password(
    *, actor: Actor, account_id: int, current: str, new: str, source: str = "", limit: Limit = DEFAULT_LIMIT
) -> None:
    """Change one's own password, which ends every session of the account (row A3).

    Tries in vain count as those of sign-in do: raises TooMany once they are used up (row A1).
    """
    if actor.account_id != account_id:
        raise NotAllowed("Everybody changes his own password only.")
    known = select(Account.email, Account.password_hash, Person.name).join(Person).where(Account.id == account_id)
    row = db.session.execute(known).one()
    keys = try_keys(row.email, source)
    refuse_when_locked(keys, limit)
    if not passwords.fits(current, row.password_hash):
        count_failure(keys, limit)
        message = "This is not your present password: type it again."
        raise Refused(message, errors={"current": message})
    values = {"password_hash": _checked_hash(new, (row.email, row.name), "new")}
    db.session.execute(update(Account).where(Account.id == account_id).values(**values))
    sessions.end_all([account_id])
    audit.note(actor=actor, action="people.change_password", subject=("account", account_id))


def keep_password(account_id: int, password: str) -> None:
    """Hash a right password anew at today's cost: old hashes are weaker, and would tell accounts apart by time."""
    anew = update(Account).where(Account.id == account_id).values(password_hash=passwords.hashed(password))
    db.session.execute(anew)


def disable_account(*, actor: Actor, account_id: int) -> None:
    """Close an account to its holder and end its sessions; raises Conflict for the last administrator's."""
    person_id = _manageable(actor, account_id)
    with noting_refusal(actor, "people.disable_account", person_id):
        refuse_last_administrator(person_id)
    _set_state(actor, account_id, "disabled")
    sessions.end_all([account_id])


def enable_account(*, actor: Actor, account_id: int) -> None:
    """Open a disabled account again."""
    _manageable(actor, account_id)
    _set_state(actor, account_id, "active")


def _manageable(actor: Actor, account_id: int) -> int:
    policy.must_manage(actor)
    person_id = db.session.scalar(select(Account.person_id).where(Account.id == account_id))
    if person_id is None:
        raise NotThere(f"There is no account with the id {account_id}.")
    return person_id


def _set_state(actor: Actor, account_id: int, state: str) -> None:
    db.session.execute(update(Account).where(Account.id == account_id).values(state=state))
    audit.note(actor=actor, action=f"people.account_{state}", subject=("account", account_id))


def _refuse_taken(person_id: int, address: str) -> None:
    taken = run(_TAKEN, {"address": address, "person": person_id}).scalars().all()
    if address in taken:
        message = f"The address {address} belongs to another account: use another one."
        raise Refused(message, errors={"email": message})
    if taken:
        raise Refused("This person has an account already: everybody has one.")


def _checked_hash(password: str, about: tuple[str, ...], field: str = "password") -> str:
    refusal = passwords.refusal(password, about)
    if refusal:
        raise Refused(passwords.REASONS[refusal], errors={field: passwords.REASONS[refusal]})
    return passwords.hashed(password)
