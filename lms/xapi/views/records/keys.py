"""Keys to the record: who holds one, a new one, and the end of one."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms.kernel.errors import NotThere, Refused
from lms.web.guards import allowed, current_actor
from lms.xapi import policy
from lms.xapi.actions.keys import NewKey, create_key, revoke_key
from lms.xapi.forms import KeyForm, RevocationForm
from lms.xapi.queries.keys import KeyRow, all_keys
from lms.xapi.views.records import wording
from lms.xapi.views.records.blueprint import blueprint

WAITING = "new key"  # in the session on the server, until it is shown


@blueprint.get("/keys")
@allowed(policy.SEE, scope="everywhere")
def keys() -> ResponseReturnValue:
    """Every key there ever was, those that open the record first."""
    rows = sorted(all_keys(), key=lambda row: row.state != "active")
    return render_template("records/keys.html", rows=rows, scopes=wording.scopes(), words=wording)


@blueprint.get("/keys/new")
@allowed(policy.KEYS, scope="everywhere")
def new_key() -> ResponseReturnValue:
    """Ask who gets a key and what for."""
    return _asked(KeyForm(wording.scopes()))


@blueprint.post("/keys/new")
@allowed(policy.KEYS, scope="everywhere")
def make_key() -> ResponseReturnValue:
    """Make it; its secret waits in the session to be shown once, so that a reloaded page makes no other key."""
    form = KeyForm(wording.scopes())
    made = _made(form) if form.validate_on_submit() else None
    if made is None:
        return _asked(form)
    session[WAITING] = {"name": form.name.data, "key": made.key, "secret": made.secret}
    return redirect(url_for("records.new_secret"), 303)


@blueprint.get("/keys/new-secret")
@allowed(policy.KEYS, scope="everywhere")
def new_secret() -> ResponseReturnValue:
    """Show the secret of the key that was made last, this once."""
    made = session.pop(WAITING, None)
    if made is None:
        flash(_("The secret was shown already. Whoever has not copied it needs a new key."), "warning")
        return redirect(url_for("records.keys"), 303)
    return render_template("records/key_made.html", made=made)


@blueprint.get("/keys/<key>/revoke")
@allowed(policy.KEYS, scope="everywhere")
def revoking(key: str) -> ResponseReturnValue:
    """Ask once more before a key ends for good."""
    row = _row(key)
    return render_template(
        "records/revoke.html", row=row, form=RevocationForm(), scopes=wording.scopes(), words=wording
    )


@blueprint.post("/keys/<key>/revoke")
@allowed(policy.KEYS, scope="everywhere")
def revoke(key: str) -> ResponseReturnValue:
    """End it."""
    revoke_key(actor=current_actor(), key=key)
    flash(_("The key opens nothing any more."), "success")
    return redirect(url_for("records.keys"), 303)


def _asked(form: KeyForm) -> ResponseReturnValue:
    shown = render_template("records/new_key.html", form=form, explained=wording.explained(), page_errors=form.errors)
    return shown, 422 if form.errors else 200


def _made(form: KeyForm) -> NewKey | None:
    """The new key; None where it was refused, and the form says why."""
    typed = {"name": form.name.data, "scopes": form.scopes.data, "expires_on": form.expires_on.data}
    try:
        return create_key(actor=current_actor(), **typed)
    except Refused as refused:
        _tell(form, refused.errors)
        return None


def _tell(form: KeyForm, errors: Mapping[str, str]) -> None:
    for name, text in errors.items():
        form[name].errors = [*form[name].errors, text]


def _row(key: str) -> KeyRow:
    found = next((row for row in all_keys() if row.key == key), None)
    if found is None or found.state == "revoked":
        raise NotThere()
    return found
