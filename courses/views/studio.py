"""The studio: a trainer's courses, their versions, and who learns."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from courses import queries
from courses.policy import AUTHOR, SEE_DRAFTS
from courses.views import words
from courses.views.room import blueprint
from lms.web.guards import allowed, current_actor


@blueprint.get("/studio")
@allowed(SEE_DRAFTS, scope="agency")
def studio() -> ResponseReturnValue:
    """My courses: published, drafted, with their learners and the next step."""
    actor = current_actor()
    found = queries.studio_courses(actor, page=request.args.get("page", 1, int))
    return render_template("courses/studio.html", found=found, words=words, may_author=actor.may(AUTHOR))


@blueprint.get("/studio/courses/<slug>")
@allowed(SEE_DRAFTS, scope="agency")
def studio_course(slug: str) -> ResponseReturnValue:
    """The versions of a course with their learners."""
    actor = current_actor()
    versions = queries.versions_of(actor, slug)
    shown = {"versions": versions, "slug": slug, "title": versions[0].title, "words": words}
    return render_template("courses/studio_course.html", may_author=actor.may(AUTHOR), **shown)
