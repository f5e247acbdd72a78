"""Destroying the link between a person and whatever is on record of that person: who it was, nobody knows any more."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, select, update

from lms.kernel import audit, ids
from lms.kernel.actor import Actor
from lms.kernel.db import run
from lms.people import policy
from lms.people.actions.persons import must_exist
from lms.people.actions.roles import refuse_last_administrator
from lms.people.actions.tries import forget, try_keys
from lms.people.models import Account, Assignment, Person, RoleGrant
from lms.web import sessions

ERASED = "Erased person"


@dataclass(frozen=True, slots=True)
class Former:
    """By what a person was known until now."""

    person_id: int
    account_id: int | None
    account_name: str
    name: str
    hr_number: str
    mails: frozenset[str]


def known_as(person_id: int) -> Former:
    """By what a person is known; holds the person's record until the transaction ends. Raises NotThere for nobody."""
    must_exist(person_id)
    row = run(select(Person.__table__).where(Person.id == person_id)).one()
    account = run(select(Account.id, Account.email).where(Account.person_id == person_id)).first()
    mails = {row.work_mail, account.email if account else ""} - {""}
    return Former(
        person_id, account.id if account else None, row.account_name, row.name, row.hr_number, frozenset(mails)
    )


def erase_identity(*, actor: Actor, person_id: int) -> str:
    """Leave of a person only that there was one: where and when somebody worked, and what that one has attained.

    Returns the new account name, which means nothing. Raises NotAllowed, NotThere, or Conflict for the last
    administrator.
    """
    policy.must_erase(actor, person_id)
    former = known_as(person_id)
    refuse_last_administrator(person_id)
    _close_doors(former)
    name = ids.account_name()
    anew = {"account_name": name, "hr_number": f"E-{ids.account_name()[2:]}", "name": ERASED, "work_mail": ""}
    run(update(Person).where(Person.id == person_id).values(**anew, language="en"))
    # when and where somebody worked stays, since past counts are made of it; in which seat does not
    plain = {"title": "", "post_id": None, "grade": "", "manager_id": None}
    run(update(Assignment).where(Assignment.person_id == person_id).values(**plain))
    run(delete(RoleGrant).where(RoleGrant.person_id == person_id))
    audit.note(actor=actor, action="people.erase_identity", subject=("person", person_id))
    return name


def _close_doors(former: Former) -> None:
    """No session, no account, no password, and no count of tries under an address."""
    for mail in former.mails:
        forget(try_keys(mail, "").account)
    if former.account_id is not None:
        sessions.end_all([former.account_id])
        run(delete(Account).where(Account.id == former.account_id))
