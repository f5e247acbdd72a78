"""Home, My record, the pages that explain, and the signs of life for operators."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask import Blueprint, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import format_date, get_locale
from flask_babel import gettext as _

from lms.home.queries.health import readiness
from lms.home.queries.landing import landing
from lms.home.queries.navigation import Place, navigation
from lms.home.queries.records import own_proof, own_record
from lms.web.guards import PUBLIC, allowed, current_actor

blueprint = Blueprint("home", __name__, template_folder="templates")


def _day(value: date | datetime) -> str:
    return str(format_date(value, "d MMMM y"))


def _last_day(end: date) -> str:
    """The last day before an end, which is the last on which something counts."""
    return _day(end - timedelta(days=1))


DAYS = {"day": _day, "last_day": _last_day}


@blueprint.get("/")
@allowed("record.see", scope="own")
def home() -> ResponseReturnValue:
    """One column of work: what to continue, what is required and why, what comes next."""
    return render_template("home/home.html", page=landing(current_actor().person_id or 0), **DAYS)


@blueprint.get("/record")
@allowed("record.see", scope="own")
def record() -> ResponseReturnValue:
    """Everything the actor has attained, and where the proof is."""
    return render_template("home/record.html", page=own_record(current_actor(), str(get_locale())), **DAYS)


@blueprint.get("/record/evidence/<int(max=2147483647):attainment_id>")
@allowed("record.see", scope="own")
def proof(attainment_id: int) -> ResponseReturnValue:
    """The statements that prove one attainment."""
    page = own_proof(current_actor(), attainment_id, str(get_locale()))
    return render_template("home/proof.html", page=page, **DAYS)


@blueprint.get("/help")
@allowed(PUBLIC, scope="public")
def help_page() -> ResponseReturnValue:
    """How to do what people ask about most."""
    return render_template("home/help.html")


@blueprint.get("/accessibility")
@allowed(PUBLIC, scope="public")
def accessibility() -> ResponseReturnValue:
    """The accessibility statement (row X30)."""
    return render_template("home/accessibility.html")


@blueprint.get("/privacy")
@allowed(PUBLIC, scope="public")
def privacy() -> ResponseReturnValue:
    """What is stored and who sees it."""
    return render_template("home/privacy.html")


@blueprint.get("/healthz")
@allowed(PUBLIC, scope="public")
def health() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@allowed(PUBLIC, scope="public")
def ready() -> ResponseReturnValue:
    """What the process needs is there."""
    found = readiness(current_app.extensions["cadre.settings"].var)
    return jsonify(found), 200 if all(found.values()) else 503


@blueprint.app_context_processor
def furniture() -> dict[str, list[Place]]:
    """The navigation and the account menu of the present actor, for every page."""
    labels = {
        "home.home": _("Home"),
        "courses.catalogue": _("Find"),
        "home.record": _("My record"),
        "reporting.coverage": _("Coverage"),
        "courses.studio": _("Studio"),
        "records.statements": _("Record"),
    }
    account = [Place(_("Change password"), "/account/password", "key", False)]
    return {"nav_items": navigation(current_actor(), request.path, labels), "account_items": account}
