"""How errors reach people and programs: a plain page or a problem document, each with the request's id."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, Response, jsonify, make_response, render_template
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from lms.kernel.db.requests import DATABASE_ERRORS
from lms.kernel.db.requests import named as database_error
from lms.kernel.errors import Busy, CadreError, TooMany
from lms.web.guards import wants_json
from lms.web.headers import request_id

log = logging.getLogger("cadre.errors")


def install(app: Flask) -> None:
    """Give every error its page."""
    app.register_error_handler(CadreError, named)
    app.register_error_handler(CSRFError, stale_form)
    app.register_error_handler(SecurityError, strange_host)
    app.register_error_handler(HTTPException, http)
    for kind in DATABASE_ERRORS:
        app.register_error_handler(kind, beneath)
    app.register_error_handler(Exception, unforeseen)


def named(error: CadreError) -> Response:
    """An error of the house."""
    detail = error.detail
    if isinstance(error, TooMany) and not detail:
        minutes = -(-error.retry_after // 60)
        detail = ngettext("Wait %(num)d minute, then try again.", "Wait %(num)d minutes, then try again.", minutes)
    response = answer(error.status, error.code, detail, errors=error.errors)
    if isinstance(error, TooMany | Busy):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def stale_form(error: CSRFError) -> Response:
    """A form without its token, or with one of an ended session (row A5)."""
    return answer(
        400,
        "stale-form",
        _(
            "The form was open too long or came from somewhere else, so nothing was changed. "
            "Go back, reload the page and send it again; what you typed is still there."
        ),
    )


def http(error: HTTPException) -> Response:
    """An error of the protocol, or one from outside a view: reading the session, writing it afterwards."""
    cause = getattr(error, "original_exception", None)
    if isinstance(cause, DATABASE_ERRORS):
        return beneath(cause)
    if isinstance(cause, CadreError):
        return named(cause)
    if cause is not None:
        return unforeseen(cause)
    return answer(error.code or 500, f"http-{error.code}", "", allow=getattr(error, "valid_methods", None))


def beneath(error: Exception) -> Response:
    """An error of the database that came up outside of a view: in the gate, or once the view was over."""
    known = database_error(error) if isinstance(error, DATABASE_ERRORS) else error
    return named(known) if isinstance(known, CadreError) else unforeseen(error)


def strange_host(error: SecurityError) -> Response:
    """A request under a name that is not ours: no page, whose links would carry that name (row A7)."""
    return Response(_("This address is not served here."), 400, mimetype="text/plain")


def unforeseen(error: Exception) -> Response:
    """Something nobody thought of: logged whole, shown as little."""
    log.exception("unforeseen request_id=%s", request_id())
    return answer(500, "unforeseen", "")


def answer(
    status: int,
    code: str,
    detail: str,
    *,
    errors: dict[str, str] | None = None,
    allow: list[str] | None = None,
) -> Response:
    """The page or the problem document (RFC 9457) for an error."""
    title, what, steps = words(status)
    number = request_id()
    if wants_json():
        problem: dict[str, Any] = {"type": "about:blank", "title": title, "status": status, "code": code}
        problem |= {"detail": detail or what, "request_id": number}
        if errors:
            problem["errors"] = [{"field": field, "message": text} for field, text in errors.items()]
        response = jsonify(problem)
        response.content_type = "application/problem+json"
    else:
        response = _page(code=status, title=title, what=detail or what, next_steps=steps, request_id=number)
    response.status_code = status
    if allow:
        response.headers["Allow"] = ", ".join(allow)
    return response


def _page(**said: Any) -> Response:
    """The error as a page; in plain text where what broke is needed for every page."""
    try:
        return make_response(render_template("web/error.html", **said))
    except Exception:
        log.exception("unforeseen request_id=%s: not even its page could be shown", said["request_id"])
        return Response(f"{said['title']}\n\n{said['what']}\n\n{said['request_id']}\n", mimetype="text/plain")


def words(status: int) -> tuple[str, str, list[str]]:
    """Title, what happened and what to do next, for a status."""
    texts = {
        400: (_("We could not read that"), _("The request was not complete."), [_("Go back and try again.")]),
        401: (_("Sign in"), _("You need to sign in to see this."), [_("Sign in and open the page again.")]),
        403: (
            _("Your role does not include this"),
            _("You are signed in, but this page belongs to another role."),
            [_("Go to your home page."), _("If you need it for your work, ask your administrator for the role.")],
        ),
        404: (
            _("Page not found"),
            _("There is nothing at this address, or it is not within your area."),
            [_("Check the address."), _("Start from your home page.")],
        ),
        405: (_("That does not work here"), _("This address cannot be used that way."), [_("Go back and try again.")]),
        409: (_("Something changed meanwhile"), _("The state is not what your page showed."), [_("Reload the page.")]),
        412: (_("It has changed since"), _("It is not what the request expected it to be."), [_("Read it anew.")]),
        413: (_("Too large"), _("What was sent is larger than this page accepts."), [_("Send a smaller file.")]),
        415: (_("Wrong type"), _("This page does not accept that type of content."), [_("Go back and try again.")]),
        422: (_("This cannot be accepted"), _("Something in it needs to change first."), [_("Go back and change it.")]),
        429: (
            _("Too many tries"),
            _("Please wait before you try again."),
            [_("If you forgot your password, ask your help desk for a new one meanwhile.")],
        ),
        503: (
            _("One moment, please"),
            _("The system is busy. Nothing that was saved is lost."),
            [_("Wait a few seconds and try again.")],
        ),
    }
    fallback = (
        _("Something went wrong on our side"),
        _("The fault has been recorded. Nothing that was saved is lost."),
        [_("Try again in a minute."), _("If it happens again, tell your help desk the number below.")],
    )
    return texts.get(status, fallback)
