"""Persons as pages show them, each within the reach of who asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from lms.agencies.queries import tree, visible
from lms.kernel import clock
from lms.kernel.actor import Actor
from lms.kernel.db import db, holds_on
from lms.kernel.errors import NotThere
from lms.people.models import Assignment, Person


@dataclass(frozen=True, slots=True)
class PersonCard:
    """A person with the primary assignment of a day; without one, `agency_id` is None."""

    id: int
    name: str
    account_name: str
    hr_number: str
    work_mail: str
    language: str
    agency_id: int | None
    title: str
    family: str
    grade: str
    employment: str
    starts_on: date | None
    manager_id: int | None


def person_card(person_id: int, on: date) -> PersonCard:
    """A person on a day, without asking who wants to know; raises NotThere for nobody."""
    found = db.session.execute(_cards(on).where(Person.id == person_id)).first()
    if found is None:
        raise NotThere()
    return _card(found)


def person_visible(actor: Actor, person_id: int, on: date | None = None) -> PersonCard:
    """A person within the actor's reach of `people.see` on a day; raises NotThere outside of it."""
    day = on or clock.today()
    card = person_card(person_id, day)
    reach = actor.reach("people.see")
    if reach.everywhere:
        return card
    if card.agency_id is None or card.agency_id not in visible(reach, tree(day)):
        raise NotThere()
    return card


def search_people(
    actor: Actor,
    text: str = "",
    *,
    on: date | None = None,
    agency_id: int | None = None,
    limit: int = 50,
    offset: int = 0,
) -> list[PersonCard]:
    """Persons within the actor's reach of `people.see`, by name, HR number or address, in the order of their names."""
    day = on or clock.today()
    wanted = _cards(day).where(Person.status != "merged").order_by(Person.name, Person.id).limit(limit).offset(offset)
    reach = actor.reach("people.see")
    if agency_id is not None or not reach.everywhere:
        tree_then = tree(day)
        seen = visible(reach, tree_then)
        if agency_id is not None:
            seen &= tree_then.subtree([agency_id])
        wanted = wanted.where(Assignment.agency_id.in_(seen))
    for word in text.split():
        wanted = wanted.where(_names(word))
    return [_card(row) for row in db.session.execute(wanted)]


def _cards(on: date) -> Select[*tuple[Any, ...]]:
    primary = and_(Assignment.person_id == Person.id, Assignment.is_primary, holds_on(Assignment, on))
    person = (Person.id, Person.name, Person.account_name, Person.hr_number, Person.work_mail, Person.language)
    place = (Assignment.agency_id, Assignment.title, Assignment.family, Assignment.grade, Assignment.employment)
    return select(*person, *place, Assignment.starts_on, Assignment.manager_id).outerjoin(Assignment, primary)


def _card(row: Any) -> PersonCard:
    return PersonCard(*row[:7], *(word or "" for word in row[7:11]), *row[11:])


def _names(word: str) -> ColumnElement[bool]:
    """The word stands in the name, HR number or address (SQLite itself folds the case of ASCII letters only)."""
    likes = [f"%{_plain(variant)}%" for variant in {word.lower(), word.capitalize(), word.upper()}]
    columns = (Person.name, Person.hr_number, Person.work_mail)
    return or_(*(column.ilike(like, escape="\\") for column in columns for like in likes))


def _plain(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
