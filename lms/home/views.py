"""Home, My record, the pages that explain, and the signs of life for operators."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms.home.queries.health import readiness
from lms.home.queries.navigation import Place, navigation
from lms.kernel import clock
from lms.web.guards import PUBLIC, allowed, current_actor

blueprint = Blueprint("home", __name__, template_folder="templates")


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
    """The navigation of the present actor, for every page."""
    labels = {
        "home.home": _("Home"),
        "courses.catalogue": _("Find"),
        "home.record": _("My record"),
        "reporting.coverage": _("Coverage"),
        "courses.studio": _("Studio"),
    }
    return {"nav_items": navigation(current_actor(), request.path, labels)}
