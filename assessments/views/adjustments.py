"""Extra time for a person, set by an administrator before the quiz begins."""

from __future__ import annotations

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from assessments.actions.adjustments import MANAGE, adjust_time
from assessments.forms import ExtraTimeForm
from assessments.queries.adjustments import factor_of
from assessments.views.blueprint import blueprint
from lms.kernel.actor import Actor
from lms.people.queries import person_visible
from lms.web.guards import allowed, current_actor

PERSON = "/people/<int(max=2147483647):person_id>/quiz-time"


@blueprint.get(PERSON)
@allowed(MANAGE, scope="everywhere")
def extra_time(person_id: int) -> ResponseReturnValue:
    """How much time a person has."""
    return _shown(person_id, ExtraTimeForm(factor=factor_of(person_id)))


@blueprint.post(PERSON)
@allowed(MANAGE, scope="everywhere")
def give_time(person_id: int) -> ResponseReturnValue:
    """Change how much time a person has, from the next attempt on."""
    form = ExtraTimeForm()
    if not form.validate_on_submit():
        return _shown(person_id, form), 422
    adjust_time(actor=current_actor(), person_id=person_id, factor=form.factor.data)
    flash(_("Saved. It counts from the next attempt on."), "success")
    return redirect(f"/people/{person_id}/quiz-time", 303)


def extra_time_link(actor: Actor, person_id: int) -> str:
    """The way from a person's page to the time they have; nothing for those who may not change it."""
    return render_template("assessments/extra_time_link.html", person_id=person_id) if actor.may(MANAGE) else ""


def _shown(person_id: int, form: ExtraTimeForm) -> str:
    card = person_visible(current_actor(), person_id)
    return render_template("assessments/extra_time.html", person=card, form=form, page_errors=form.errors)
