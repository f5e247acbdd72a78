"""The files of a version, exactly as they came."""

from __future__ import annotations

from sqlalchemy import select

from courses.formats.issues import Issue
from courses.formats.reader import read_course
from courses.kinds import check_steps
from courses.models import Course, CourseFile, CourseVersion
from lms.kernel.db import db
from lms.kernel.errors import NotThere


def media(version_id: int, path: str) -> bytes:
    """One file of a version; raises NotThere. Whoever asks has checked who may see the version."""
    asked = select(CourseFile.content).where(CourseFile.version_id == version_id, CourseFile.path == path)
    content = db.session.scalar(asked)
    if content is None:
        raise NotThere()
    return content


def export_files(course: str | int) -> dict[str, bytes]:
    """All files of a version given by its id, or of a course's published version given by its slug."""
    version_id = course if isinstance(course, int) else _published_version(course)
    asked = select(CourseFile.path, CourseFile.content).where(CourseFile.version_id == version_id)
    files = {row.path: row.content for row in db.session.execute(asked.order_by(CourseFile.path))}
    if not files:
        raise NotThere()
    return files


def version_notes(version_id: int) -> list[Issue]:
    """What the reader notes about a version's files, without forbidding anything."""
    course, issues = read_course(export_files(version_id), draft=True)
    return [*issues, *(check_steps(course) if course else ())]


def _published_version(slug: str) -> int:
    """The published version, or the draft of a course that has never been published."""
    published = db.session.scalar(select(Course.published_version_id).where(Course.slug == slug))
    if published is not None:
        return published
    drafted = (
        select(CourseVersion.id)
        .join(Course, Course.id == CourseVersion.course_id)
        .where(Course.slug == slug, CourseVersion.state == "draft")
    )
    version_id = db.session.scalar(drafted)
    if version_id is None:
        raise NotThere(f"There is no course “{slug}”.")
    return version_id
