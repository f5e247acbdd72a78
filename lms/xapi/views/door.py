"""The door of the record: which key, which version of xAPI, and what every answer carries."""

from __future__ import annotations

from datetime import datetime

from flask import Response, g, request
from werkzeug.datastructures import Authorization
from werkzeug.exceptions import RequestEntityTooLarge

from lms.kernel.actor import ANONYMOUS, Actor
from lms.kernel.errors import Malformed
from lms.xapi import policy
from lms.xapi.actions import keys as key_actions
from lms.xapi.queries import keys
from lms.xapi.rules import versions
from lms.xapi.rules.errors import Compressed, KeyRefused
from lms.xapi.rules.validate import Version
from lms.xapi.statements import moment
from lms.xapi.views.alternate import REFUSED
from lms.xapi.views.mounts import BENEATH, ROOT, Mount, own_version

blueprint = Mount("xapi", __name__, url_prefix=ROOT, template_folder="../templates")
OPEN = frozenset({"xapi.about", "xapi.preflight"})
# Any site's page may use the record: it never looks at cookies, so whoever sends shows a key or a token himself.
SHARED = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "ETag, Last-Modified, Content-Length, Retry-After, X-Request-Id, "
        "X-Experience-API-Version, X-Experience-API-Consistent-Through, X-Experience-API-Hash"
    ),
    "Cross-Origin-Resource-Policy": "cross-origin",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": (
        "Authorization, Content-Type, Content-Length, If-Match, If-None-Match, Accept, Accept-Language, "
        "X-Experience-API-Version, X-Requested-With"
    ),
    "Access-Control-Max-Age": "86400",
}


def load_actor() -> Actor:
    """Who shows which key (Basic credentials); raises KeyRefused where a key is needed and none opens."""
    if request.endpoint in OPEN:
        return ANONYMOUS
    shown = _shown()
    if shown is None or shown.type != "basic":
        raise KeyRefused("Send your key and its secret as Basic credentials.")
    actor = keys.opened(shown.username or "", shown.password or "")
    key_actions.note_use(actor=actor)
    return actor


@blueprint.before_request
def _let_in() -> None:
    """Refuse what no resource needs to look at: an unknown version, a broken form, a compressed body."""
    refused: Exception | None = request.environ.pop(REFUSED, None)
    if refused is not None:
        try:
            raise refused
        finally:
            del refused  # it would hold this frame, which holds it, and all that was sent with them
    if request.endpoint not in OPEN and _agreed() is None:
        said = request.headers.get(versions.HEADER)
        own = "2.0.0 and 1.0.x" if own_version(request.path) == "2.0.0" else "1.0.x"
        what = f"is {said[:20]!r}" if said is not None else "is missing"
        raise Malformed(f"The header {versions.HEADER} {what}: this address speaks {own}.")
    if request.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        raise Compressed("The body is compressed (Content-Encoding): send it as it is.")


@blueprint.after_app_request
def _dress(response: Response) -> Response:
    """Every answer of the record says its version, also where there is no such resource or method."""
    if not request.path.startswith(BENEATH):
        return response
    response.headers[versions.HEADER] = version()
    response.headers.extend(SHARED)  # nobody has set one of them before
    if request.method == "OPTIONS":
        response.headers.update(PREFLIGHT)
    if "xapi_through" in g:
        response.headers["X-Experience-API-Consistent-Through"] = g.xapi_through
    if response.status_code == 401:
        response.headers["WWW-Authenticate"] = _challenge()
    return response


def version() -> Version:
    """The version of xAPI that this request speaks; the mount's own where it says none we know."""
    return _agreed() or own_version(request.path)


def body() -> bytes:
    """The whole body of the request; raises RequestEntityTooLarge for one beyond the limit."""
    found = request.get_data()
    if request.content_length is None and len(found) >= (request.max_content_length or len(found) + 1):
        raise RequestEntityTooLarge  # a stream whose length nobody said is cut at the limit, and nobody told
    return found


def answer(body: str | bytes, *, through: datetime, status: int = 200, kind: str = "application/json") -> Response:
    """An answer about statements, which says up to when it is complete."""
    note_through(through)
    return Response(body, status=status, content_type=kind)


def note_through(through: datetime) -> None:
    """Have the answer to this request say up to when the record is complete, whatever it turns out to be."""
    g.xapi_through = moment(through)


def _agreed() -> Version | None:
    if "xapi_version" not in g:
        g.xapi_version = versions.agreed(request.headers.get(versions.HEADER), own_version(request.path))
    found: Version | None = g.xapi_version
    return found


def _shown() -> Authorization | None:
    """The credentials that were shown; what cannot be read is none."""
    try:
        return request.authorization
    except ValueError:
        return None


def _challenge() -> str:
    """How to show a key. A page's script is never asked for Basic: its browser would open a dialog and hang (cmi5)."""
    shown = _shown()
    is_launched = shown is not None and policy.is_launch(shown.username or "")
    is_script = "Origin" in request.headers or "X-Requested-With" in request.headers
    is_script = is_script or request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
    return 'xAPI realm="xAPI"' if is_launched or is_script else 'Basic realm="xAPI", charset="UTF-8"'
