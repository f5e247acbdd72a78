"""Enrolling, opening, finishing and leaving: each writes a statement at most once, however often it is asked."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import bindparam, select

from courses import statements
from courses.kinds import LESSON
from courses.models import Course, CourseVersion, Enrolment
from courses.policy import may_take
from courses.queries import EnrolmentRow, Structure, structure_of
from courses.queries.enrolling import registered
from lms.kernel import clock, ids
from lms.kernel.actor import Actor
from lms.kernel.db import run
from lms.kernel.errors import Conflict, NotAllowed, NotThere
from lms.people.models import Person
from lms.people.queries import person_visible, stamp
from lms.xapi import record
from lms.xapi.rules.facts import Stamp

_OPEN_ONE = select(Enrolment.registration).where(
    Enrolment.person_id == bindparam("person"),
    Enrolment.course_id == bindparam("course"),
    Enrolment.state == "active",
)
_PERSON = select(Person.id).where(Person.id == bindparam("person")).with_for_update(key_share=True)
_PUBLISHED = (
    select(CourseVersion.id, CourseVersion.sha256)
    .join(Course, Course.published_version_id == CourseVersion.id)
    .where(Course.slug == bindparam("slug"), Course.retired_at.is_(None))
)
_HOLD = select(Enrolment.id).where(Enrolment.registration == bindparam("registration")).with_for_update()


def enrol(*, actor: Actor, person_id: int, slug: str, source: str = "self") -> UUID:
    """Enrol a person in the published version of a course; an enrolment already open is given back instead.

    Raises NotThere where the course is not published or the person is outside the actor's reach.
    """
    _must_enrol(actor, person_id)
    queue_up(person_id)
    version = published(slug)
    open_one = open_registration(person_id, version.course_id)
    if open_one is not None:
        return open_one
    registration = ids.new()
    record(statements.registered(_stamp(person_id), version, registration, source=source))
    return registration


def open_step(*, actor: Actor, registration: UUID, step_key: str) -> None:
    """Note that a lesson has been opened, the first time it is; other kinds say so themselves."""
    taken = _taken(actor, registration)
    step = taken.structure.step(step_key)
    if taken.is_active and step.kind == LESSON and step_key not in taken.seen:
        record(statements.experienced(_stamp(taken.person_id), taken.structure, step, registration))


def finish_step(*, actor: Actor, registration: UUID, step_key: str) -> EnrolmentRow:
    """Finish a lesson; finishing it again, or after the course, changes nothing. Gives the enrolment as it then is.

    Raises Conflict where the enrolment has been left, or the step is finished by passing it.
    """
    taken = _taken(actor, registration)
    step = taken.structure.step(step_key)
    if taken.state == "left":
        raise Conflict(_("You left this course. Open its page and start again."))
    if step.kind != LESSON:
        raise Conflict(_("This step is done once you pass it. Open it and answer its questions."))
    if not taken.is_active or step_key in taken.done:
        return taken
    whose = _stamp(taken.person_id)
    if step_key not in taken.seen:  # it was read by a link, which tells nobody anything
        record(statements.experienced(whose, taken.structure, step, registration))
    record(statements.step_completed(whose, taken.structure, step, registration))
    return registered(registration) or taken


def leave(*, actor: Actor, registration: UUID) -> None:
    """Leave a course that is not finished; what was done stays in the record. Leaving again changes nothing."""
    taken = _taken(actor, registration)
    if taken.state == "completed":
        raise Conflict(_("You have finished this course, so there is nothing to leave."))
    if taken.is_active:
        record(statements.abandoned(_stamp(taken.person_id), taken.structure, registration))


def _must_enrol(actor: Actor, person_id: int) -> None:
    """Oneself, or others within reach for those who look after staff."""
    if may_take(actor, person_id):
        return
    if not (actor.may("people.see") and actor.may("learning.take")):
        raise NotAllowed(_("Only staff who look after others may enrol them."))
    person_visible(actor, person_id)


def queue_up(person_id: int) -> None:
    """Let two requests of one person come one after the other."""
    if run(_PERSON, {"person": person_id}).first() is None:
        raise NotThere()


def open_registration(person_id: int, course_id: int) -> UUID | None:
    """The registration under which a person is taking a course at present."""
    found: UUID | None = run(_OPEN_ONE, {"person": person_id, "course": course_id}).scalar()
    return found


def hold(registration: UUID) -> EnrolmentRow | None:
    """The enrolment as it is once nobody else changes it, held until the end of this unit of work."""
    run(_HOLD, {"registration": registration})
    return registered(registration)


def published(slug: str) -> Structure:
    """The structure of a course's published version; raises NotThere where there is none."""
    row = run(_PUBLISHED, {"slug": slug}).first()
    if row is None:
        raise NotThere()
    return structure_of(row.id, row.sha256)


def _taken(actor: Actor, registration: UUID) -> EnrolmentRow:
    """The enrolment, held until the end of this unit of work; raises NotThere for another's."""
    taken = hold(registration)
    if taken is None or not (actor.kind == "system" or taken.person_id == actor.person_id):
        raise NotThere()
    return taken


def _stamp(person_id: int) -> Stamp:
    return stamp(person_id, clock.today())
