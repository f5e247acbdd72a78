"""Leaving the service of the government."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select, update

from lms.kernel import audit, clock
from lms.kernel.actor import Actor
from lms.kernel.db import db
from lms.people import policy
from lms.people.actions.accounts import disable_account
from lms.people.actions.assignments import end_assignment
from lms.people.actions.persons import must_exist
from lms.people.models import Account, Assignment, Person


def leave_service(*, actor: Actor, person_id: int, on: date) -> None:
    """End every assignment of a person: `on` is the first day without one.

    Once that day has come the account is closed; until then its holder comes in as before, and no longer. What was
    learned stays: the record belongs to the person, not to the post.
    """
    policy.must_manage(actor)
    must_exist(person_id)
    lasting = or_(Assignment.ends_on.is_(None), Assignment.ends_on > on)
    known = (Assignment.person_id == person_id, Assignment.withdrawn_at.is_(None), lasting)
    for id, starts_on in db.session.execute(select(Assignment.id, Assignment.starts_on).where(*known)).all():
        end_assignment(actor=actor, assignment_id=id, on=max(on, starts_on))
    if on <= clock.today():
        _close(actor, person_id)
    audit.note(actor=actor, action="people.leave", subject=("person", person_id), after={"on": on.isoformat()})


def _close(actor: Actor, person_id: int) -> None:
    account_id = db.session.scalar(select(Account.id).where(Account.person_id == person_id, Account.state == "active"))
    if account_id is not None:
        disable_account(actor=actor, account_id=account_id)
    db.session.execute(update(Person).where(Person.id == person_id).values(status="left"))
