"""Who worked where and when, as far as was known at a moment: what coverage is counted from."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime
from fractions import Fraction
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from lms.kernel.db import Dated, db, holds_on_as_known
from lms.people.models import Absence, Assignment, Person
from lms.people.queries.stamps import in_parts

COUNTED = Person.status != "merged"


class Placed(NamedTuple):
    """A person at the agency of his primary assignment."""

    person_id: int
    name: str
    agency_id: int
    family: str
    grade: str
    title: str
    employment: str
    fte_percent: int


class PrimarySpan(NamedTuple):
    """A primary assignment on `[starts_on, ends_on)`."""

    agency_id: int
    family: str
    starts_on: date
    ends_on: date | None


class AbsenceSpan(NamedTuple):
    """A long absence on `[starts_on, ends_on)`."""

    starts_on: date
    ends_on: date | None


def population(on: date, known_at: datetime) -> list[Placed]:
    """Everyone with a primary assignment on a day, by name (docs/rules.md, section 2.3)."""
    columns = (Assignment.agency_id, Assignment.family, Assignment.grade, Assignment.title, Assignment.employment)
    wanted = (
        select(Person.id, Person.name, *columns, Assignment.fte_percent)
        .join(Assignment, Assignment.person_id == Person.id)
        .where(Assignment.is_primary, holds_on_as_known(Assignment, on, known_at), COUNTED)
        .order_by(Person.name, Person.id)
    )
    return [Placed(*row) for row in db.session.execute(wanted)]


def full_time(on: date, known_at: datetime) -> dict[int, Fraction]:
    """Full-time equivalents by agency on a day: every post counts, each at its own agency (docs/rules.md, 2.3)."""
    wanted = (
        select(Assignment.agency_id, func.sum(Assignment.fte_percent))
        .join(Person, Person.id == Assignment.person_id)
        .where(holds_on_as_known(Assignment, on, known_at), COUNTED)
        .group_by(Assignment.agency_id)
    )
    return {agency_id: Fraction(int(percent), 100) for agency_id, percent in db.session.execute(wanted)}


def primary_spans(known_at: datetime, person_ids: Collection[int] | None = None) -> dict[int, list[PrimarySpan]]:
    """Every primary assignment known at a moment, by person, earliest first."""
    wanted = (
        select(Assignment.person_id, Assignment.agency_id, Assignment.family, Assignment.starts_on, Assignment.ends_on)
        .where(Assignment.is_primary, _known(Assignment, known_at))
        .order_by(Assignment.person_id, Assignment.starts_on)
    )
    found: dict[int, list[PrimarySpan]] = {}
    for statement in _for_persons(wanted, Assignment.person_id, person_ids):
        for row in db.session.execute(statement):
            found.setdefault(row[0], []).append(PrimarySpan(*row[1:]))
    return found


def absences(known_at: datetime, person_ids: Collection[int] | None = None) -> dict[int, list[AbsenceSpan]]:
    """Every long absence known at a moment, by person, earliest first."""
    wanted = (
        select(Absence.person_id, Absence.starts_on, Absence.ends_on)
        .where(Absence.long_term, _known(Absence, known_at))
        .order_by(Absence.person_id, Absence.starts_on)
    )
    found: dict[int, list[AbsenceSpan]] = {}
    for statement in _for_persons(wanted, Absence.person_id, person_ids):
        for row in db.session.execute(statement):
            found.setdefault(row[0], []).append(AbsenceSpan(*row[1:]))
    return found


def _known(row: type[Dated], known_at: datetime) -> ColumnElement[bool]:
    return and_(row.recorded_at <= known_at, or_(row.withdrawn_at.is_(None), row.withdrawn_at > known_at))


def _for_persons(
    wanted: Select[*tuple[Any, ...]], column: Any, person_ids: Collection[int] | None
) -> Iterator[Select[*tuple[Any, ...]]]:
    """The statement for everybody, or for some in parts."""
    if person_ids is None:
        yield wanted
        return
    for part in in_parts(person_ids):
        yield wanted.where(column.in_(part))
