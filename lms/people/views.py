"""Signing in and out, and one's own password."""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_wtf.csrf import generate_csrf

from lms.kernel import clock
from lms.kernel.actor import ANONYMOUS, Actor, Reach
from lms.kernel.db import glance
from lms.kernel.errors import Refused
from lms.people import actions, queries
from lms.people.forms import PasswordForm, SignInForm
from lms.people.rules.onward import same_origin_path
from lms.settings import Settings
from lms.web.guards import PUBLIC, SIGNED_IN, allowed, current_actor
from lms.web.sessions import KeptSession

blueprint = Blueprint("people", __name__, template_folder="templates")
login_manager = LoginManager()
login_manager.session_protection = None  # the session is on the server, and its key is all there is to protect
# Not `init_app`: that would look on every answer for a cookie by which to remember somebody, which nobody gets here.
blueprint.record_once(lambda state: setattr(state.app, "login_manager", login_manager))
HOME = "/"


class AccountHolder(UserMixin):
    """Who is signed in, as Flask-Login knows him; carries the actor."""

    def __init__(self, actor: Actor) -> None:
        self.id = actor.account_id
        self.actor = actor


def load_actor() -> Actor:
    """Who acts in this request: read from the session, without a query unless the day has changed since."""
    kept = _kept()
    snapshot = kept.get("actor")
    if snapshot and "_user_id" in kept and kept.get("day") == _today().isoformat():
        return _thawed(snapshot)  # as Flask-Login would, in a tenth of the time
    holder = current_user._get_current_object()
    return holder.actor if isinstance(holder, AccountHolder) else ANONYMOUS


@login_manager.user_loader  # type: ignore[untyped-decorator]
def _holder(account_id: str) -> AccountHolder | None:
    snapshot, today = session.get("actor"), _today()
    if snapshot and session.get("day") == today.isoformat():
        return AccountHolder(_thawed(snapshot))
    with glance():
        actor = queries.actor_of(int(account_id), today)
    if actor is None:
        session.clear()
        return None
    _remember(actor, today)
    return AccountHolder(actor)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@allowed(PUBLIC, scope="public")
def sign_in() -> ResponseReturnValue:
    """Ask for address and password, and let in who has them."""
    form = SignInForm(next=request.args.get("next", ""))
    onward = same_origin_path(form.next.data) or HOME
    if request.method == "GET" and current_actor().is_authenticated:
        return redirect(onward, 303)
    if form.validate_on_submit() and _let_in(form):
        return redirect(onward, 303)
    status = 422 if form.errors else 200
    return render_template("people/sign_in.html", form=form, page_errors=form.errors), status


@blueprint.post("/sign-out")
@allowed(PUBLIC, scope="public")
def sign_out() -> ResponseReturnValue:
    """End the session."""
    actions.sign_out(actor=current_actor())
    logout_user()
    session.clear()
    return redirect("/sign-in", 303)


@blueprint.route("/account/password", methods=["GET", "POST"])
@allowed(SIGNED_IN, scope="own")
def password() -> ResponseReturnValue:
    """Change one's own password."""
    actor = current_actor()
    form = PasswordForm((actor.name,))
    if form.validate_on_submit() and _change(actor, form):
        flash(_("Your password has been changed. Every other device was signed out."), "success")
        return redirect("/account/password", 303)
    status = 422 if form.errors else 200
    return render_template("people/password.html", form=form, page_errors=form.errors), status


def _let_in(form: SignInForm) -> bool:
    typed = {"email": form.email.data, "password": form.password.data}
    try:
        entered = actions.sign_in(**typed, source=_source(), on=_today(), limit=_limit())
    except Refused:
        form.form_errors.append(_("The e-mail address or the password is not right"))
        return False
    session.clear()
    _kept().renew()
    _new_form_token()
    login_user(AccountHolder(entered.actor))
    _remember(entered.actor, entered.day)
    return True


def _change(actor: Actor, form: PasswordForm) -> bool:
    typed = {"current": form.current.data, "new": form.new.data}
    try:
        actions.change_password(
            actor=actor, account_id=actor.account_id or 0, source=_source(), limit=_limit(), **typed
        )
    except Refused as refused:
        wrong = {"current": _("This is not your present password: type it again")}
        for name, text in refused.errors.items():
            form[name].errors = [*form[name].errors, wrong.get(name, text)]
        return False
    _kept().renew()
    return True


def _remember(actor: Actor, day: date) -> None:
    session["account"], session["day"], session["actor"] = actor.account_id, day.isoformat(), _frozen(actor)


def _frozen(actor: Actor) -> str:
    """The actor as text, for the session."""
    powers = {name: [reach.everywhere, sorted(reach.agencies), reach.own] for name, reach in actor.powers.items()}
    snapshot = {
        "name": actor.name,
        "person_id": actor.person_id,
        "account_id": actor.account_id,
        "account_name": actor.account_name,
        "language": actor.language,
        "roles": sorted(actor.roles),
        "powers": powers,
    }
    return json.dumps(snapshot)


@lru_cache(maxsize=1000)
def _thawed(text: str) -> Actor:
    """The actor of a session; most requests come from somebody who came a moment before."""
    snapshot: dict[str, Any] = json.loads(text)
    reaches = snapshot["powers"].items()
    powers = MappingProxyType({name: Reach(wide, frozenset(ids), own) for name, (wide, ids, own) in reaches})
    return Actor("person", **{**snapshot, "roles": frozenset(snapshot["roles"]), "powers": powers})


def _new_form_token() -> None:
    """Give the new session its form token now, so that the first page shown need not write one."""
    g.pop("csrf_token", None)  # the one of the form just sent, which belonged to the old session
    generate_csrf()


def _kept() -> KeptSession:
    kept = session._get_current_object()  # type: ignore[attr-defined]
    assert isinstance(kept, KeptSession)
    return kept


def _settings() -> Settings:
    settings: Settings = current_app.extensions["cadre.settings"]
    return settings


def _today() -> date:
    return clock.today(_settings().time_zone)


def _limit() -> actions.Limit:
    settings = _settings()
    return actions.Limit(settings.sign_in_tries, timedelta(minutes=settings.sign_in_window_minutes))


def _source() -> str:
    return request.remote_addr or ""
