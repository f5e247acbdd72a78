"""Importing a course folder: all of it becomes a draft, or none of it is written and the report says why."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, insert, inspect, select, update
from sqlalchemy.exc import IntegrityError

from courses.actions.drafts import remove_content, version_values, write_content
from courses.actions.reading import CourseReport, Reading, fingerprint, read_files, report
from courses.formats.issues import Issue, has_errors
from courses.formats.model import Course as CourseFolder
from courses.formats.outline import COURSE_FILE
from courses.models import Course, CourseVersion
from courses.policy import AUTHOR
from lms.agencies.queries import tree, visible
from lms.kernel import audit, clock
from lms.kernel.actor import Actor
from lms.kernel.db import db
from lms.kernel.db.session import connection_here
from lms.kernel.errors import Conflict, NotAllowed, Refused
from lms.skills.queries import competences


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What an import came to; without a version, nothing was written."""

    report: CourseReport
    version_id: int | None
    slug: str | None


@dataclass(frozen=True, slots=True)
class _Import:
    """A folder without errors on its way in."""

    actor: Actor
    reading: Reading
    course: CourseFolder
    name: str
    sha: str

    def outcome(self, version_id: int, *, unchanged: bool = False) -> ImportOutcome:
        told = report(self.reading, self.name, self.sha, unchanged=unchanged)
        return ImportOutcome(told, version_id, self.course.id)

    def refused(self, issue: Issue) -> ImportOutcome:
        reading = replace(self.reading, issues=(*self.reading.issues, issue))
        return ImportOutcome(report(reading, self.name, self.sha), None, None)


def check_course(*, files: Mapping[str, bytes], name: str) -> CourseReport:
    """Everything an import would say, without writing."""
    reading = read_files(files, name, _competences_known())
    return report(reading, name, fingerprint(files))


def _competences_known() -> Collection[str]:
    """The codes of the frameworks installed; none where nothing is set up yet, as authors check courses there too."""
    return competences() if inspect(connection_here()).has_table(Course.__tablename__) else ()


def import_course(*, actor: Actor, files: Mapping[str, bytes], name: str, owner: str | None = None) -> ImportOutcome:
    """Bring a folder in as the draft of its course; a draft that is there already is replaced.

    `owner` is an agency code and stands in for the one in course.yaml. With any error nothing is written.
    Raises Refused when the course is there already and belongs to an agency outside the actor's reach, or to
    another agency than `owner`.
    """
    if not actor.may(AUTHOR):
        raise NotAllowed(_("Only trainers import courses."))
    reading = read_files(files, name, competences())
    if reading.course is None or has_errors(reading.issues):
        return ImportOutcome(report(reading, name, fingerprint(files)), None, None)
    bringing = _Import(actor, reading, reading.course, name, fingerprint(reading.files))
    known = _known(reading.course.id)
    if known is None:
        return _first(bringing, owner)
    if not _reaches(actor, known.owner_agency_id):
        message = _("The course “%(slug)s” belongs to another agency. Give yours another id.", slug=reading.course.id)
        raise Refused(message, errors={"archive": message})
    return _foreign(bringing, known, owner) or _again(bringing, known)


def _known(slug: str) -> Any:
    """The course of a slug, held so that two imports come one after the other."""
    columns = (Course.id, Course.owner_agency_id)
    return db.session.execute(select(*columns).where(Course.slug == slug).with_for_update()).first()


def _reaches(actor: Actor, agency_id: int) -> bool:
    reach = actor.reach(AUTHOR)
    return reach.everywhere or agency_id in visible(reach, tree())


def _foreign(bringing: _Import, known: Any, owner: str | None) -> ImportOutcome | None:
    """Refuse an owner who is not the one the course has; None when the owner is right or is not asked for."""
    if not owner:
        return None
    agency_id, fault = _owner(bringing.actor, owner)
    if agency_id is None:
        return bringing.refused(_unknown_owner(bringing.course, fault))
    if agency_id == known.owner_agency_id:
        return None
    message = _(
        "The course “%(slug)s” already belongs to another agency than “%(code)s”, and an import does not hand it over."
        " Leave the owner out, or give the course another id.",
        slug=bringing.course.id,
        code=owner[:40],
    )
    raise Refused(message, errors={"archive": message})


def _first(bringing: _Import, owner: str | None) -> ImportOutcome:
    course = bringing.course
    agency_id, fault = _owner(bringing.actor, owner or course.owner)
    if agency_id is None:
        return bringing.refused(_unknown_owner(course, fault))
    values: dict[str, Any] = {"slug": course.id, "code": course.code or course.id.upper()}
    values |= {"owner_agency_id": agency_id, "created_at": clock.now()}
    try:
        with db.session.begin_nested():
            course_id = db.session.execute(insert(Course).values(**values).returning(Course.id)).scalar_one()
    except IntegrityError as error:
        raise Conflict(_("Somebody else is importing this course right now. Reload the studio.")) from error
    return _written(bringing, course_id, None)


def _again(bringing: _Import, known: Any) -> ImportOutcome:
    newest = db.session.execute(
        select(CourseVersion.id, CourseVersion.state, CourseVersion.sha256)
        .where(CourseVersion.course_id == known.id, CourseVersion.state != "discarded")
        .order_by(CourseVersion.number.desc())
    ).first()
    if newest is not None and newest.sha256 == bringing.sha:
        return bringing.outcome(newest.id, unchanged=True)
    draft_id = newest.id if newest is not None and newest.state == "draft" else None
    if bringing.course.code:
        db.session.execute(update(Course).where(Course.id == known.id).values(code=bringing.course.code))
    return _written(bringing, known.id, draft_id)


def _written(bringing: _Import, course_id: int, draft_id: int | None) -> ImportOutcome:
    actor, course = bringing.actor, bringing.course
    values = version_values(course, bringing.sha) | {"imported_at": clock.now(), "imported_by": actor.person_id}
    if draft_id is None:
        draft_id = _new_version(course_id, values)
    else:
        remove_content(draft_id)
        db.session.execute(update(CourseVersion).where(CourseVersion.id == draft_id).values(**values))
    write_content(draft_id, course, bringing.reading.files)
    audit.note(
        actor=actor,
        action="courses.import",
        subject=("course_version", draft_id),
        after={"slug": course.id, "sha256": bringing.sha, "files": len(bringing.reading.files)},
    )
    db.session.flush()
    return bringing.outcome(draft_id)


def _new_version(course_id: int, values: dict[str, Any]) -> int:
    last = db.session.scalar(select(func.max(CourseVersion.number)).where(CourseVersion.course_id == course_id)) or 0
    added = insert(CourseVersion).values(course_id=course_id, number=last + 1, state="draft", **values)
    return db.session.execute(added.returning(CourseVersion.id)).scalar_one()


def _owner(actor: Actor, code: str) -> tuple[int | None, str]:
    """The agency that will own the course, or what is wrong with the one named."""
    reach, stands = actor.reach(AUTHOR), tree()
    within = visible(reach, stands)
    if not code:
        own = {stands.root} if reach.everywhere else reach.agencies & within
        if len(own) == 1 and None not in own:
            return next(iter(own)), ""
        return None, _("Nothing says which agency owns the course; choose one, or write `owner` in course.yaml.")
    agency = stands.by_code(code)
    if agency is None or agency.id not in within:
        return None, _("There is no agency “%(code)s” within your area; write the code of one that is.", code=code[:40])
    return agency.id, ""


def _unknown_owner(course: CourseFolder, fault: str) -> Issue:
    return Issue(COURSE_FILE, _line_of_owner(course.head), "OWNER_UNKNOWN", fault)


def _line_of_owner(head: str) -> int:
    lines = enumerate(head.split("\n"), start=1)
    return next((number for number, line in lines if line.startswith("owner:")), 1)
