"""Pages of this room: what is kept, what goes, and one person's data."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from lms.kernel.actor import Actor
from lms.kernel.errors import Conflict, NotThere, Refused
from lms.people.queries import person_visible, search_people
from lms.privacy.actions import erasing, ruling
from lms.privacy.forms import CLASSES, EraseForm, FindForm, HoldForm, ReasonForm, RuleForm
from lms.privacy.policy import ERASE, SEE
from lms.privacy.queries import export, overview
from lms.privacy.queries.people import certificate_of, person_called
from lms.reporting.actions import note_export, note_look
from lms.web.guards import allowed, current_actor

blueprint = Blueprint("privacy", __name__, template_folder="templates")
PLACE = "/privacy"
KEPT = f"{PLACE}/kept"
RULE = f"{PLACE}/rules/<int(max=2147483647):rule_id>/end"
HOLD = f"{PLACE}/holds/<int(max=2147483647):hold_id>/release"
LOOK = "taking along or erasing a person's data"
PERSON = f"{PLACE}/people/<int(max=2147483647):person_id>"


@blueprint.get(KEPT)
@allowed(SEE, scope="everywhere")
def kept() -> ResponseReturnValue:
    """What is kept how long, what is kept back, what would go now and what went."""
    actor = current_actor()
    found = overview.overview(actor)
    if found.people:
        note_look(actor=actor, subject=("record", "holds"), why="what is kept back", shown={"people": [*found.people]})
    return render_template("privacy/kept.html", found=found, **_words())


@blueprint.get(f"{PLACE}/rules/new")
@allowed(ERASE, scope="everywhere")
def new_rule() -> ResponseReturnValue:
    """Ask how long a class of records is kept."""
    return render_template("privacy/rule.html", form=RuleForm(_agencies()))


@blueprint.post(f"{PLACE}/rules/new")
@allowed(ERASE, scope="everywhere")
def add_rule() -> ResponseReturnValue:
    """Record it."""
    form = RuleForm(_agencies())
    if form.validate_on_submit() and _done(form, lambda: ruling.add_rule(actor=current_actor(), **form.terms)):
        flash(_("Recorded. What is old enough goes with the next night's work."), "success")
        return redirect(KEPT, 303)
    return render_template("privacy/rule.html", form=form, page_errors=form.errors), 422


@blueprint.get(RULE)
@allowed(ERASE, scope="everywhere")
def ask_rule(rule_id: int) -> ResponseReturnValue:
    """Ask why a rule is to end."""
    return _ending("rule", rule_id, ReasonForm())


@blueprint.post(RULE)
@allowed(ERASE, scope="everywhere")
def end_rule(rule_id: int) -> ResponseReturnValue:
    """Let nothing more go by it."""
    form = ReasonForm()
    if not form.validate_on_submit():
        return _ending("rule", rule_id, form), 422
    ruling.end_rule(actor=current_actor(), rule_id=rule_id, why=form.why.data)
    flash(_("The rule has ended. What went by it stays gone."), "success")
    return redirect(KEPT, 303)


@blueprint.get(f"{PLACE}/holds/new")
@allowed(ERASE, scope="everywhere")
def new_hold() -> ResponseReturnValue:
    """Ask what is to be kept back."""
    return render_template("privacy/hold.html", form=HoldForm(_agencies()))


@blueprint.post(f"{PLACE}/holds/new")
@allowed(ERASE, scope="everywhere")
def lay_hold() -> ResponseReturnValue:
    """Keep it back."""
    form = HoldForm(_agencies())
    complete = form.validate_on_submit()
    found: list[int | None] = []
    known = _done(form, lambda: found.append(_person(form)))  # whatever else is wrong: all is told at once
    if complete and known and _done(form, lambda: _lay(form, found[0])):
        flash(_("Kept back from now on, whatever the rules say."), "success")
        return redirect(KEPT, 303)
    return render_template("privacy/hold.html", form=form, page_errors=form.errors), 422


@blueprint.get(HOLD)
@allowed(ERASE, scope="everywhere")
def ask_hold(hold_id: int) -> ResponseReturnValue:
    """Ask why a hold is to be released."""
    return _ending("hold", hold_id, ReasonForm())


@blueprint.post(HOLD)
@allowed(ERASE, scope="everywhere")
def release_hold(hold_id: int) -> ResponseReturnValue:
    """Release it."""
    form = ReasonForm()
    if not form.validate_on_submit():
        return _ending("hold", hold_id, form), 422
    ruling.release_hold(actor=current_actor(), hold_id=hold_id, why=form.why.data)
    flash(_("Released. The rules apply again."), "success")
    return redirect(KEPT, 303)


@blueprint.get(f"{PLACE}/people")
@allowed(ERASE, scope="everywhere")
def find() -> ResponseReturnValue:
    """Find the person somebody asks about."""
    form = FindForm(request.args)
    text = (form.q.data or "").strip()
    actor = current_actor()
    people = search_people(actor, text) if text and form.validate() else []
    note_look(actor=actor, subject=("search", "people"), why=LOOK, shown={"people": [one.id for one in people]})
    return render_template("privacy/find.html", form=form, asked=bool(text), people=people)


@blueprint.get(f"{PERSON}/erase")
@allowed(ERASE, scope="everywhere")
def ask_erasure(person_id: int) -> ResponseReturnValue:
    """Say exactly what goes and what stays, and ask why."""
    shown = _erasure(person_id, EraseForm())
    note_look(actor=current_actor(), subject=("person", person_id), why=LOOK)
    return shown


@blueprint.post(f"{PERSON}/erase")
@allowed(ERASE, scope="everywhere")
def erase(person_id: int) -> ResponseReturnValue:
    """Erase the person."""
    form, actor = EraseForm(), current_actor()
    person_visible(actor, person_id)
    if not form.validate_on_submit() or not _done(
        form, lambda: erasing.erase_person(actor=actor, person_id=person_id, why=form.why.data)
    ):
        return _erasure(person_id, form), 422
    flash(_("Erased. What past counts are made of stays under a person without a name."), "success")
    return redirect(KEPT, 303)


@blueprint.get(f"{PERSON}/export")
@allowed(ERASE, scope="everywhere")
def take_along(person_id: int) -> ResponseReturnValue:
    """Everything that is kept about a person, as one file."""
    actor = current_actor()
    text = json.dumps(export.about(actor, person_id), ensure_ascii=False, indent=2)
    note_export(actor=actor, subject=("person", person_id), shown={"what": "everything about the person"})
    named = {"Content-Disposition": f'attachment; filename="person-{person_id}.json"'}
    return Response(text, mimetype="application/json", headers=named)


def person_link(actor: Actor, person_id: int) -> str:
    """The way from a person's page to what is kept about the person; nothing for those who may not erase."""
    return render_template("privacy/person_link.html", person_id=person_id) if actor.may(ERASE) else ""


def _person(form: HoldForm) -> int | None:
    person = (form.person.data or "").strip()
    try:
        return person_called(person) if person else None
    except NotThere:
        text = _("Nobody, or more than one, is known by this: enter an HR number or an e-mail address")
        raise Refused(text, errors={"person": text}) from None


def _lay(form: HoldForm, person_id: int | None) -> int:
    what = {"person_id": person_id, "agency_id": form.agency_id.data or None}
    named = form.record_class.data or None
    return ruling.lay_hold(actor=current_actor(), record_class=named, reason=form.why.data, **what)


def _done(form: FlaskForm, deed: Callable[[], object]) -> bool:
    """Do it; what is refused is told beside the fields that it is about."""
    try:
        deed()
    except Refused as refused:
        for name, text in refused.errors.items():
            form[name].errors = [*form[name].errors, text]
        if not refused.errors:
            form.form_errors.append(refused.detail)
        return False
    except Conflict as conflict:
        form.form_errors.append(conflict.detail)
        return False
    return True


def _ending(kind: str, number: int, form: ReasonForm) -> str:
    found = overview.overview(current_actor())
    rows: list[Any] = [*(found.rules if kind == "rule" else found.holds)]
    one = next((row for row in rows if row.id == number), None)
    if one is None:
        raise NotThere()
    template = f"privacy/end_{kind}.html"
    return render_template(template, one=one, found=found, form=form, page_errors=form.errors, **_words())


def _erasure(person_id: int, form: EraseForm) -> str:
    actor = current_actor()
    card = person_visible(actor, person_id)
    erased = certificate_of(actor, person_id)
    return render_template("privacy/erase.html", person=card, erased=erased, form=form, page_errors=form.errors)


def _agencies() -> dict[int, str]:
    return overview.agency_names()


def _words() -> dict[str, Any]:
    """How the pages call classes, days and lengths of time."""

    def day(moment: datetime | date) -> str:
        return str(format_date(moment, "d MMM y"))

    def months(count: int) -> str:
        return str(ngettext("%(num)d month", "%(num)d months", count))

    return {"classes": {choice.value: choice.label for choice in CLASSES}, "day": day, "months": months}
