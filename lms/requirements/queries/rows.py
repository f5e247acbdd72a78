"""Requirements as they are laid down."""

from __future__ import annotations

import functools
import operator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, bindparam, cast, func, or_, select

from lms.agencies.models import Agency
from lms.kernel.db import run
from lms.kernel.db.prepared import Prepared
from lms.requirements.models import Requirement
from lms.requirements.rules import DueRule, Recurrence, RequirementTerms
from lms.skills.models import Attainment

_COLUMNS = (
    Requirement.id,
    Requirement.code,
    Requirement.title,
    Requirement.target,
    Requirement.agency_id,
    Agency.code,
    Agency.name,
    Agency.time_zone,
    Requirement.families,
    Requirement.legal_basis,
    Requirement.recorded_at,
)
_TERMS = (
    Requirement.effective_from,
    Requirement.effective_to,
    Requirement.initial_days,
    Requirement.recurrence,
    Requirement.validity_months,
    Requirement.window_days,
    Requirement.grace_days,
    Requirement.return_days,
    Requirement.min_assurance,
)
_SEEN = "\x1f"  # stands in no text of a requirement
# A requirement, word for word: as long as that is the same, everything that follows from it is.
mark = functools.reduce(
    operator.add,
    (func.coalesce(cast(column, Text), "").concat(_SEEN) for column in (*_COLUMNS, *_TERMS)),
)
_ALL = select(*_COLUMNS, *_TERMS).join(Agency, Agency.id == Requirement.agency_id).order_by(Requirement.code)
_ASKING_FOR = Prepared(_ALL.where(Requirement.target == bindparam("target")))
_proved = select(Attainment.target).where(Attainment.statement_id == bindparam("proof"))
_ASKING_FOR_PROVED = Prepared(_ALL.where(Requirement.target.in_(_proved)))


@dataclass(frozen=True, slots=True)
class RequirementRow:
    """A requirement with its terms; `target` is `course:<slug>` or the code of a competence."""

    id: int
    code: str
    title: str
    target: str
    agency_id: int
    agency_code: str
    agency: str
    time_zone: str
    families: tuple[str, ...]
    legal_basis: str
    recorded_at: datetime
    terms: RequirementTerms

    @property
    def course_slug(self) -> str | None:
        """The slug of the course that is required, if a course is."""
        return self.target.removeprefix("course:") if self.target.startswith("course:") else None


def requirements_in_force(day: date, known_at: datetime | None = None) -> list[RequirementRow]:
    """Every requirement in force on a day, by code; with `known_at`, only those laid down by that moment."""
    until = or_(Requirement.effective_to.is_(None), Requirement.effective_to > day)
    known = () if known_at is None else (Requirement.recorded_at <= known_at,)
    return requirements(Requirement.effective_from <= day, until, *known)


def requirement_by_code(code: str) -> RequirementRow | None:
    """One requirement by its code."""
    return next(iter(requirements(Requirement.code == code)), None)


def requirements(*conditions: ColumnElement[bool]) -> list[RequirementRow]:
    """Requirements that meet some conditions, by code; all of them without any."""
    return [_row(row) for row in run(_ALL.where(*conditions) if conditions else _ALL)]


def requirements_asking_for(target: str) -> list[RequirementRow]:
    """Requirements of a target, by code."""
    return [_row(row) for row in _ASKING_FOR.all(target=target)]


def requirements_met_by(statement_id: UUID) -> list[RequirementRow]:
    """Requirements that ask for something a statement proves, by code."""
    return [_row(row) for row in _ASKING_FOR_PROVED.all(proof=statement_id)]


def terms_of(
    effective_from: date,
    effective_to: date | None,
    initial_days: int,
    mode: Any,
    validity_months: int | None,
    window_days: int,
    grace_days: int,
    return_days: int,
    min_rank: int,
) -> RequirementTerms:
    """The terms of a requirement; raises UnusableTerms where they contradict themselves."""
    return RequirementTerms(
        effective_from,
        effective_to,
        due=DueRule(initial_days),
        recurrence=Recurrence(mode, validity_months or 0, window_days),
        grace_days=grace_days,
        return_days=return_days,
        min_rank=min_rank,
    )


def _row(row: Any) -> RequirementRow:
    id_, code, title, target, agency_id, agency_code, agency, zone, families, basis, recorded_at, *terms = row
    return RequirementRow(
        id_,
        code,
        title,
        target,
        agency_id,
        agency_code,
        agency,
        zone,
        tuple(families),
        basis,
        recorded_at,
        terms_of(*terms),
    )
