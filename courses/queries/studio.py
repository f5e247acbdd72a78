"""What trainers see of their courses: versions, drafts and learners, within their reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import aliased

from courses.models import Course, CourseStep, CourseVersion, Enrolment
from courses.policy import AUTHOR, SEE_DRAFTS, covers
from courses.queries.scope import agencies_within, owned_within
from courses.queries.versions import Structure, structure_of
from lms.agencies.models import Agency
from lms.kernel.actor import Actor
from lms.kernel.db import db
from lms.kernel.errors import NotThere

PAGE = 50


@dataclass(frozen=True, slots=True)
class StudioCourse:
    """A course in the studio's list: what is published, what is drafted, and who learns."""

    slug: str
    code: str
    title: str
    topic: str
    owner: str
    published_number: int | None
    published_at: datetime | None
    draft_id: int | None
    draft_number: int | None
    imported_at: datetime | None
    active: int = 0
    completed: int = 0


@dataclass(frozen=True, slots=True)
class StudioPage:
    """One page of the studio's list."""

    courses: Sequence[StudioCourse]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version of a course with its learners."""

    id: int
    number: int
    state: str
    title: str
    change_note: str
    imported_at: datetime
    published_at: datetime | None
    active: int
    completed: int


@dataclass(frozen=True, slots=True)
class VersionPage:
    """A version as its author sees it; `may_author` when the actor may publish or discard it."""

    structure: Structure
    state: str
    owner: str
    change_note: str
    imported_at: datetime
    published_at: datetime | None
    published_number: int | None
    may_author: bool


def studio_courses(actor: Actor, *, page: int = 1) -> StudioPage:
    """The courses within the actor's reach that have a draft or a published version, by title."""
    published, draft = aliased(CourseVersion), aliased(CourseVersion)
    base = (
        select(Course.id)
        .join(Agency, Agency.id == Course.owner_agency_id)
        .outerjoin(published, published.id == Course.published_version_id)
        .outerjoin(draft, (draft.course_id == Course.id) & (draft.state == "draft"))
        .where(owned_within(actor.reach(SEE_DRAFTS)), or_(published.id.is_not(None), draft.id.is_not(None)))
    )
    total = db.session.scalar(base.with_only_columns(func.count(), maintain_column_froms=True)) or 0
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 1), pages)
    title = func.coalesce(published.title, draft.title)
    shown = base.add_columns(
        Course.slug,
        Course.code,
        title,
        func.coalesce(published.topic, draft.topic),
        Agency.name,
        published.number,
        published.published_at,
        draft.id,
        draft.number,
        draft.imported_at,
    )
    rows = db.session.execute(shown.order_by(func.lower(title), Course.slug).limit(PAGE).offset((page - 1) * PAGE))
    found = rows.all()
    learners = _learners(Enrolment.course_id, [row[0] for row in found])
    lines = ((*row[1:], *learners.get(row[0], (0, 0))) for row in found)
    return StudioPage([StudioCourse(*line) for line in lines], total, page, pages)


def versions_of(actor: Actor, slug: str) -> Sequence[VersionLine]:
    """All versions of a course but discarded ones, newest first; raises NotThere outside the actor's reach."""
    asked = (
        select(
            CourseVersion.id,
            CourseVersion.number,
            CourseVersion.state,
            CourseVersion.title,
            CourseVersion.change_note,
            CourseVersion.imported_at,
            CourseVersion.published_at,
        )
        .join(Course, Course.id == CourseVersion.course_id)
        .where(Course.slug == slug, CourseVersion.state != "discarded", owned_within(actor.reach(SEE_DRAFTS)))
        .order_by(CourseVersion.number.desc())
    )
    rows = db.session.execute(asked).all()
    if not rows:
        raise NotThere()
    learners = _learners(Enrolment.version_id, [row.id for row in rows])
    return [VersionLine(*row, *learners.get(row.id, (0, 0))) for row in rows]


def version_page(actor: Actor, version_id: int) -> VersionPage:
    """A version that has not been discarded; raises NotThere outside the actor's reach."""
    published = aliased(CourseVersion)
    asked = (
        select(CourseVersion, Course.owner_agency_id, Agency.name, published.number)
        .join(Course, Course.id == CourseVersion.course_id)
        .join(Agency, Agency.id == Course.owner_agency_id)
        .outerjoin(published, published.id == Course.published_version_id)
        .where(CourseVersion.id == version_id, CourseVersion.state != "discarded")
    )
    row = db.session.execute(asked).first()
    if row is None:
        raise NotThere()
    version, owner_id, owner, published_number = row
    _must_cover(actor, SEE_DRAFTS, owner_id)
    return VersionPage(
        structure=structure_of(version.id, version.sha256, is_draft=version.state == "draft"),
        state=version.state,
        owner=owner,
        change_note=version.change_note,
        imported_at=version.imported_at,
        published_at=version.published_at,
        published_number=published_number,
        may_author=_covers(actor, AUTHOR, owner_id),
    )


def step_html(version_id: int, step_key: str) -> str:
    """The text of a lesson as it was rendered at its import."""
    asked = select(CourseStep.html).where(CourseStep.version_id == version_id, CourseStep.key == step_key)
    return db.session.scalar(asked) or ""


def _covers(actor: Actor, permission: str, owner_id: int) -> bool:
    reach = actor.reach(permission)
    return reach.everywhere or covers(reach, owner_id, agencies_within(reach))


def _must_cover(actor: Actor, permission: str, owner_id: int) -> None:
    if not _covers(actor, permission, owner_id):
        raise NotThere()


def _learners(column: Any, ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """How many learn and how many have finished, by course or by version."""
    counts = (
        func.count(case((Enrolment.state == "active", 1))),
        func.count(case((Enrolment.state == "completed", 1))),
    )
    asked = select(column, *counts).where(column.in_(ids)).group_by(column)
    return {row[0]: (row[1], row[2]) for row in db.session.execute(asked)}
