"""What follows from statements in this room: enrolments open and close, steps are opened and done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, delete, insert, select, update

from courses import statements
from courses.kinds import LESSON
from courses.models import Course, CourseVersion, Enrolment, StepProgress
from courses.queries.earning import earned
from courses.queries.enrolling import EnrolmentRow, registered
from courses.queries.versions import structure_of
from courses.rules.progress import is_complete
from lms.kernel.db import db, run
from lms.xapi.rules import verbs
from lms.xapi.rules.facts import Draft, Fact, Stamp
from lms.xapi.statements import extension, iri

UNKNOWN_SOURCE = "self"
_ON_STEPS = frozenset({verbs.EXPERIENCED, verbs.ATTEMPTED, verbs.COMPLETED, verbs.PASSED, verbs.FAILED})
_enrolment, _progress = cast(Table, Enrolment.__table__), cast(Table, StepProgress.__table__)
_VERSION = (
    select(CourseVersion.id, CourseVersion.course_id)
    .join(Course, Course.id == CourseVersion.course_id)
    .where(Course.slug == bindparam("slug"), CourseVersion.number == bindparam("number"))
)
_KNOWN = select(_enrolment.c.id).where(_enrolment.c.registration == bindparam("of"))
_CLOSE = (
    update(_enrolment)
    .where(_enrolment.c.registration == bindparam("of"), _enrolment.c.state == "active")
    .values(state=bindparam("now"), closed_at=bindparam("moment"), last_at=bindparam("moment"))
)
_TOUCHED = (
    select(Enrolment.id, Enrolment.version_id, CourseVersion.sha256)
    .join(CourseVersion, CourseVersion.id == Enrolment.version_id)
    .where(Enrolment.registration == bindparam("of"), Enrolment.state != "left")
    .with_for_update(of=Enrolment, key_share=True)
)
_TOUCH = (
    update(_enrolment)
    .where(_enrolment.c.id == bindparam("which"))
    .values(
        last_at=bindparam("moment"),
        last_step_key=bindparam("step"),
        steps_done=_enrolment.c.steps_done + bindparam("more"),
    )
)
_STEP = select(_progress.c.id, _progress.c.done_at).where(
    _progress.c.enrolment_id == bindparam("enrolment"), _progress.c.step_key == bindparam("step")
)
_DONE = update(_progress).where(_progress.c.id == bindparam("which")).values(done_at=bindparam("moment"))
_CLOSES = {verbs.COMPLETED: "completed", verbs.ABANDONED: "left"}


@dataclass(frozen=True, slots=True)
class Place:
    """What a statement speaks of: a course, or a step of it."""

    slug: str
    step_key: str | None


def place_of(object_iri: str) -> Place | None:
    """Read the IRI of a course or a step; None for anything else."""
    start = iri("courses") + "/"
    parts = object_iri.removeprefix(start).split("/") if object_iri.startswith(start) else []
    match parts:
        case [slug]:
            return Place(slug, None)
        case [slug, "steps", step_key]:
            return Place(slug, step_key)
        case _:
            return None


class CourseProjector:
    """Keeps enrolments and their progress.

    A rebuild blanks enrolments instead of removing them, because attempts at quizzes stand on these rows;
    `registered` fills the row of its registration again.
    """

    name = "courses"

    def project(self, fact: Fact) -> None:
        """Open or close an enrolment, or note how far a step has come; facts from elsewhere change nothing."""
        place = place_of(fact.object_iri) if fact.own else None
        if place is None or fact.registration is None:
            return
        if place.step_key is not None:
            if fact.verb in _ON_STEPS:
                _touch(fact, fact.registration, place.step_key)
        elif fact.verb == verbs.REGISTERED:
            _open(fact, fact.registration, place.slug)
        elif fact.verb in _CLOSES:
            _close(fact, fact.registration, _CLOSES[fact.verb])

    def settle(self) -> None:
        """Nothing is put off here."""

    def follow(self, fact: Fact) -> Sequence[Draft]:
        """The course is completed once its last required step is done."""
        if fact.verb not in (verbs.COMPLETED, verbs.PASSED) or fact.registration is None or not fact.own:
            return ()
        place = place_of(fact.object_iri)
        if place is None or place.step_key is None:
            return ()
        taken = registered(fact.registration)
        if taken is None or not taken.is_active or not is_complete(taken.structure.required, taken.done):
            return ()
        return (_completion(fact, taken),)

    def clear(self) -> None:
        """Forget all progress, and what is known of every enrolment but its place."""
        db.session.execute(delete(StepProgress))
        blank = {"source": "", "state": "left", "last_step_key": None, "steps_done": 0, "closed_at": None}
        db.session.execute(update(Enrolment).values(**blank))

    def contents(self) -> Sequence[tuple[object, ...]]:
        """Enrolments and their steps, by registration."""
        return [*_enrolments(), *_steps()]

    def keeps(self, fact: Fact) -> bool:
        """An enrolment or a step of it may follow from what was said of a course of ours."""
        place = place_of(fact.object_iri) if fact.own else None
        if place is None or fact.registration is None:
            return False
        return fact.verb in (_ON_STEPS if place.step_key is not None else (verbs.REGISTERED, *_CLOSES))


def _context(fact: Fact) -> dict[str, Any]:
    context: dict[str, Any] = fact.statement.get("context", {})
    return context


def _open(fact: Fact, registration: UUID, slug: str) -> None:
    context = _context(fact)
    revision = str(context.get("revision", ""))
    number = int(revision) if revision.isdecimal() else 0
    version = run(_VERSION, {"slug": slug, "number": number}).first()
    if version is None or fact.person_id is None:
        return
    values = {
        "person_id": fact.person_id,
        "course_id": version.course_id,
        "version_id": version.id,
        "source": context.get("extensions", {}).get(extension("source")) or UNKNOWN_SOURCE,
        "state": "active",
        "opened_at": fact.stored,
        "last_at": fact.stored,
    }
    known = run(_KNOWN, {"of": registration}).scalar()
    if known is None:
        run(insert(_enrolment), {"registration": registration, "steps_done": 0, **values})
    else:
        run(update(_enrolment).where(_enrolment.c.id == known).values(**values))


def _close(fact: Fact, registration: UUID, state: str) -> None:
    run(_CLOSE, {"of": registration, "now": state, "moment": fact.stored})


def _touch(fact: Fact, registration: UUID, step_key: str) -> None:
    """Note a step as opened or done; holding the enrolment first makes two last steps wait for each other."""
    row = run(_TOUCHED, {"of": registration}).first()
    steps = structure_of(row.version_id, row.sha256).steps if row else ()
    kind = next((step.kind for step in steps if step.key == step_key), None)
    if row is None or kind is None:
        return
    is_done = fact.verb == (verbs.COMPLETED if kind == LESSON else verbs.PASSED)
    more = 1 if _mark(row.id, step_key, fact, is_done) else 0
    run(_TOUCH, {"which": row.id, "moment": fact.stored, "step": step_key, "more": more})


def _mark(enrolment_id: int, step_key: str, fact: Fact, done: bool) -> bool:
    """Write the step's row; say whether it has become done by this."""
    row = run(_STEP, {"enrolment": enrolment_id, "step": step_key}).first()
    if row is None:
        values = {"first_at": fact.stored, "done_at": fact.stored if done else None}
        run(insert(_progress), {"enrolment_id": enrolment_id, "step_key": step_key, **values})
        return done
    if done and row.done_at is None:
        run(_DONE, {"which": row.id, "moment": fact.stored})
        return True
    return False


def _completion(fact: Fact, taken: EnrolmentRow) -> Draft:
    """The course's completion, in the name and at the moment of the step that brought it."""
    account = fact.statement["actor"]["account"]["name"]
    stamp = Stamp(account_name=account, person_id=fact.person_id, agency_id=fact.agency_id)
    tested = any(step.kind != LESSON and step.key in taken.done for step in taken.structure.steps)
    return statements.course_completed(
        stamp,
        taken.structure,
        taken.registration,
        tested=tested,
        earned=earned(taken.structure),
        timestamp=fact.timestamp,
    )


def _enrolments() -> list[tuple[object, ...]]:
    rows = db.session.execute(
        select(
            Enrolment.registration,
            Enrolment.person_id,
            Course.slug,
            CourseVersion.number,
            Enrolment.source,
            Enrolment.state,
            Enrolment.opened_at,
            Enrolment.last_at,
            Enrolment.last_step_key,
            Enrolment.steps_done,
            Enrolment.closed_at,
        )
        .join(Course, Course.id == Enrolment.course_id)
        .join(CourseVersion, CourseVersion.id == Enrolment.version_id)
        .where(Enrolment.source != "")
    )
    return sorted(("enrolment", str(row[0]), *row[1:]) for row in rows)


def _steps() -> list[tuple[object, ...]]:
    rows = db.session.execute(
        select(Enrolment.registration, StepProgress.step_key, StepProgress.first_at, StepProgress.done_at).join(
            Enrolment, Enrolment.id == StepProgress.enrolment_id
        )
    )
    return sorted((("step", str(row[0]), *row[1:]) for row in rows), key=lambda row: row[1:3])
