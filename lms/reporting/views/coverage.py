"""The coverage page."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from lms.reporting import policy, queries
from lms.reporting.views import asking, picture
from lms.reporting.views.blueprint import blueprint
from lms.web.guards import allowed, current_actor


@blueprint.get("/coverage")
@allowed(policy.SEE, scope="agency")
def coverage() -> ResponseReturnValue:
    """How far agencies hold what is required of them, and what their roles need."""
    wish = asking.wish()
    found = queries.overview(current_actor(), wish)
    may_export = current_actor().may(policy.EXPORT)
    return render_template("reporting/coverage.html", may_export=may_export, **picture.page(found, wish))
