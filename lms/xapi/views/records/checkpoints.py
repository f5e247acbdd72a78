"""Sealed checkpoints of both logs, and what an auditor needs to check them elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms.kernel.audit import AUDIT
from lms.kernel.errors import NotThere
from lms.kernel.sealing import proofs, verify
from lms.kernel.sealing.logs import Log
from lms.kernel.sealing.proofs import PublicKey
from lms.web.guards import allowed
from lms.xapi import policy
from lms.xapi.queries import browsing
from lms.xapi.queries.browsing import SealedPage
from lms.xapi.queries.proofs import STATEMENTS
from lms.xapi.views.records import wording
from lms.xapi.views.records.blueprint import LOG, NUMBER, blueprint, download

LOGS = {log.name: log for log in (STATEMENTS, AUDIT)}
TEXT, PYTHON = "text/plain; charset=utf-8", "text/x-python; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Sealed:
    """A log as the page shows it; `keys` are those that ever signed, the present one last."""

    log: Log
    title: str
    page: SealedPage
    keys: list[PublicKey]


@blueprint.get("/checkpoints")
@allowed(policy.SEE, scope="everywhere")
def checkpoints() -> ResponseReturnValue:
    """The newest checkpoints of both logs, their public keys, and how to check them."""
    titles = {STATEMENTS.name: _("Statements"), AUDIT.name: _("Log of deeds")}
    logs = [_sealed(log, titles[log.name]) for log in LOGS.values()]
    return render_template("records/checkpoints.html", logs=logs, words=wording)


@blueprint.get(f"/checkpoints/<{LOG}:log>/<{NUMBER}:number>.txt")
@allowed(policy.SEE, scope="everywhere")
def checkpoint(log: str, number: int) -> ResponseReturnValue:
    """A signed checkpoint, to be kept where nobody here can change it."""
    return download(browsing.note_of(LOGS[log], number), f"checkpoint-{log}-{number}.txt", TEXT)


@blueprint.get(f"/checkpoints/<{LOG}:log>/keys.txt")
@allowed(policy.SEE, scope="everywhere")
def public_keys(log: str) -> ResponseReturnValue:
    """The public keys of a log, one a line, the newest last."""
    keys = [key.text for key in proofs.public_keys(LOGS[log])]
    if not keys:
        raise NotThere()
    return download("\n".join(keys) + "\n", f"keys-{log}.txt", TEXT)


@blueprint.get("/checkpoints/verify.py")
@allowed(policy.SEE, scope="everywhere")
def verifier() -> ResponseReturnValue:
    """The verifier itself, which runs alone."""
    return download(Path(verify.__file__).read_bytes(), "verify.py", PYTHON)


def _sealed(log: Log, title: str) -> Sealed:
    below = request.args.get(log.name, type=int) if len(request.args.get(log.name, "")) < 19 else None
    page = browsing.seals(log, below)
    return Sealed(log, title, page, proofs.public_keys(log))
