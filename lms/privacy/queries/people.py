"""Finding the person somebody asks about."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, or_, select

from lms.kernel.actor import Actor
from lms.kernel.db import run
from lms.kernel.errors import NotThere
from lms.people.models import Account, Person
from lms.privacy import policy
from lms.privacy.models import Erasure


def person_called(text: str) -> int:
    """The person with a number, an HR number, an account name or an address; raises NotThere."""
    wanted = text.strip()
    if wanted.isdecimal() and len(wanted) < 10:
        found = run(select(Person.id).where(Person.id == int(wanted))).scalar()
        if found is not None:
            return int(found)
    low = wanted.lower()
    mail = or_(func.lower(Person.work_mail) == low, func.lower(Account.email) == low)
    named = or_(Person.hr_number == wanted, Person.account_name == wanted, mail)
    outer = select(Person.id).outerjoin(Account, Account.person_id == Person.id).where(named)
    numbers = run(outer.limit(2)).scalars().all()
    if len(numbers) != 1:
        raise NotThere(f"Nobody, or more than one, is known as {wanted!r}: give the person's number or HR number.")
    return int(numbers[0])


def certificate_of(actor: Actor, person_id: int) -> UUID | None:
    """The certificate of a person's erasure; None for somebody who was not erased."""
    policy.must_govern(actor)
    found: UUID | None = run(select(Erasure.certificate).where(Erasure.person_id == person_id)).scalar()
    return found
