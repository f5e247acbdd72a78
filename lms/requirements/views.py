"""What required learning shows in the pages of other rooms."""

from __future__ import annotations

from functools import lru_cache

from flask import Blueprint, render_template

from lms.kernel.actor import Actor
from lms.requirements import queries
from lms.web.shells import language

blueprint = Blueprint("requirements", __name__, template_folder="templates")


def course_why(actor: Actor, slug: str) -> str:
    """Why the reader of a course page must take the course, and by when; nothing where they need not."""
    if actor.person_id is None:
        return ""
    spoken = language()
    obligation = queries.why_me(actor.person_id, slug, language=spoken)
    return _shown(obligation, spoken) if obligation else ""


@lru_cache(maxsize=500)
def _shown(obligation: queries.Obligation, said_in: str) -> str:
    """The same words for everybody who stands alike; in a language."""
    return render_template("requirements/why.html", obligation=obligation)
