"""Who somebody is by name, for rooms beneath that know accounts only; the caller has made sure who may ask."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select

from lms.kernel.actor import SYSTEM
from lms.kernel.db import run
from lms.people.models import Person
from lms.people.queries.cards import search_people
from lms.people.queries.stamps import in_parts
from lms.xapi.queries.browsing import Known


def names_of(person_ids: Collection[int]) -> dict[int, str]:
    """The names of persons by their ids."""
    found: dict[int, str] = {}
    for part in in_parts(person_ids):
        found |= {id: name for id, name in run(select(Person.id, Person.name).where(Person.id.in_(part)))}
    return found


def people_called(text: str, limit: int) -> Sequence[Known]:
    """Persons with this account, else those by whose name, HR number or address they may be meant."""
    account = select(Person.id, Person.name, Person.account_name).where(Person.account_name == text)
    exact = [Known(*row) for row in run(account).tuples()]
    return exact or [Known(card.id, card.name, card.account_name) for card in search_people(SYSTEM, text, limit=limit)]
