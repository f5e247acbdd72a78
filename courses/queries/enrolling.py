"""Enrolments as their learner sees them: one row with what is done and what has been opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, bindparam, case, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from courses.models import Course, CourseVersion, Enrolment, StepProgress
from courses.queries.versions import Structure, structure_of, structures
from courses.rules import progress
from lms.kernel.actor import Actor
from lms.kernel.db import run
from lms.kernel.errors import NotThere

_enrolment, _step = Enrolment.__table__.c, StepProgress.__table__.c
_course, _version = Course.__table__.c, CourseVersion.__table__.c
DONE = "+"


class _in_one_text(FunctionElement[str]):
    """Texts of a group joined by spaces; SQLAlchemy's own function builds its separator anew at every execution."""

    name = "in_one_text"
    type = Text()
    inherit_cache = True


@compiles(_in_one_text, "sqlite")
def _on_sqlite(element: _in_one_text, compiler: SQLCompiler, **more: Any) -> str:
    return f"group_concat({compiler.process(element.clauses, **more)}, ' ')"


@compiles(_in_one_text, "postgresql")
def _on_postgresql(element: _in_one_text, compiler: SQLCompiler, **more: Any) -> str:
    return f"string_agg({compiler.process(element.clauses, **more)}, ' ')"


@dataclass(frozen=True, slots=True)
class EnrolmentRow:
    """An enrolment with its progress; `structure` is the version the learner stays on."""

    id: int
    person_id: int
    course_id: int
    version_id: int
    registration: UUID
    source: str
    state: str
    opened_at: datetime
    last_at: datetime
    closed_at: datetime | None
    last_step_key: str | None
    done: frozenset[str]
    seen: frozenset[str]
    structure: Structure

    @property
    def slug(self) -> str:
        return self.structure.slug

    @property
    def is_active(self) -> bool:
        return self.state == "active"

    @property
    def percent(self) -> int:
        """The share of required steps that are done."""
        return progress.percent_done(self.structure.required, self.done)

    @property
    def minutes_left(self) -> int:
        """The minutes of the steps that are not done; checks share what the course takes beyond its lessons."""
        steps = self.structure.steps
        said = sum(step.minutes for step in steps if step.key not in self.done)
        unsaid = [step for step in steps if not step.minutes]
        if not unsaid:
            return said
        spare = max(0, self.structure.minutes - sum(step.minutes for step in steps))
        return said + spare * sum(step.key not in self.done for step in unsaid) // len(unsaid)

    @property
    def next_key(self) -> str | None:
        """Where to go on; None when everything is done."""
        return progress.continue_at(self.structure.keys, self.done, self.last_step_key)


# All progress of an enrolment in one column: "+key" is done, "-key" has been opened. Keys hold no space.
steps_column: ColumnElement[str] = (
    select(_in_one_text(case((_step.done_at.is_not(None), DONE), else_="-") + _step.step_key))
    .where(_step.enrolment_id == _enrolment.id)
    .correlate(Enrolment.__table__)
    .scalar_subquery()
    .label("steps")
)
enrolment_columns: tuple[ColumnElement[Any], ...] = (
    _enrolment.id.label("enrolment_id"),
    _enrolment.person_id,
    _enrolment.course_id.label("taken_id"),
    _enrolment.version_id.label("taken_version_id"),
    _enrolment.registration,
    _enrolment.source,
    _enrolment.state.label("enrolment_state"),
    _enrolment.opened_at,
    _enrolment.last_at,
    _enrolment.closed_at,
    _enrolment.last_step_key,
    steps_column,
)
_taken = (
    select(*enrolment_columns, _version.sha256)
    .join_from(Enrolment.__table__, CourseVersion.__table__, _version.id == _enrolment.version_id)
    .where(_enrolment.source != "")
)
_BY_REGISTRATION = _taken.where(_enrolment.registration == bindparam("registration"))
_OWN = _BY_REGISTRATION.where(_enrolment.person_id == bindparam("person"))
_OF_PERSON = _taken.where(_enrolment.person_id == bindparam("person"), _enrolment.state != "left").order_by(
    case((_enrolment.state == "active", 0), else_=1), _enrolment.last_at.desc(), _enrolment.id.desc()
)


def enrolment(actor: Actor, registration: UUID) -> EnrolmentRow:
    """The actor's own enrolment; raises NotThere for another's as for none."""
    asked = {"registration": registration, "person": actor.person_id or 0}
    row = run(_OWN, asked).first()
    if row is None:
        raise NotThere()
    return enrolment_row(row, structure_of(row.taken_version_id, row.sha256))


def registered(registration: UUID) -> EnrolmentRow | None:
    """The enrolment behind a registration, whoever's it is: for what follows from statements."""
    row = run(_BY_REGISTRATION, {"registration": registration}).first()
    return None if row is None else enrolment_row(row, structure_of(row.taken_version_id, row.sha256))


def my_enrolments(person_id: int) -> Sequence[EnrolmentRow]:
    """A person's enrolments, open ones first, then by what was last touched; those left behind are not shown."""
    rows = run(_OF_PERSON, {"person": person_id}).all()
    versions = structures({row.taken_version_id: row.sha256 for row in rows})
    return [enrolment_row(row, versions[row.taken_version_id]) for row in rows]


def enrolment_row(row: Any, structure: Structure) -> EnrolmentRow:
    """An enrolment out of its columns."""
    done, seen = _progress(row.steps)
    return EnrolmentRow(
        id=row.enrolment_id,
        person_id=row.person_id,
        course_id=row.taken_id,
        version_id=row.taken_version_id,
        registration=row.registration,
        source=row.source,
        state=row.enrolment_state,
        opened_at=row.opened_at,
        last_at=row.last_at,
        closed_at=row.closed_at,
        last_step_key=row.last_step_key,
        done=done,
        seen=seen,
        structure=structure,
    )


def _progress(steps: str | None) -> tuple[frozenset[str], frozenset[str]]:
    marks = (steps or "").split()
    return frozenset(mark[1:] for mark in marks if mark[0] == DONE), frozenset(mark[1:] for mark in marks)
