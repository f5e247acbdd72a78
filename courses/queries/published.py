"""The published versions of courses, by slug."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from courses.models import Course, CourseVersion
from courses.queries.versions import Structure, structures
from lms.kernel.db import db
from lms.kernel.errors import NotThere

_PUBLISHED = (
    select(Course.slug, CourseVersion.id, CourseVersion.sha256)
    .join(CourseVersion, Course.published_version_id == CourseVersion.id)
    .where(Course.retired_at.is_(None))
)


def published_structures() -> Mapping[str, Structure]:
    """Every published course by its slug; one small read where the versions have been read before."""
    rows = db.session.execute(_PUBLISHED).all()
    found = structures({row.id: row.sha256 for row in rows})
    return {row.slug: found[row.id] for row in rows}


def published_structure(slug: str) -> Structure:
    """The published version of one course; raises NotThere."""
    row = db.session.execute(_PUBLISHED.where(Course.slug == slug)).first()
    if row is None:
        raise NotThere()
    return structures({row.id: row.sha256})[row.id]
