"""What every answer carries: its request id, a strict content policy, and no trace in shared caches (rows A6, J7)."""

from __future__ import annotations

from flask import Flask, Response, g, request

from lms.kernel import ids
from lms.settings import Settings

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "X-Frame-Options": "DENY",
}


def install(app: Flask, settings: Settings) -> None:
    """Put the headers on every answer."""

    wanted = {**ALWAYS, "Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
    if settings.secure:
        wanted["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    always = [(name.lower(), name, value) for name, value in wanted.items()]

    def dressed(response: Response) -> Response:
        headers = response.headers
        headers["X-Request-Id"] = request_id()
        if request.endpoint == "static":
            headers["Cache-Control"] = "public, max-age=31536000, immutable"
        present = {name.lower() for name, _value in headers}
        headers.extend([(name, value) for low, name, value in always if low not in present])
        return response

    app.after_request(dressed)


def name_requests(app: Flask) -> None:
    """Give each request its id before anything else looks at it, the gate included."""

    def named() -> None:
        request_id()

    app.before_request_funcs.setdefault(None, []).insert(0, named)


def request_id() -> str:
    """The id of the present request; given when first asked for, should reading the session itself fail."""
    if "request_id" not in g:
        g.request_id = str(ids.new())
    return str(g.request_id)
