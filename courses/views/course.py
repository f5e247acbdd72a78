"""A course's page, and enrolling in it."""

from __future__ import annotations

from flask import redirect, render_template
from flask.typing import ResponseReturnValue
from markupsafe import escape

from courses import actions, queries
from courses.queries import CoursePage
from courses.views.catalogue import art
from courses.views.player import address
from courses.views.room import blueprint
from courses.views.shells import shells, step_gaps
from lms.web.guards import allowed, current_actor


@blueprint.get("/courses/<slug>")
@allowed("catalogue.see", scope="everywhere")
def course(slug: str) -> ResponseReturnValue:
    """What the course is about, where the reader stands in it, and one button."""
    actor = current_actor()
    page = queries.course_page(actor, slug)
    shell, gaps = shells(page.structure), step_gaps(page.structure, page.enrolment)
    path = (shell.linked_path if page.enrolment else shell.path).fill(gaps)
    facts = shell.facts.fill({"owner": str(escape(page.owner))})
    return render_template(
        "courses/course.html",
        page=page,
        course=page.structure,
        taken=page.enrolment,
        shell=shell,
        path=path,
        facts=facts,
        go_on=go_on(page),
        art=art(page.structure.topic, page.structure.slug),
        may_take=actor.may("learning.take"),
    )


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


def go_on(page: CoursePage) -> str:
    """Where the one button leads somebody who is enrolled."""
    taken = page.enrolment
    if taken is None or not taken.structure.keys:
        return ""
    return f"/learn/{taken.registration}/{taken.next_key or taken.structure.keys[0]}"
