"""What required learning shows in the pages of other rooms."""

from __future__ import annotations

from flask import Blueprint, render_template

from lms.kernel.actor import Actor
from lms.requirements import queries

blueprint = Blueprint("requirements", __name__, template_folder="templates")


def course_why(actor: Actor, slug: str) -> str:
    """Why the reader of a course page must take the course, and by when; nothing where they need not."""
    obligation = queries.why_me(actor.person_id, slug) if actor.person_id is not None else None
    return render_template("requirements/why.html", obligation=obligation) if obligation else ""
