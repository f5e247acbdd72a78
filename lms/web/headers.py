"""What every answer carries: its request id, a strict content policy, and no trace in shared caches (rows A6, J7)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from flask import Response, g

from lms.kernel import ids
from lms.settings import Settings
from lms.web.front import FrontedFlask

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

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


class Dressed:
    """An application every answer of which carries the headers that it has not set otherwise itself."""

    def __init__(self, inner: WSGIApplication, headers: Mapping[str, str]) -> None:
        self._inner = inner
        self._headers = [(name.lower(), (name, value)) for name, value in headers.items()]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""

        def start(status: str, headers: list[tuple[str, str]], error: Any = None) -> Callable[[bytes], object]:
            present = {name.lower() for name, _value in headers}
            headers.extend([pair for low, pair in self._headers if low not in present])
            return start_response(status, headers, error)

        return self._inner(environ, start)


def always(settings: Settings) -> dict[str, str]:
    """The headers of every answer that does not set them otherwise itself."""
    found = {**ALWAYS, "Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
    if settings.secure:
        found["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return found


def install(app: FrontedFlask, settings: Settings) -> None:
    """Put the headers on every answer."""
    app.put_before(Dressed(app.front, always(settings)))

    def tell_id(response: Response) -> Response:
        response.headers["X-Request-Id"] = request_id()
        return response

    app.after_request(tell_id)


def request_id() -> str:
    """The id of the present request; given when first asked for, should reading the session itself fail."""
    found: str | None = g.get("request_id")
    if found is None:
        found = g.request_id = ids.text()
    return found
