"""Handing in, and what came of it."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assessments import forms
from assessments.actions.submission import submit
from assessments.queries import results
from assessments.views.attempts import ATTEMPT
from assessments.views.blueprint import blueprint
from assessments.views.wording import moment_text
from lms.web.guards import allowed, current_actor


@blueprint.post(ATTEMPT + "/submit")
@allowed("learning.take", scope="own")
def hand_in(attempt_id: int) -> ResponseReturnValue:
    """Hand the attempt in; pressing the button twice leads to the same result."""
    forms.read_nothing(request.form)
    submit(actor=current_actor(), attempt_id=attempt_id)
    return redirect(url_for("assessments.result", attempt_id=attempt_id), 303)


@blueprint.get(ATTEMPT + "/result")
@allowed("learning.take", scope="own")
def result(attempt_id: int) -> ResponseReturnValue:
    """The score, what was not right and why, and where to go next."""
    found = results.result(current_actor(), attempt_id)
    if found is None:
        return redirect(url_for("assessments.review", attempt_id=attempt_id))
    return render_template(
        "assessments/result.html",
        result=found,
        bars=[(f"{row.code} {row.title}".strip(), row.percent) for row in found.competences],
        next_url=f"/learn/{found.head.registration}",
        moment=moment_text,
    )
