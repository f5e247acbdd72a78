"""One statement: what it says, what proves that it stands as it was stored."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from lms.kernel.errors import NotThere, Refused
from lms.kernel.sealing import verify
from lms.kernel.sealing.proofs import Proof
from lms.web.guards import allowed, current_actor
from lms.xapi import policy
from lms.xapi.actions import looking
from lms.xapi.queries import browsing, proofs
from lms.xapi.queries.browsing import OURS, Line, Single
from lms.xapi.views.records import wording
from lms.xapi.views.records.blueprint import blueprint, download

Fact = tuple[str, str | Markup] | tuple[str, str | Markup, Markup]
LINK = Markup('<a class="govuk-link" href="{}">{}</a>')


@dataclass(frozen=True, slots=True)
class Shown:
    """A proof as the page shows it: where the statement stands, in which checkpoint, and whether the proof holds."""

    proof: Proof
    number: int
    root: str
    holds: bool


@blueprint.get("/<uuid:statement_id>")
@allowed(policy.SEE, scope="everywhere")
def statement(statement_id: UUID) -> ResponseReturnValue:
    """One statement with its proof; of one that was erased, when it went and where its entry stands."""
    try:
        found = browsing.single(statement_id, wording.language())
    except NotThere:
        return _erased(statement_id)
    looking.note_look(actor=current_actor(), subject=_subject(found.line), why=f"statement {statement_id}")
    proof, lacking = _proof(found.line)
    return render_template(
        "records/statement.html",
        found=found,
        facts=_facts(found),
        text=json.dumps(found.line.statement, indent=2, ensure_ascii=False),
        proof=proof,
        lacking=lacking,
        words=wording,
    )


@blueprint.get("/<uuid:statement_id>/proof.json")
@allowed(policy.SEE, scope="everywhere")
def proof(statement_id: UUID) -> ResponseReturnValue:
    """The proof as a file that the verifier reads."""
    found = browsing.single(statement_id, wording.language())
    line = proofs.proof_at(found.line.seq).line()
    name = f"proof-{statement_id}.json"
    looking.note_export(actor=current_actor(), subject=_subject(found.line), shown={"file": name})
    return download(line, name, "application/json")


def _erased(statement_id: UUID) -> ResponseReturnValue:
    gone = proofs.gone(statement_id)
    if gone is None:
        raise NotThere()
    return render_template("records/erased.html", id=statement_id, gone=gone, words=wording), 410


def _subject(line: Line) -> tuple[str, object]:
    return ("person", line.person_id) if line.person_id is not None else ("statement", line.id)


def _proof(line: Line) -> tuple[Shown | None, str]:
    """The proof, checked by the verifier that everybody else uses too; without one, why there is none."""
    try:
        found = proofs.proof_at(line.seq)
    except Refused:
        due = wording.next_sealing()
        return None, _(
            "It is not sealed yet. The next sealing is due at %(moment)s; its proof stands here after that.", moment=due
        )
    except NotThere:
        return None, _("Its seal was destroyed when it was erased: the log says when and why, but not what it said.")
    one = verify.Checkpoint(found.checkpoint)
    findings = verify.check_proof(json.loads(found.line()))
    return Shown(found, one.number, found.checkpoint.split("\n")[2], not findings), ""


def _facts(found: Single) -> list[Fact]:
    """Who, what, when, and on whose word."""
    line = found.line
    facts: list[Fact] = [
        (_("Who"), line.who, _everything(line.who, **_of(line))),
        _what(line),
        (_("Happened"), wording.exactly(line.happened)),
        (_("Stored"), wording.exactly(line.stored)),
        (_("Told by"), wording.told_by(line)),
        (_("Worth"), _worth(line)),
    ]
    if line.registration is not None:
        id = str(line.registration)
        facts.append((_("Registration"), id, _everything(_("this registration"), registration=id, withdrawn="y")))
    if line.withdrawn_by is not None:
        facts.append((_("Withdrawn"), _withdrawal(line)))
    return facts


def _withdrawal(line: Line) -> Markup:
    at = line.withdrawn_at
    words = _("by a later statement, %(moment)s", moment=wording.moment(at)) if at else _("by another statement")
    return LINK.format(url_for("records.statement", statement_id=line.withdrawn_by), words)


def _of(line: Line) -> dict[str, Any]:
    """What finds everything that is recorded of whoever acts."""
    return {"person": line.person_id} if line.person_id is not None else {"agent": line.actor_id}


def _what(line: Line) -> Fact:
    thing = line.statement["object"]
    if thing.get("objectType", "Activity") != "Activity":
        return _("What"), wording.deed(line)
    name = wording.named(line.definition, thing["id"])
    return _("What"), name, _everything(name, activity=thing["id"])


def _everything(of: str, **filters: Any) -> Markup:
    """Where everything of somebody or something stands."""
    hidden = Markup('{}<span class="govuk-visually-hidden">: {}</span>').format(_("All statements"), of)
    return LINK.format(url_for("records.statements", **filters), hidden)


def _worth(line: Line) -> str:
    """Whether figures may rest on it."""
    if line.withdrawn_by is not None:
        return str(_("Nothing any more: it was withdrawn"))
    if line.sender != OURS:
        return str(_("Word from outside: it counts as taking part, unless it is recognised as more"))
    return str(_("This system's own word: figures may rest on it"))
