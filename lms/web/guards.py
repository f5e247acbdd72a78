"""The one gate: who acts, and whether the view's declared permission lets them in."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Request, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import SecurityError, UnsupportedMediaType
from werkzeug.sansio.utils import host_is_trusted

from lms.kernel.actor import ANONYMOUS, Actor
from lms.kernel.db.requests import SAFE
from lms.kernel.errors import Malformed, NotAllowed
from lms.web.sessions import make_sure_read

PUBLIC = "public"
SIGNED_IN = "signed-in"
Scope = Literal["public", "own", "agency", "everywhere", "client"]
View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
ActorLoader = Callable[[], Actor]


class Undeclared(RuntimeError):
    """A route has no declared permission: the application does not start (row B1)."""


def allowed(permission: str, *, scope: Scope) -> Callable[[View], View]:
    """Declare who may use a view: a permission, and how far its objects reach.

    The scope says what the view's queries must be scoped to; `public` views need no sign-in.
    """

    def declare(view: View) -> View:
        view.__dict__["_permission"] = (permission, scope)
        return view

    return declare


def current_actor() -> Actor:
    """Who acts in the present request; nobody outside of one."""
    actor: Actor = g.get("actor", ANONYMOUS)
    return actor


def declared(app: Flask, endpoint: str) -> tuple[str, Scope] | None:
    """What the view behind an endpoint declared."""
    found: tuple[str, Scope] | None = getattr(app.view_functions.get(endpoint), "_permission", None)
    return found


def undeclared(app: Flask) -> list[str]:
    """The routes whose views declare nothing."""
    rules = app.url_map.iter_rules()
    return sorted({rule.rule for rule in rules if declared(app, rule.endpoint) is None})


def guard(app: Flask, loaders: dict[str, ActorLoader]) -> None:
    """Put the gate before every view; `loaders` tells, by blueprint, how its caller is known ("" is the default).

    Raises Undeclared when a route has no declaration.
    """
    missing = undeclared(app)
    if missing:
        raise Undeclared(f"Without @allowed: {', '.join(missing)}")

    hosts = tuple(app.extensions["cadre.hosts"])

    def gate() -> ResponseReturnValue | None:
        here = _here()
        endpoint = here.endpoint
        if not is_ours(here.host, hosts):
            raise SecurityError(f"{here.host!r} is not an address of this installation.")
        if endpoint is None:  # no such address: the error page says so
            return None
        declaration = declared(app, endpoint)
        takes_form = here.method not in SAFE and not (declaration and declaration[1] == "client")
        if takes_form:
            _refuse_what_our_pages_never_send(app)
        _refuse_zeros(here, takes_form)
        if declaration is not None and declaration[0] != PUBLIC:
            make_sure_read()
        loader = loaders.get(here.blueprint or "", loaders[""])
        g.actor = actor = loader() if endpoint != "static" else ANONYMOUS
        answer = _judge(actor, declaration)
        if answer is None and here.method not in SAFE:
            _make_sure_ours(app)
        return answer

    app.before_request_funcs.setdefault(None, []).insert(0, gate)


@lru_cache(maxsize=100)
def is_ours(host: str, hosts: tuple[str, ...]) -> bool:
    """Whether a request was sent to us by a name of ours (row A7); hardly more than one name is ever used."""
    return host_is_trusted(host, hosts)


def _here() -> Request:
    """The present request itself: asking its stand-in takes as long as the questions."""
    proxy: Any = request
    found: Request = proxy._get_current_object()
    return found


def _refuse_what_our_pages_never_send(app: Flask) -> None:
    """Our pages send forms, and from our own site: no other site's page sends one in its reader's name.

    That holds should it even know a token (row A5, rule D5).
    """
    if request.is_json:
        raise UnsupportedMediaType
    site = request.headers.get("Sec-Fetch-Site")
    if site is None:  # an older browser says at most where its page came from
        origin, ours = request.headers.get("Origin"), app.extensions["cadre.settings"].base_url
        is_ours = origin is None or origin.partition("://")[2] in (request.host, urlsplit(ours).netloc)
    else:
        is_ours = site in ("same-origin", "none")
    if not is_ours:
        raise CSRFError("The form came from another site.")


def _make_sure_ours(app: Flask) -> None:
    """Take a form only with its session's token (row A5); a page that is only read need not be asked for one."""
    csrf: CSRFProtect = app.extensions["csrf"]
    if app.config["WTF_CSRF_ENABLED"]:
        csrf.protect(apply_exemptions=True)


def _refuse_zeros(here: Request, takes_form: bool) -> None:
    """Let no character zero in: PostgreSQL keeps none, and SQLite would (rule D9)."""
    if not takes_form and not here.query_string and "\0" not in here.path:
        return
    sent = (here.args, here.form) if takes_form else (here.args,)
    # a part of a multipart form may come without a name
    texts = (text for fields in sent for pair in fields.items(multi=True) for text in pair)
    if "\0" in here.path or any("\0" in (text or "") for text in texts):
        raise Malformed(_("There is a character in it that is no text (zero). Type it again."))


def _judge(actor: Actor, declaration: tuple[str, Scope] | None) -> ResponseReturnValue | None:
    if declaration is None:
        raise NotAllowed()
    permission = declaration[0]
    if permission == PUBLIC:
        return None
    if not actor.is_authenticated:
        return _ask_to_sign_in()
    if permission != SIGNED_IN and not actor.may(permission):
        raise NotAllowed(_lacking(actor, permission))
    return None


def _ask_to_sign_in() -> ResponseReturnValue:
    """Send a page's reader to sign-in and back; tell a script 401."""
    if wants_json():
        return {"title": "Sign in", "status": 401, "code": "signed-out"}, 401
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("people.sign_in", next=back))


def wants_json() -> bool:
    """Whether the caller is a program that asked for JSON rather than a person's browser."""
    if request.path.startswith(("/xapi", "/api/")):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json", "application/problem+json"])
    return best is not None and best != "text/html"


def _lacking(actor: Actor, permission: str) -> str:
    """What a key is told that it lacks; a person reads the page's own words."""
    if actor.kind != "client":
        return ""
    return f"This key lacks the scope {permission.replace('.', '/', 1)}: ask for a key that has it."
