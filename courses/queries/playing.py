"""A step as the player shows it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select

from courses.models import CourseStep
from courses.queries.enrolling import EnrolmentRow
from courses.queries.versions import StepRow
from lms.kernel.db import run

_step = CourseStep.__table__.c
_HTML = select(_step.html).where(_step.version_id == bindparam("version"), _step.key == bindparam("key"))


@dataclass(frozen=True, slots=True)
class StepPage:
    """A step with its text, and its neighbours in the order of the course."""

    step: StepRow
    number: int
    html: str
    previous: StepRow | None
    following: StepRow | None


def step_page(taken: EnrolmentRow, step_key: str) -> StepPage:
    """The step of an enrolment's version; raises NotThere where the version has no such step."""
    version = taken.structure
    step = version.step(step_key)
    at = version.keys.index(step_key)
    html: str | None = run(_HTML, {"version": version.version_id, "key": step_key}).scalar()
    return StepPage(
        step=step,
        number=at + 1,
        html=html or "",
        previous=version.steps[at - 1] if at else None,
        following=version.steps[at + 1] if at + 1 < len(version.steps) else None,
    )
