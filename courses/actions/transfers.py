"""Results taken over from the system that was used before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from uuid import UUID

from courses import statements
from courses.actions.enrolments import hold, open_registration, published, queue_up
from courses.queries import Structure, earned
from lms.kernel import clock, ids
from lms.kernel.actor import Actor
from lms.kernel.errors import NotAllowed, Refused
from lms.people.queries import stamp
from lms.xapi import record
from lms.xapi.rules.facts import Stamp

SOURCE = "transfer"


def transfer_result(*, actor: Actor, person_id: int, slug: str, score: Fraction, on: date) -> UUID:
    """Take over a test that somebody passed elsewhere: an enrolment that opens and completes, with the score.

    `score` is between 0 and 1; `on` the day of the test. The published version stands for what was tested; whoever
    is taking the course at present has finished it by this, under the registration and the version they began.
    Only an administrator, or the system itself, may vouch for such a result.
    """
    if not (actor.kind == "system" or actor.may("people.manage")):
        raise NotAllowed()
    if on > clock.today():
        raise Refused("A result cannot be taken over before it happened.", errors={"on": "Write a day in the past."})
    course, whose = published(slug), stamp(person_id, on)
    queue_up(person_id)
    course, registration = _begun(person_id, course.course_id) or _opened(whose, course)
    proved = earned(course)
    completed = statements.course_completed(
        whose, course, registration, tested=True, earned=proved, timestamp=clock.now()
    )
    result = {"completion": True, "success": True, "score": {"scaled": round(float(score), 4)}}
    record(replace(completed, result=result))
    return registration


def _begun(person_id: int, course_id: int) -> tuple[Structure, UUID] | None:
    """What the person is taking at present: the version they began, and their registration."""
    registration = open_registration(person_id, course_id)
    taken = hold(registration) if registration else None
    return (taken.structure, taken.registration) if taken and taken.is_active else None


def _opened(whose: Stamp, course: Structure) -> tuple[Structure, UUID]:
    registration = ids.new()
    record(statements.registered(whose, course, registration, source=SOURCE))
    return course, registration
