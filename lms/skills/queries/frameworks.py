"""Frameworks, their competences, and the levels that job families need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from lms.kernel.db import db, holds_on, run
from lms.skills.formats import shipped_families
from lms.skills.models import Competence, Framework, RoleTarget

_COMPETENCES = select(Competence.code, Competence.title, Competence.area).order_by(
    Competence.framework_id, Competence.position
)


@dataclass(frozen=True, slots=True)
class FrameworkRow:
    """A framework with the credit that its licence asks for."""

    code: str
    version: str
    title: str
    credit: str
    licence: str


@dataclass(frozen=True, slots=True)
class CompetenceRow:
    """A competence in its area."""

    code: str
    title: str
    area: str


def frameworks() -> list[FrameworkRow]:
    """Every framework that is loaded."""
    columns = (Framework.code, Framework.version, Framework.title, Framework.credit, Framework.licence)
    return [FrameworkRow(*row) for row in db.session.execute(select(*columns).order_by(Framework.id))]


def competences() -> Mapping[str, CompetenceRow]:
    """Every competence by its code, in the order of the frameworks."""
    return {row[0]: CompetenceRow(*row) for row in run(_COMPETENCES)}


def targets(on: date) -> Mapping[str, Mapping[str, int]]:
    """The level that each job family needs in each competence on a day."""
    wanted = select(RoleTarget.family, RoleTarget.competence, RoleTarget.level).where(holds_on(RoleTarget, on))
    found: dict[str, dict[str, int]] = {}
    for family, code, level in db.session.execute(wanted.order_by(RoleTarget.id)):
        found.setdefault(family, {})[code] = level
    return found


def families() -> Mapping[str, str]:
    """The titles of the job families by their codes."""
    return {family.code: family.title for family in shipped_families()}
