"""What proves a figure: the way to an attainment, and single statements."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_datetime
from flask_babel import gettext as _

from lms.reporting import actions, policy, queries
from lms.reporting.queries import Trail
from lms.reporting.views import asking, wording
from lms.reporting.views.blueprint import ID, blueprint
from lms.web.guards import allowed, current_actor
from lms.xapi.queries import Entry
from lms.xapi.rules import verbs

MARKS = {
    verbs.PASSED: ("award", "ok"),
    verbs.COMPLETED: ("check", "ok"),
    verbs.VERIFIED: ("award", "ok"),
    verbs.FAILED: ("close", "bad"),
    verbs.ATTEMPTED: ("quiz", None),
    verbs.REGISTERED: ("book", None),
}


@blueprint.get(f"/people/<{ID}:person_id>/evidence/<{ID}:attainment_id>")
@allowed(policy.EVIDENCE, scope="agency")
def evidence(person_id: int, attainment_id: int) -> ResponseReturnValue:
    """How somebody attained something, statement by statement."""
    actor, days = current_actor(), asking.days(asking.wish())
    found = queries.evidence(actor, person_id, attainment_id)
    actions.note_look(actor=actor, subject=("person", person_id), why=f"evidence of attainment {attainment_id}")
    return render_template(
        "reporting/evidence.html", found=found, steps=_steps(found, days), facts=_facts(found), days=days
    )


@blueprint.get("/statements/<uuid:statement_id>")
@allowed(policy.EVIDENCE, scope="agency")
def statement(statement_id: UUID) -> ResponseReturnValue:
    """One statement as it is stored."""
    actor, days = current_actor(), asking.days(asking.wish())
    found = queries.statement(actor, statement_id)
    subject = ("person", found.person_id) if found.person_id is not None else ("statement", statement_id)
    actions.note_look(actor=actor, subject=subject, why=f"statement {statement_id}")
    text = json.dumps(found.entry.statement, indent=2, ensure_ascii=False)
    return render_template(
        "reporting/statement.html",
        found=found,
        text=text,
        said=_said(found.entry),
        facts=_moments(found.entry),
        days=days,
    )


def _facts(found: Trail) -> list[tuple[str, str]]:
    """What an attainment is worth, and from when to when."""
    proof = found.evidence
    until = wording.last_of(proof.expires_on) if proof.expires_on else _("for good")
    facts = [
        (_("Achieved on"), wording.day(proof.achieved_on)),
        (_("Valid through"), until),
        (_("Shown by"), wording.assurance(proof.assurance)),
        (_("Recorded"), _moment(proof.recorded_at)),
    ]
    if proof.level is not None:
        facts.insert(0, (_("Level"), str(proof.level)))
    if proof.revoked_at is not None:
        facts.append((_("Withdrawn"), _moment(proof.revoked_at)))
    return facts


def _moments(entry: Entry) -> list[tuple[str, str]]:
    """When it happened, when it was stored, and on whose word."""
    said_by = _("This system") if entry.own else _("A connected system")
    return [(_("Happened"), _moment(entry.timestamp)), (_("Stored"), _moment(entry.stored)), (_("Said by"), said_by)]


def _steps(found: Trail, days: dict[str, Any]) -> list[dict[str, Any]]:
    """The trail for a timeline, newest first."""
    return [_step(entry, days) for entry in reversed(found.entries)]


def _step(entry: Entry, days: dict[str, Any]) -> dict[str, Any]:
    icon, tone = MARKS.get(entry.statement["verb"]["id"], ("record", None))
    return {
        "when": _moment(entry.timestamp),
        "iso": entry.timestamp.isoformat(),
        "title": _said(entry),
        "text": _("Withdrawn later") if entry.voided_by else "",
        "icon": icon,
        "tone": tone,
        "url": url_for("reporting.statement", statement_id=entry.id, **days),
    }


def _said(entry: Entry) -> str:
    """The sentence of a statement, with a capital at its beginning."""
    words = str(_(entry.sentence.key, **entry.sentence.parameters))
    return words[:1].upper() + words[1:]


def _moment(value: Any) -> str:
    return str(format_datetime(value, "d MMM y, HH:mm 'UTC'"))
