"""The player: a lesson a page, the outline beside it, and one button that finishes the lesson and goes on."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import format_date

from courses import actions, queries
from courses.kinds import LESSON, kind_of
from courses.queries import EnrolmentRow
from courses.views import words
from courses.views.media import media_answer
from courses.views.room import blueprint
from courses.views.shells import at_progress, outline_shell
from lms.kernel.errors import NotThere
from lms.skills.queries import competences
from lms.skills.rules.validity import add_months
from lms.web.guards import allowed, current_actor


@blueprint.get("/learn/<uuid:registration>")
@allowed("learning.take", scope="own")
def resume(registration: UUID) -> ResponseReturnValue:
    """Go on where the learner stopped."""
    taken = queries.enrolment(current_actor(), registration)
    if taken.state == "left" or not taken.structure.keys:
        return redirect(f"/courses/{taken.slug}")
    return redirect(address(taken, taken.next_key) if taken.next_key else done_address(taken))


@blueprint.get("/learn/<uuid:registration>/<step_key>")
@allowed("learning.take", scope="own")
def step(registration: UUID, step_key: str) -> ResponseReturnValue:
    """A lesson; a step of another kind is shown by its own room."""
    taken = queries.enrolment(current_actor(), registration)
    found = taken.structure.step(step_key)
    if taken.state == "left":
        return redirect(f"/courses/{taken.slug}")
    if found.kind != LESSON:
        return redirect(address(taken, step_key))
    return render_template(
        "courses/step.html",
        page=queries.step_page(taken, step_key),
        course=taken.structure,
        taken=taken,
        outline=outline(taken, step_key),
        words=words,
        base=f"/learn/{registration}",
    )


@blueprint.post("/learn/<uuid:registration>/<step_key>")
@allowed("learning.take", scope="own")
def finish(registration: UUID, step_key: str) -> ResponseReturnValue:
    """Finish the lesson and open the next step, or celebrate."""
    actor = current_actor()
    taken = actions.finish_step(actor=actor, registration=registration, step_key=step_key)
    onward = onward_from(taken, step_key)
    if onward is None:
        return redirect(done_address(taken), 303)
    actions.open_step(actor=actor, registration=registration, step_key=onward)
    return redirect(address(taken, onward), 303)


@blueprint.get("/learn/<uuid:registration>/done")
@allowed("learning.take", scope="own")
def done(registration: UUID) -> ResponseReturnValue:
    """The course is finished: what was earned, and what to do next."""
    actor = current_actor()
    taken = queries.enrolment(actor, registration)
    if taken.state != "completed":
        return redirect(f"/learn/{registration}")
    course = taken.structure
    titles = {code: row.title for code, row in competences().items()}
    is_tested = any(step.kind != LESSON and step.key in taken.done for step in course.steps)
    earned = [words.aim_words(aim, titles.get(aim.code, "")) for aim in queries.earned(course)] if is_tested else []
    return render_template(
        "courses/done.html",
        taken=taken,
        course=course,
        earned=earned,
        is_tested=is_tested,
        valid_until=valid_until(taken),
    )


@blueprint.post("/learn/<uuid:registration>/leave")
@allowed("learning.take", scope="own")
def leave(registration: UUID) -> ResponseReturnValue:
    """Leave the course."""
    taken = queries.enrolment(current_actor(), registration)
    actions.leave(actor=current_actor(), registration=registration)
    return redirect(f"/courses/{taken.slug}", 303)


@blueprint.get("/learn/<uuid:registration>/media/<path:path>")
@allowed("learning.take", scope="own")
def learn_media(registration: UUID, path: str) -> ResponseReturnValue:
    """A picture or other file of the version that the learner takes."""
    taken = queries.enrolment(current_actor(), registration)
    return media_answer(taken.version_id, path)


def outline(taken: EnrolmentRow, step_key: str) -> str:
    """All steps beside the one that is open."""
    shell = at_progress(outline_shell(taken.structure), taken.structure, taken, step_key)
    return shell.fill({"reg": str(taken.registration)})


def address(taken: EnrolmentRow, step_key: str) -> str:
    """Where a step is shown: here for a lesson, by its own room for any other kind."""
    found = taken.structure.step(step_key)
    if found.kind == LESSON:
        return f"/learn/{taken.registration}/{step_key}"
    kind = kind_of(found.kind)
    if kind is None:
        raise NotThere()
    return kind.url(registration=taken.registration, step_key=step_key)


def done_address(taken: EnrolmentRow) -> str:
    """Where the end of a course is celebrated."""
    return f"/learn/{taken.registration}/done"


def onward_from(taken: EnrolmentRow, step_key: str) -> str | None:
    """The step after one; behind the last, what is not yet done; None when the course is finished by it."""
    keys = taken.structure.keys
    following = keys[keys.index(step_key) + 1 :]
    if taken.is_active:
        return following[0] if following else taken.next_key
    return None if not following or taken.state == "completed" else following[0]


def valid_until(taken: EnrolmentRow) -> str:
    """The last day on which the course counts, in the reader's language; empty where it has no end."""
    months = taken.structure.valid_months
    if months is None or taken.closed_at is None:
        return ""
    return str(format_date(add_months(taken.closed_at.date(), months) - timedelta(days=1), "d MMMM y"))
