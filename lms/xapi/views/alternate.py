"""The alternate request syntax of xAPI 1.0.3 (Communication 1.3): a POST whose form holds another request.

Browsers of long ago could send nothing else across origins. It is turned into the request it stands for before
anybody looks at it, so that gate, router and views know one syntax only; xAPI 2.0.0 has given it up.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wsgi import get_input_stream

from lms.kernel.errors import Malformed
from lms.xapi.rules.parameters import refused
from lms.xapi.rules.versions import HEADER, is_older
from lms.xapi.views.mounts import BENEATH, own_version

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

REFUSED = "cadre.xapi.refused"
_METHODS = frozenset({"GET", "PUT", "POST", "DELETE"})
_FORM = "application/x-www-form-urlencoded"
_LARGEST_FORM = 100  # fields
_HEADERS = {
    "Authorization": "HTTP_AUTHORIZATION",
    HEADER: "HTTP_X_EXPERIENCE_API_VERSION",
    "Content-Type": "CONTENT_TYPE",
    "If-Match": "HTTP_IF_MATCH",
    "If-None-Match": "HTTP_IF_NONE_MATCH",
}
Fields = list[tuple[str, str]]


class AlternateSyntax:
    """An application that understands the alternate request syntax beneath the record's address."""

    def __init__(self, inner: WSGIApplication, *, largest: int) -> None:
        self._inner = inner
        self._largest = largest

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request; what cannot be understood is refused by the record's door."""
        query = environ.get("QUERY_STRING", "")
        if environ["REQUEST_METHOD"] == "POST" and "method=" in query and _is_beneath(environ):
            try:
                _translate(environ, query, self._largest)
            except (Malformed, RequestEntityTooLarge) as error:
                environ[REFUSED] = error
        return self._inner(environ, start_response)


def _is_beneath(environ: WSGIEnvironment) -> bool:
    return str(environ.get("PATH_INFO", "")).startswith(BENEATH)


def _translate(environ: WSGIEnvironment, query: str, largest: int) -> None:
    asked = dict(parse_qsl(query, keep_blank_values=True))
    if "method" not in asked:
        return
    body = get_input_stream(environ, max_content_length=largest).read()
    if len(body) >= largest:
        raise RequestEntityTooLarge
    _put_body(environ, body)
    fields = _fields(body) if environ.get("CONTENT_TYPE", "").startswith(_FORM) else []
    if not _is_spoken(environ, fields):
        raise refused("method", "is a parameter of xAPI 1.0.3's alternate request syntax, which 2.0.0 does not have.")
    if asked["method"] not in _METHODS:
        raise refused("method", f"must be one of {', '.join(sorted(_METHODS))}, and is {asked['method'][:20]!r}.")
    environ["REQUEST_METHOD"] = asked["method"]
    if len(asked) > 1:
        raise refused(
            "method", "is the only parameter of the address in the alternate request syntax: send others inside."
        )
    _rewrite(environ, fields, needs_content=asked["method"] in ("PUT", "POST"))


def _fields(body: bytes) -> Fields:
    try:
        return parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=_LARGEST_FORM)
    except ValueError:
        raise Malformed("The form of the alternate request syntax is not UTF-8, or has too many fields.") from None


def _is_spoken(environ: WSGIEnvironment, fields: Fields) -> bool:
    """Whether the older line is spoken: the form says so, or the header, or else the mount."""
    said = dict(fields).get(HEADER) or environ.get(_HEADERS[HEADER])
    own = own_version(environ["PATH_INFO"])
    return own == "1.0.3" or (said is not None and is_older(said))


def _rewrite(environ: WSGIEnvironment, fields: Fields, *, needs_content: bool) -> None:
    """Make it the request that the form stands for: its headers, its parameters, its content."""
    contents = [value for name, value in fields if name == "content"]
    if needs_content and len(contents) != 1:
        raise Malformed("The form needs its content in one field named content, encoded as a form is.")
    environ["CONTENT_TYPE"] = "application/json"
    for name, value in fields:
        if name in _HEADERS:
            environ[_HEADERS[name]] = value
    known = {*_HEADERS, "content", "Content-Length"}
    environ["QUERY_STRING"] = urlencode([field for field in fields if field[0] not in known])
    _put_body(environ, "".join(contents).encode())


def _put_body(environ: WSGIEnvironment, body: bytes) -> None:
    environ["wsgi.input"] = io.BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    environ.pop("HTTP_TRANSFER_ENCODING", None)
