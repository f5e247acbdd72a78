"""What this room tells the record: who enrolled, opened, finished and left what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from courses.queries import AimRow, StepRow, Structure
from lms.skills.rules.validity import validity_months
from lms.xapi.rules import verbs
from lms.xapi.rules.facts import Draft, Stamp, Thing
from lms.xapi.statements import extension, iri

TESTED = "tested"
PARTICIPATION = "participation"


def registered(stamp: Stamp, course: Structure, registration: UUID, *, source: str) -> Draft:
    """“Amara enrolled in the course.”"""
    return _of_course(stamp, verbs.REGISTERED, course, registration, extensions={extension("source"): source})


def experienced(stamp: Stamp, course: Structure, step: StepRow, registration: UUID) -> Draft:
    """“Amara opened the lesson.”"""
    return _of_step(stamp, verbs.EXPERIENCED, course, step, registration)


def step_completed(stamp: Stamp, course: Structure, step: StepRow, registration: UUID) -> Draft:
    """“Amara finished the lesson.”"""
    return _of_step(stamp, verbs.COMPLETED, course, step, registration, result={"completion": True})


def course_completed(
    stamp: Stamp,
    course: Structure,
    registration: UUID,
    *,
    tested: bool,
    earned: Sequence[AimRow],
    timestamp: datetime,
) -> Draft:
    """“Amara finished the course”, with what it earns: assurance, validity and the competences that it tested."""
    aims = [{"code": aim.code, "level": aim.level} for aim in earned]
    extensions: dict[str, Any] = {
        extension("assurance"): TESTED if tested else PARTICIPATION,
        extension("competences"): aims,
        extension("competence-months"): validity_months(course.topic),
    }
    if course.valid_months is not None:
        extensions[extension("valid-months")] = course.valid_months
    return _of_course(
        stamp,
        verbs.COMPLETED,
        course,
        registration,
        extensions=extensions,
        result={"completion": True},
        timestamp=timestamp,
    )


def abandoned(stamp: Stamp, course: Structure, registration: UUID) -> Draft:
    """“Amara left the course.”"""
    return _of_course(stamp, verbs.ABANDONED, course, registration)


def course_thing(course: Structure) -> Thing:
    """The course as an activity."""
    return Thing(iri=iri("courses", course.slug), type=verbs.COURSE, name={course.language: course.title})


def step_thing(course: Structure, step: StepRow) -> Thing:
    """A step as an activity."""
    kind = verbs.ASSESSMENT if step.kind == "quiz" else verbs.LESSON
    return Thing(iri=iri("courses", course.slug, "steps", step.key), type=kind, name={course.language: step.title})


def _of_course(stamp: Stamp, verb: str, course: Structure, registration: UUID, **more: Any) -> Draft:
    thing = course_thing(course)
    return Draft(
        stamp=stamp,
        verb=verb,
        object=thing,
        registration=registration,
        revision=str(course.number),
        grouping=(thing,),
        **more,
    )


def _of_step(
    stamp: Stamp,
    verb: str,
    course: Structure,
    step: StepRow,
    registration: UUID,
    result: dict[str, Any] | None = None,
) -> Draft:
    return Draft(
        stamp=stamp,
        verb=verb,
        object=step_thing(course, step),
        registration=registration,
        revision=str(course.number),
        result=result,
        grouping=(course_thing(course),),
    )
