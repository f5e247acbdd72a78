"""What a figure is asked for: a day, a moment of knowledge, and how far the asker sees (docs/rules.md, section 2.2)."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from lms.agencies.queries import AgencyRow, Tree, tree, visible
from lms.kernel import clock
from lms.kernel.actor import Actor
from lms.kernel.errors import NotThere
from lms.reporting.policy import SEE
from lms.reporting.queries.record import Record, record_now, state_now
from lms.reporting.queries.shelf import Shelf
from lms.requirements.queries import RequirementRow, requirement_by_code, requirements_in_force

ALL_ON_RECORD = datetime(9999, 1, 1, tzinfo=UTC)
_shelf = Shelf(24)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about a day.

    `known_on` is the last day whose records count, all of them where it is None; `seen` are the agencies within the
    asker's reach as the government stood that day. `record` is what is kept of all on record, None where it is of no
    use: figures are then worked out from the database. `state` is another one whenever a figure may be.
    """

    day: date
    known_on: date | None
    tree: Tree
    seen: frozenset[int]
    everywhere: bool
    state: Hashable
    record: Record | None = None

    @property
    def known_at(self) -> datetime:
        """The moment of knowledge."""
        return end_of(self.known_on) or ALL_ON_RECORD

    @property
    def when(self) -> tuple[date, date | None]:
        """The two days that every figure is a function of."""
        return self.day, self.known_on

    @property
    def shelf(self) -> Shelf:
        """Where figures of this state are kept: with the record they follow from, if there is one."""
        return self.record.shelf if self.record else _shelf

    def agency(self, code: str) -> AgencyRow:
        """An agency by its code; raises NotThere alike for none and for one out of reach."""
        row = self.tree.by_code(code)
        if row is None or row.id not in self.seen:
            raise NotThere()
        return row

    def concerned(self, rows: list[RequirementRow], scope: frozenset[int]) -> list[RequirementRow]:
        """Those requirements whose audience can lie within some agencies: nobody learns of another ministry's."""
        return [row for row in rows if not scope.isdisjoint(self.tree.subtree([row.agency_id]))]


def end_of(known_on: date | None) -> datetime | None:
    """The last moment of a day of knowledge; None where all that is on record counts."""
    return None if known_on is None else datetime.combine(known_on, time.max, UTC)


def ask(actor: Actor, as_at: date | None = None, known_on: date | None = None, permission: str = SEE) -> Asked:
    """Put a question within the reach of an actor; today and all that is on record where it says nothing else."""
    day = as_at or clock.today()
    reach = actor.reach(permission)
    known_at = end_of(known_on)
    stood = tree(day, known_at)
    record = record_now() if known_on is None else None
    state = record.number if record else state_now()
    return Asked(day, known_on, stood, visible(reach, stood), reach.everywhere, state, record)


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
