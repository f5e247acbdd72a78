"""What a course version consists of; immutable once published, so each worker reads it once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from courses.models import Course, CourseModule, CourseStep, CourseVersion
from lms.kernel.db import db
from lms.kernel.errors import NotThere

MOST_KEPT = 2000


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step in its place; `module` is the index of its module."""

    key: str
    kind: str
    title: str
    minutes: int
    required: bool
    path: str
    module: int
    objectives: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModuleRow:
    """A module with its steps; without any it is in preparation."""

    key: str
    title: str
    steps: tuple[StepRow, ...]


@dataclass(frozen=True, slots=True)
class AimRow:
    """A competence code and the level the course aims at."""

    code: str
    level: int | None


@dataclass(frozen=True, slots=True)
class ObjectiveRow:
    """What a learner will be able to do."""

    id: str
    text: str
    competence: str
    level: int | None


@dataclass(frozen=True, slots=True)
class Structure:
    """A version of a course: what it says of itself, its modules and its steps in order."""

    version_id: int
    course_id: int
    slug: str
    code: str
    number: int
    sha256: str
    title: str
    language: str
    topic: str
    level: str
    audience: str
    summary: str
    licence: str
    attribution: str
    minutes: int
    valid_months: int | None
    reviewed: str
    objectives: tuple[ObjectiveRow, ...]
    competences: tuple[AimRow, ...]
    modules: tuple[ModuleRow, ...]
    steps: tuple[StepRow, ...]
    keys: tuple[str, ...]
    required: frozenset[str]

    def step(self, key: str) -> StepRow:
        """Give a step by its key; raises NotThere."""
        found = next((step for step in self.steps if step.key == key), None)
        if found is None:
            raise NotThere()
        return found


_course, _version = Course.__table__.c, CourseVersion.__table__.c
_module, _step = CourseModule.__table__.c, CourseStep.__table__.c
_MARK = select(_version.course_id, _version.number, _version.sha256, _version.state).where(
    _version.id == bindparam("version")
)
_VERSIONS = (
    select(CourseVersion.__table__, _course.slug, _course.code)
    .join_from(CourseVersion.__table__, Course.__table__, _course.id == _version.course_id)
    .where(_version.id.in_(bindparam("versions", expanding=True)))
)
_MODULES = (
    select(_module.id, _module.version_id, _module.key, _module.title)
    .where(_module.version_id.in_(bindparam("versions", expanding=True)))
    .order_by(_module.version_id, _module.position)
)
_STEPS = (
    select(
        _step.version_id,
        _step.module_id,
        _step.key,
        _step.kind,
        _step.title,
        _step.minutes,
        _step.required,
        _step.path,
        _step.objectives,
    )
    .where(_step.version_id.in_(bindparam("versions", expanding=True)))
    .order_by(_step.version_id, _step.position)
)
_kept: dict[tuple[int, str], Structure] = {}


def structure(version_id: int) -> Structure:
    """What a version consists of; raises NotThere. One small read where the version has been read before."""
    mark = db.session.execute(_MARK, {"version": version_id}).first()
    if mark is None:
        raise NotThere()
    return structure_of(version_id, mark.sha256, is_draft=mark.state == "draft")


def structure_of(version_id: int, sha256: str, *, is_draft: bool = False) -> Structure:
    """The same for callers that hold the version's fingerprint, which makes a stale answer impossible."""
    if is_draft:
        return _read([version_id])[version_id]
    found = _kept.get((version_id, sha256))
    return found if found is not None else structures({version_id: sha256})[version_id]


def structures(fingerprints: Mapping[int, str]) -> dict[int, Structure]:
    """Many versions at once, given with their fingerprints; the unread ones are read together."""
    missing = [place for place in fingerprints.items() if place not in _kept]
    if missing:
        if len(_kept) + len(missing) > MOST_KEPT:
            _kept.clear()
            missing = list(fingerprints.items())
        read = _read([version for version, _ in missing])
        _kept.update({place: read[place[0]] for place in missing})
    return {version: _kept[version, sha256] for version, sha256 in fingerprints.items()}


def _read(version_ids: Sequence[int]) -> dict[int, Structure]:
    asked = {"versions": list(version_ids)}
    versions = db.session.execute(_VERSIONS, asked).all()
    modules, steps = db.session.execute(_MODULES, asked).all(), db.session.execute(_STEPS, asked).all()
    modules_of, steps_of = _grouped(modules), _grouped(steps)
    return {row.id: _structure(row, modules_of.get(row.id, []), steps_of.get(row.id, [])) for row in versions}


def _grouped(rows: Sequence[Any]) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = {}
    for row in rows:
        groups.setdefault(row.version_id, []).append(row)
    return groups


def _structure(row: Any, module_rows: Sequence[Any], step_rows: Sequence[Any]) -> Structure:
    places = {module.id: index for index, module in enumerate(module_rows)}
    steps = tuple(_step_row(step, places[step.module_id]) for step in step_rows)
    modules = tuple(
        ModuleRow(module.key, module.title, tuple(step for step in steps if step.module == index))
        for index, module in enumerate(module_rows)
    )
    return Structure(
        version_id=row.id,
        course_id=row.course_id,
        slug=row.slug,
        code=row.code,
        number=row.number,
        sha256=row.sha256,
        title=row.title,
        language=row.language,
        topic=row.topic,
        level=row.level,
        audience=row.audience,
        summary=row.summary,
        licence=row.licence,
        attribution=row.attribution,
        minutes=row.minutes,
        valid_months=row.valid_months,
        reviewed=row.reviewed,
        objectives=tuple(ObjectiveRow(**objective) for objective in row.objectives),
        competences=tuple(AimRow(**aim) for aim in row.competences),
        modules=modules,
        steps=steps,
        keys=tuple(step.key for step in steps),
        required=frozenset(step.key for step in steps if step.required),
    )


def _step_row(row: Any, module: int) -> StepRow:
    return StepRow(
        key=row.key,
        kind=row.kind,
        title=row.title,
        minutes=row.minutes,
        required=row.required,
        path=row.path,
        module=module,
        objectives=tuple(row.objectives),
    )
