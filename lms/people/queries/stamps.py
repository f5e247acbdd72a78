"""Whose act it was, for statements: the pseudonymous account and the agency of that day."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from itertools import islice

from sqlalchemy import Date, and_, bindparam, select

from lms.kernel.db import holds_on, run
from lms.kernel.db.prepared import Among, Prepared
from lms.kernel.errors import NotThere
from lms.people.models import Assignment, Person
from lms.xapi.rules.facts import Stamp

PART = 5000  # ids in one statement: far beneath what either database takes
_primary = and_(
    Assignment.person_id == Person.id, Assignment.is_primary, holds_on(Assignment, bindparam("day", type_=Date))
)
_STAMPS = (
    select(Person.id, Person.account_name, Assignment.agency_id)
    .outerjoin(Assignment, _primary)
    .where(Person.id.in_(bindparam("persons", expanding=True)))
)
_STAMPS_OF = Among(
    select(Person.account_name, Person.id, Assignment.agency_id).outerjoin(Assignment, _primary), Person.account_name
)
_STAMP_OF = Prepared(
    select(Person.id, Assignment.agency_id)
    .outerjoin(Assignment, _primary)
    .where(Person.account_name == bindparam("name"))
)
_STAMP = (
    select(Person.account_name, Assignment.agency_id)
    .outerjoin(Assignment, _primary)
    .where(Person.id == bindparam("person"))
)


def stamp(person_id: int, on: date) -> Stamp:
    """A person's stamp on a day; raises NotThere for nobody."""
    found = run(_STAMP, {"person": person_id, "day": on}).first()
    if found is None:
        raise NotThere(f"There is no person with the id {person_id}.")
    return Stamp(account_name=found[0], person_id=person_id, agency_id=found[1])


def stamps(person_ids: Collection[int], on: date) -> dict[int, Stamp]:
    """The stamps of many persons on a day."""
    found: dict[int, Stamp] = {}
    for part in in_parts(person_ids):
        for id, name, agency_id in run(_STAMPS, {"persons": part, "day": on}):
            found[id] = Stamp(account_name=name, person_id=id, agency_id=agency_id)
    return found


def stamps_by_account(names: Collection[str], on: date) -> dict[str, Stamp]:
    """The stamps of those persons whose account names are among some names, on a day."""
    if len(names) == 1:
        (name,) = names
        row = _STAMP_OF.first(name=name, day=on)
        return {} if row is None else {name: Stamp(account_name=name, person_id=row.id, agency_id=row.agency_id)}
    return {
        row.account_name: Stamp(account_name=row.account_name, person_id=row.id, agency_id=row.agency_id)
        for row in _STAMPS_OF.all(names, day=on)
    }


def in_parts(ids: Collection[int]) -> Iterator[list[int]]:
    """Ids in lists short enough for one statement."""
    rest = iter(ids)
    while part := list(islice(rest, PART)):
        yield part
