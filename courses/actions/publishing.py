"""Publishing a draft and discarding one; a published version is never changed again."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update

from courses.actions.drafts import remove_content
from courses.formats.reader import read_course
from courses.models import Course, CourseStep, CourseVersion
from courses.policy import AUTHOR
from courses.queries import export_files
from courses.queries.scope import agencies_within
from courses.rules.states import may_turn
from lms.kernel import audit, clock
from lms.kernel.actor import Actor
from lms.kernel.db import db
from lms.kernel.errors import Conflict, NotThere, Refused

GATE = frozenset({"ALT_MISSING"})  # what a reader cannot do without, though a draft may lack it
LONGEST_NOTE = 2000


def publish(*, actor: Actor, version_id: int, note: str = "") -> bool:
    """Put a draft before learners; who has begun an earlier version stays on it. Publishing again changes nothing.

    Says whether the draft took the place of an earlier published version.
    Raises NotThere outside the actor's reach, Conflict for an old version, Refused where something is missing.
    """
    version = _held(actor, version_id)
    if version.state == "published":
        return False
    if not may_turn(version.state, "published"):
        raise Conflict(_("This version is no longer a draft. Open the course in the studio to see what is current."))
    _must_be_complete(version_id)
    former = version.published_version_id
    if former is not None:
        _turn(former, "superseded")
    stamp = {"published_at": clock.now(), "published_by": actor.person_id, "change_note": note.strip()[:LONGEST_NOTE]}
    _turn(version_id, "published", **stamp)
    published = {"published_version_id": version_id, "retired_at": None}
    db.session.execute(update(Course).where(Course.id == version.course_id).values(**published))
    audit.note(
        actor=actor,
        action="courses.publish",
        subject=("course", version.course_id),
        before={"version": former},
        after={"version": version_id, "number": version.number},
        why=note.strip()[:LONGEST_NOTE],
    )
    db.session.flush()
    return former is not None


def discard(*, actor: Actor, version_id: int) -> None:
    """Throw a draft away; its number is not given again. Discarding again changes nothing."""
    version = _held(actor, version_id)
    if version.state == "discarded":
        return
    if not may_turn(version.state, "discarded"):
        raise Conflict(_("Only a draft can be discarded; this version has been published."))
    remove_content(version_id)
    _turn(version_id, "discarded")
    audit.note(
        actor=actor,
        action="courses.discard",
        subject=("course", version.course_id),
        before={"version": version_id, "number": version.number},
    )
    db.session.flush()


def _held(actor: Actor, version_id: int) -> Any:
    """The version with its course, held until the end of this unit of work; raises NotThere outside the reach."""
    row = db.session.execute(
        select(
            CourseVersion.state,
            CourseVersion.number,
            CourseVersion.course_id,
            Course.owner_agency_id,
            Course.published_version_id,
        )
        .join(Course, Course.id == CourseVersion.course_id)
        .where(CourseVersion.id == version_id)
        .with_for_update()
    ).first()
    reach = actor.reach(AUTHOR)
    if row is None or not (reach.everywhere or row.owner_agency_id in agencies_within(reach)):
        raise NotThere()
    return row


def _turn(version_id: int, state: str, **more: Any) -> None:
    db.session.execute(update(CourseVersion).where(CourseVersion.id == version_id).values(state=state, **more))


def _must_be_complete(version_id: int) -> None:
    required = select(CourseStep.id).where(CourseStep.version_id == version_id, CourseStep.required).limit(1)
    if db.session.scalar(required) is None:
        raise Refused(_("The course has no step that must be done. Add a lesson or a check, then import it again."))
    issues = read_course(export_files(version_id))[1]
    missing = [f"{issue.place}: {issue.message}" for issue in issues if issue.code in GATE]
    if missing:
        places = " ".join(missing[:5])
        raise Refused(_("Pictures need a description before learners see them. %(places)s", places=places))
