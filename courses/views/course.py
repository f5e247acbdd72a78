"""A course's page, and enrolling in it."""

from __future__ import annotations

from functools import lru_cache

from flask import redirect, render_template
from flask.typing import ResponseReturnValue
from markupsafe import escape

from courses import actions, queries
from courses.queries import CoursePage
from courses.views.player import address
from courses.views.room import blueprint
from courses.views.shells import at_progress, course_shell
from lms.kernel.actor import Actor
from lms.web.guards import allowed, current_actor
from lms.web.shells import language, own
from lms.web.slots import slot


@blueprint.get("/courses/<slug>")
@allowed("catalogue.see", scope="everywhere")
def course(slug: str) -> ResponseReturnValue:
    """What the course is about, where the reader stands in it, and one button."""
    actor = current_actor()
    page = queries.course_page(actor, slug)
    shell = course_shell(actor, page.structure, standing(actor, page))
    return at_progress(shell, page.structure, page.enrolment).page(gaps(actor, page))


@blueprint.post("/courses/<slug>/enrol")
@allowed("learning.take", scope="own")
def enrol(slug: str) -> ResponseReturnValue:
    """Enrol and open the first step; for whom is enrolled already, go on."""
    actor = current_actor()
    registration = actions.enrol(actor=actor, person_id=actor.person_id or 0, slug=slug)
    taken = queries.enrolment(actor, registration)
    step_key = taken.next_key or taken.structure.keys[0]
    actions.open_step(actor=actor, registration=registration, step_key=step_key)
    return redirect(address(taken, step_key), 303)


def standing(actor: Actor, page: CoursePage) -> str:
    """How the reader stands to the course, which decides the one button."""
    if page.enrolment is None:
        return "newcomer" if actor.may("learning.take") else "visitor"
    if page.enrolment.is_active:
        return "active"
    return "again" if page.is_open else "completed"


def gaps(actor: Actor, page: CoursePage) -> dict[str, str]:
    """What the page says to this reader alone."""
    taken, slug = page.enrolment, page.structure.slug
    values = own()
    values["reg"] = str(taken.registration) if taken else ""
    values["owner"] = str(escape(page.owner))
    values["why"] = slot("course_why", actor, slug)
    values["aside"] = slot("course_aside", actor, slug)
    values["newer"] = _newer(taken.state, language()) if taken and page.is_newer_published else ""
    return values


@lru_cache(maxsize=100)
def _newer(state: str, said_in: str) -> str:
    """What is said when a newer version has been published, in a language."""
    return render_template("courses/shell/newer.html", is_active=state == "active")
