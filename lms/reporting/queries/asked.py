"""What a figure is asked for: a day, a moment of knowledge, and how far the asker sees (docs/rules.md, section 2.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import Select, case, func, literal, select, union_all

from lms.agencies.models import AgencyParent
from lms.agencies.queries import AgencyRow, Tree, tree, visible
from lms.kernel import clock
from lms.kernel.actor import Actor
from lms.kernel.db import db
from lms.kernel.errors import NotThere
from lms.people.models import Absence, Assignment, Person
from lms.reporting.policy import SEE
from lms.requirements.models import Exemption, Fulfilment
from lms.requirements.queries import RequirementRow, requirement_by_code, requirements_in_force
from lms.skills.models import Attainment

ALL_ON_RECORD = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Version:
    """The state of the record, by what depends on it: where people are, where they stand, which levels they hold."""

    places: tuple[Any, ...]
    standings: tuple[Any, ...]
    levels: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about a day.

    `known_on` is the last day whose records count, all of them where it is None; `seen` are the agencies within the
    asker's reach as the government stood that day; `version` changes with every record a figure can depend on.
    """

    day: date
    known_on: date | None
    tree: Tree
    seen: frozenset[int]
    everywhere: bool
    version: Version

    @property
    def known_at(self) -> datetime:
        """The moment of knowledge."""
        return ALL_ON_RECORD if self.known_on is None else datetime.combine(self.known_on, time.max, UTC)

    @property
    def when(self) -> tuple[date, date | None]:
        """The two days that every figure is a function of."""
        return self.day, self.known_on

    def agency(self, code: str) -> AgencyRow:
        """An agency by its code; raises NotThere alike for none and for one out of reach."""
        row = self.tree.by_code(code)
        if row is None or row.id not in self.seen:
            raise NotThere()
        return row

    def concerned(self, rows: list[RequirementRow], scope: frozenset[int]) -> list[RequirementRow]:
        """Those requirements whose audience can lie within some agencies: nobody learns of another ministry's."""
        return [row for row in rows if not scope.isdisjoint(self.tree.subtree([row.agency_id]))]


def ask(actor: Actor, as_at: date | None = None, known_on: date | None = None, permission: str = SEE) -> Asked:
    """Put a question within the reach of an actor; today and all that is on record where it says nothing else."""
    day = as_at or clock.today()
    reach = actor.reach(permission)
    known_at = None if known_on is None else datetime.combine(known_on, time.max, UTC)
    stood = tree(day, known_at)
    return Asked(day, known_on, stood, visible(reach, stood), reach.everywhere, _version())


def asked_requirements(asked: Asked, scope: frozenset[int]) -> list[RequirementRow]:
    """The requirements in force on the day that concern some agencies."""
    known_at = None if asked.known_on is None else asked.known_at
    return asked.concerned(requirements_in_force(asked.day, known_at), scope)


def named_requirement(asked: Asked, code: str, scope: frozenset[int]) -> RequirementRow:
    """A requirement by its code; raises NotThere alike for none and for another ministry's."""
    row = None if "\0" in code else requirement_by_code(code)  # PostgreSQL takes no text with that sign
    if row is None or not asked.concerned([row], scope):
        raise NotThere()
    return row


def _version() -> Version:
    """One look at how much is on record; rows are never edited in place, only added, withdrawn or revoked."""
    staff, required = (Assignment,), (Absence, Exemption, AgencyParent)
    parts = [_extent(table, table.withdrawn_at) for table in (*staff, *required)]
    parts += [_extent(Fulfilment, Fulfilment.revoked_at)]
    parts += [_extent(Attainment, Attainment.revoked_at).where(Attainment.level.is_not(None)), _last_person()]
    found: Any = db.session.execute(union_all(*parts))
    extents = {name: rest for name, *rest in found}
    here = (str(db.session.get_bind().engine.url), *extents["person"], *extents[Assignment.__tablename__])
    levels = extents.pop(Attainment.__tablename__)
    return Version(here, (here, *map(tuple, extents.values())), (here, *levels))


def _extent(table: Any, ended: Any) -> Select[Any]:
    return select(
        literal(table.__tablename__), func.count(table.id), func.max(table.id), func.count(ended), literal("")
    )


def _last_person() -> Select[Any]:
    """The pseudonym of whoever came last tells one database from another that has as many rows."""
    last = select(Person.account_name).order_by(Person.id.desc()).limit(1).scalar_subquery()
    merged = func.count(case((Person.status == "merged", 1)))
    columns: list[Any] = [func.count(Person.id), func.max(Person.id), merged, func.coalesce(last, "")]
    return select(literal("person"), *columns)
