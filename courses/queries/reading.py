"""A course's page as its reader sees it, in one read once the version is known to this worker."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, bindparam, func, select

from courses.models import Course, CourseVersion, Enrolment
from courses.queries.enrolling import EnrolmentRow, enrolment_columns, enrolment_row
from courses.queries.versions import Structure, structure_of
from lms.agencies.models import Agency
from lms.kernel.actor import Actor
from lms.kernel.db.prepared import Prepared
from lms.kernel.errors import NotThere

_course, _version = Course.__table__.c, CourseVersion.__table__.c
_enrolment, _agency = Enrolment.__table__.c, Agency.__table__.c


@dataclass(frozen=True, slots=True)
class CoursePage:
    """The version its reader takes, or the published one; `is_newer_published` when the two differ."""

    structure: Structure
    owner: str
    enrolment: EnrolmentRow | None
    is_open: bool
    is_newer_published: bool


_other = Enrolment.__table__.alias("taken")
_pick = (
    select(_other.c.id)
    .where(
        _other.c.person_id == bindparam("person"),
        _other.c.course_id == _course.id,
        _other.c.state != "left",
    )
    .order_by(_other.c.state, _other.c.id.desc())  # "active" before "completed": as the index has them
    .limit(1)
    .correlate(Course.__table__)
    .scalar_subquery()
)
_PAGE = Prepared(
    select(
        _version.id.label("version_id"),
        _version.sha256,
        _course.published_version_id,
        _course.retired_at,
        _agency.name.label("owner"),
        *enrolment_columns,
    )
    .select_from(Course.__table__)
    .join(Agency.__table__, _agency.id == _course.owner_agency_id)
    .outerjoin(Enrolment.__table__, and_(_enrolment.person_id == bindparam("person"), _enrolment.id == _pick))
    .join(CourseVersion.__table__, _version.id == func.coalesce(_enrolment.version_id, _course.published_version_id))
    .where(_course.slug == bindparam("slug"))
)


def course_page(actor: Actor, slug: str) -> CoursePage:
    """The course under a slug; raises NotThere unless it is published or the actor has taken it."""
    row = _PAGE.first(slug=slug, person=actor.person_id or 0)
    if row is None:
        raise NotThere()
    is_open = row.published_version_id is not None and row.retired_at is None
    if row.enrolment_id is None and not is_open:
        raise NotThere()
    found = structure_of(row.version_id, row.sha256)
    return CoursePage(
        structure=found,
        owner=row.owner,
        enrolment=enrolment_row(row, found) if row.enrolment_id is not None else None,
        is_open=is_open,
        is_newer_published=is_open and row.published_version_id != row.version_id,
    )
