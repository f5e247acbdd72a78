"""The short road into the record, for what nearly every sender sends: statements as JSON, with a key, and no more.

Storing a statement takes less time than preparing a request for a view: its route, session, form and language. Here it
goes without them. Whatever is not plainly of that kind goes the ordinary road untouched, and what is refused here is
answered there, so that nobody says no in two ways.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

import orjson
from flask import Flask
from werkzeug.datastructures import Authorization
from werkzeug.wsgi import get_host

from lms.kernel import ids
from lms.kernel.db.session import end_unit, keep_unit, run_afterwards, writing
from lms.kernel.errors import NotAllowed
from lms.web.guards import is_ours
from lms.xapi import queries
from lms.xapi.actions import inbound
from lms.xapi.actions import keys as key_actions
from lms.xapi.policy import WRITE
from lms.xapi.queries import keys
from lms.xapi.rules import versions
from lms.xapi.rules.validate import Version
from lms.xapi.statements import moment
from lms.xapi.views.alternate import REFUSED
from lms.xapi.views.door import SHARED
from lms.xapi.views.mounts import BENEATH, BENEATH_OLDER

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_MOUNTS: dict[str, Version] = {f"{BENEATH}statements": "2.0.0", f"{BENEATH_OLDER}statements": "1.0.3"}
# what the ordinary road looks at and this one does not: whoever sends one of them goes there
_BEYOND = ("QUERY_STRING", "SCRIPT_NAME", "HTTP_COOKIE", "HTTP_CONTENT_ENCODING", "HTTP_TRANSFER_ENCODING")


class _Sent(NamedTuple):
    """What is to be stored, in which version, and the credentials that were shown."""

    body: bytes
    version: Version
    key: str
    secret: str


class ShortRoad:
    """An application that stores plain statements itself and leaves everything else to the one within."""

    def __init__(self, app: Flask, always: Mapping[str, str]) -> None:
        """`always` are the headers that every answer carries."""
        self._app = app
        self._headers = [*{**always, **SHARED, "Vary": "Cookie", "Content-Type": "application/json"}.items()]
        self._inner: WSGIApplication = app.wsgi_app
        self._hosts = tuple(app.extensions["cadre.hosts"])

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        own = _MOUNTS.get(environ["PATH_INFO"]) if environ["REQUEST_METHOD"] == "POST" else None
        sent = self._plainly_sent(environ, own) if own is not None else None
        if sent is None:
            return self._inner(environ, start_response)
        try:
            answer, headers = self._store(sent)
        except Exception as error:  # whatever it is: the ordinary road has the words for it
            environ[REFUSED] = error
            return self._inner(environ, start_response)
        start_response("200 OK", headers)
        return (answer,)

    def _plainly_sent(self, environ: WSGIEnvironment, own: Version) -> _Sent | None:
        """What was sent, where nothing about it needs a closer look; its body can be read again."""
        if environ.get("CONTENT_TYPE") != "application/json" or any(map(environ.get, _BEYOND)):
            return None
        version = versions.agreed(environ.get("HTTP_X_EXPERIENCE_API_VERSION"), own)
        shown = Authorization.from_header(environ.get("HTTP_AUTHORIZATION"))
        length = environ.get("CONTENT_LENGTH", "")
        if version is None or shown is None or shown.type != "basic" or not (length.isascii() and length.isdigit()):
            return None
        if int(length) > self._app.config["MAX_CONTENT_LENGTH"] or not is_ours(get_host(environ), self._hosts):
            return None
        body = environ["wsgi.input"].read(int(length))
        environ["wsgi.input"] = io.BytesIO(body)
        if len(body) < int(length):
            return None
        return _Sent(body, version, shown.username or "", shown.password or "")

    def _store(self, sent: _Sent) -> tuple[bytes, list[tuple[str, str]]]:
        """Store it in a unit of work of its own, and say so; raises whatever keeps it from being stored."""
        with self._app.app_context(), writing():
            try:
                actor = keys.opened(sent.key, sent.secret)
                key_actions.note_use(actor=actor)
                if not actor.may(WRITE):
                    raise NotAllowed
                stored = inbound.accept(actor=actor, body=sent.body, version=sent.version)
                through = queries.consistent_lately()
                keep_unit()
            finally:
                end_unit()
                run_afterwards()
        answer = orjson.dumps(stored)
        return answer, [
            *self._headers,
            ("Content-Length", str(len(answer))),
            (versions.HEADER, sent.version),
            ("X-Experience-API-Consistent-Through", moment(through)),
            ("X-Request-Id", ids.text()),
        ]
