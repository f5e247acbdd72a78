"""Where the pages of the record hang, and what stands on each of them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from lms.web.guards import current_actor
from lms.xapi import policy

blueprint = Blueprint("records", __name__, url_prefix="/records", template_folder="../../templates")
NUMBER = "int(max=9223372036854775807)"
LOG = "any(statements, audit)"


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the parts of the record's pages."""

    name: str
    url: str
    current: bool


@blueprint.app_template_global("record_parts")
def parts() -> list[Tab]:
    """The parts that the reader may see, for the pages of all rooms that show one; their paths are fixed."""
    actor = current_actor()
    known = [
        (_("Statements"), "/records", policy.SEE),
        (_("Sealed checkpoints"), "/records/checkpoints", policy.SEE),
        (_("Keys"), "/records/keys", policy.SEE),
        (_("Learning elsewhere"), "/records/recognition", policy.SEE),
        (_("Kept and erased"), "/privacy/kept", policy.SEE),
    ]
    return [Tab(name, url, request.path == url) for name, url, power in known if actor.may(power)]


def download(body: str | bytes, name: str, kind: str) -> Response:
    """A file under a name made of plain letters."""
    response = Response(body, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
