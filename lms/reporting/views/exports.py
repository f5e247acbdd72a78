"""The same tables as files: exactly what the pages show, scoped alike, and each noted in the log (rows F1, F7)."""

from __future__ import annotations

import re
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue

from lms.kernel import clock
from lms.reporting import actions, policy, queries
from lms.reporting.formats import Sheet, as_csv, as_xlsx
from lms.reporting.queries import STATUSES
from lms.reporting.views import asking, sheets
from lms.reporting.views.blueprint import FORM, blueprint
from lms.web.guards import allowed, current_actor

TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@blueprint.get(f"/coverage/export.<{FORM}:form>")
@allowed(policy.EXPORT, scope="agency")
def coverage_export(form: str) -> ResponseReturnValue:
    """The table of agencies as a file."""
    wish = asking.wish()
    found = queries.matrix(current_actor(), wish)
    parts = ("coverage", wish.agency or "", wish.requirement or "", found.asked.day.isoformat())
    return _file(sheets.of_matrix(found), form, parts)


@blueprint.get(f"/coverage/<agency>/<requirement>/export.<{FORM}:form>")
@allowed(policy.EXPORT, scope="agency")
def cell_export(agency: str, requirement: str, form: str) -> ResponseReturnValue:
    """The people of a cell as a file."""
    status = request.args.get("status", "")
    status = status if status in STATUSES else ""
    part = asking.part(whole=True, sort="status")
    found = queries.people_of_cell(current_actor(), asking.wish(), agency, requirement, status, part)
    parts = ("coverage", found.agency.code, requirement, status, found.asked.day.isoformat())
    return _file(sheets.of_cell(found), form, parts, people=[row.card.id for row in found.rows])


@blueprint.get(f"/coverage/<agency>/role-fit/export.<{FORM}:form>")
@allowed(policy.EXPORT, scope="agency")
def role_fit_export(agency: str, form: str) -> ResponseReturnValue:
    """The people of an agency by role fit as a file."""
    found = queries.people_of_fit(current_actor(), asking.wish(), agency, asking.part(whole=True, sort="met"))
    parts = ("coverage", found.agency.code, "role-fit", found.asked.day.isoformat())
    return _file(sheets.of_fit(found), form, parts, people=[row.card.id for row in found.rows])


def _file(sheet: Sheet, form: str, parts: tuple[str, ...], **shown: Any) -> Response:
    """A download under a name made of plain letters, and the note of it."""
    name = "-".join(re.sub(r"[^A-Za-z0-9]+", "-", part).strip("-") for part in parts if part) + f".{form}"
    body = as_csv(sheet) if form == "csv" else as_xlsx(sheet, clock.now())
    shown = {"file": name, "rows": len(sheet.rows), **shown}
    actions.note_export(actor=current_actor(), subject=("coverage", name[:80]), shown=shown)
    response = Response(body, content_type=TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
