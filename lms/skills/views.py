"""Pages of this room: what activities elsewhere count as."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import format_date, get_locale
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from lms.kernel.errors import Refused
from lms.skills import actions, queries
from lms.skills.forms import RecognitionForm, WithdrawalForm
from lms.skills.policy import RECOGNISE, SEE
from lms.skills.queries import recognised
from lms.web.guards import allowed, current_actor

blueprint = Blueprint("skills", __name__, template_folder="templates")
LIST = "/records/recognition"
ONE = f"{LIST}/<int(max=2147483647):recognition_id>/withdraw"


@blueprint.get(LIST)
@allowed(SEE, scope="everywhere")
def recognition() -> ResponseReturnValue:
    """What activities elsewhere count as, and which are still to be decided on."""
    actor = current_actor()
    decided = recognised.decided(actor)
    in_force = [one for one in decided if one.terms.withdrawn_at is None]
    return render_template(
        "skills/recognition.html",
        unmapped=recognised.unmapped(actor),
        in_force=in_force,
        withdrawn=[one for one in decided if one not in in_force],
        **_words(),
    )


@blueprint.get(f"{LIST}/new")
@allowed(RECOGNISE, scope="everywhere")
def new_recognition() -> ResponseReturnValue:
    """Ask what an activity counts as."""
    form = _form(activity=request.args.get("activity", ""), sender=request.args.get("sender", ""))
    return render_template("skills/recognise.html", form=form)


@blueprint.post(f"{LIST}/new")
@allowed(RECOGNISE, scope="everywhere")
def recognise() -> ResponseReturnValue:
    """Decide it."""
    form = _form()
    if form.validate_on_submit():
        try:
            actions.recognise(actor=current_actor(), **form.terms)
        except Refused as refused:
            _show(form, refused)
        else:
            flash(_("Decided. It counts from now on, also what was said before."), "success")
            return redirect(LIST, 303)
    return render_template("skills/recognise.html", form=form, page_errors=form.errors), 422


@blueprint.get(ONE)
@allowed(RECOGNISE, scope="everywhere")
def withdrawal(recognition_id: int) -> ResponseReturnValue:
    """Ask why something is to count no longer."""
    found = recognised.decision(current_actor(), recognition_id)
    return render_template("skills/withdraw.html", one=found, form=WithdrawalForm(), **_words())


@blueprint.post(ONE)
@allowed(RECOGNISE, scope="everywhere")
def withdraw(recognition_id: int) -> ResponseReturnValue:
    """Let it count no longer."""
    form, found = WithdrawalForm(), recognised.decision(current_actor(), recognition_id)
    if not form.validate_on_submit():
        page = render_template("skills/withdraw.html", one=found, form=form, page_errors=form.errors, **_words())
        return page, 422
    actions.withdraw(actor=current_actor(), recognition_id=recognition_id, why=form.why.data)
    flash(_("Withdrawn. From now on nothing counts by this decision."), "success")
    return redirect(LIST, 303)


def _form(**given: str) -> RecognitionForm:
    senders = {known: name or _("Launched units") for known, name in recognised.senders().items()}
    courses = {f"course:{slug}": course.title for slug, course in recognised.courses().items()}
    competences = {code: f"{code} {row.title}" for code, row in queries.competences().items()}
    return RecognitionForm(senders, courses, competences, **given)


def _show(form: FlaskForm, refused: Refused) -> None:
    """Tell the refusal beside the fields that it is about."""
    for name, text in refused.errors.items():
        form[name].errors = [*form[name].errors, text]


def _words() -> dict[str, Any]:
    """How the pages call senders, what something counts as, activities, assurances and days."""
    senders, courses, competences = recognised.senders(), recognised.courses(), queries.competences()
    assurances = {
        "participation": _("Took part"),
        "tested": _("Passed a test"),
        "verified": _("Confirmed by an assessor"),
        "certified": _("Certified"),
    }

    def sender(known: str) -> str:
        if not known:
            return str(_("Anybody"))
        return str(senders.get(known, _("Another record")) or _("Launched units"))

    def target(code: str) -> str:
        slug = code.removeprefix("course:")
        if slug != code:
            return courses[slug].title if slug in courses else slug
        return f"{code} {competences[code].title}" if code in competences else code

    return {"sender": sender, "target": target, "named": _named, "assurances": assurances, "day": _day}


def _named(names: Mapping[str, str]) -> str:
    """The name of an activity in the reader's language, or in any; empty where it has none."""
    language = str(get_locale())
    return names.get(language) or names.get("en") or next(iter(names.values()), "")


def _day(moment: datetime) -> str:
    return str(format_date(moment, "d MMM y"))
