"""The short road into the record, for what nearly every sender sends: statements as JSON, with a key, and no more.

Storing a statement takes less time than preparing a request for a view: its route, session, form and language. Here it
goes without them. Whatever is not plainly of that kind goes the ordinary road untouched, and what is refused here is
answered there, so that nobody says no in two ways.
"""

from __future__ import annotations

import io
import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import orjson
from werkzeug.datastructures import Authorization
from werkzeug.wsgi import get_host

from lms.kernel import ids
from lms.kernel.actor import Actor
from lms.kernel.db.gathering import Gathering
from lms.kernel.db.session import run_afterwards
from lms.kernel.errors import CadreError, NotAllowed
from lms.web.front import FrontedFlask
from lms.web.guards import is_ours
from lms.xapi import queries
from lms.xapi.actions import inbound
from lms.xapi.actions import keys as key_actions
from lms.xapi.policy import WRITE, Launched
from lms.xapi.queries import keys
from lms.xapi.rules import versions
from lms.xapi.rules.validate import Version
from lms.xapi.statements import moment
from lms.xapi.views.alternate import REFUSED
from lms.xapi.views.door import SHARED
from lms.xapi.views.mounts import BENEATH, BENEATH_OLDER

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

TOGETHER = 16  # requests whose statements are stored in one transaction
# how many write for all at a time: on PostgreSQL one prepares what comes next while another waits for the disk
WRITE_ON_SQLITE, WRITE_ON_POSTGRESQL = 1, 2
# statements of a request that is stored with others: where there is a single writer, who comes meanwhile waits anyway,
# and the pages of the indexes that several of them touch are written once; elsewhere large ones go side by side
FEW_ON_SQLITE, FEW_ON_POSTGRESQL = 100, 10
_LENGTH = re.compile(r"[0-9]{1,18}")
_MOUNTS: dict[str, Version] = {f"{BENEATH}statements": "2.0.0", f"{BENEATH_OLDER}statements": "1.0.3"}
# what the ordinary road looks at and this one does not: whoever sends one of them goes there
_BEYOND = ("QUERY_STRING", "SCRIPT_NAME", "HTTP_COOKIE", "HTTP_CONTENT_ENCODING", "HTTP_TRANSFER_ENCODING")

_Answer = tuple[bytes, list[tuple[str, str]]]  # its body and its headers


class _Shown(NamedTuple):
    """What a plain request says before its body: in which version it speaks, who sends it, and how long that is."""

    version: Version
    key: str
    secret: str
    length: int


@dataclass(frozen=True, slots=True)
class _Asked:
    """Statements that have been read, and who sends them."""

    actor: Actor
    arrivals: Sequence[inbound.Arrival]
    version: Version

    def kind(self, few: int) -> Hashable:
        """What it may be stored together with: not much, of one key, in one version. Launched units go alone."""
        is_alone = len(self.arrivals) > few or isinstance(self.actor, Launched)
        return object() if is_alone else (self.actor.account_name, self.version)


class ShortRoad:
    """An application that stores plain statements itself and leaves everything else to the one within."""

    def __init__(self, app: FrontedFlask, always: Mapping[str, str]) -> None:
        """`always` are the headers that every answer carries."""
        self._app = app
        self._headers = [*{**always, **SHARED, "Vary": "Cookie", "Content-Type": "application/json"}.items()]
        self._inner = app.front
        on_sqlite = app.extensions["cadre.settings"].sqlite
        at_once = WRITE_ON_SQLITE if on_sqlite else WRITE_ON_POSTGRESQL
        self._gathering: Gathering[_Asked, datetime] = Gathering(_together, most=TOGETHER, at_once=at_once)
        self._few = FEW_ON_SQLITE if on_sqlite else FEW_ON_POSTGRESQL
        self._hosts = tuple(app.extensions["cadre.hosts"])

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        own = _MOUNTS.get(environ.get("PATH_INFO", "")) if environ["REQUEST_METHOD"] == "POST" else None
        stored = self._taken(environ, own) if own is not None else None
        if stored is None:
            return self._inner(environ, start_response)
        answer, headers = stored
        start_response("200 OK", headers)
        return (answer,)

    def _taken(self, environ: WSGIEnvironment, own: Version) -> _Answer | None:
        """The answer to whoever sent plainly, once it is stored; None where the ordinary road has to answer."""
        try:
            shown = self._plainly_shown(environ, own)
            return self._stored(environ, shown) if shown is not None else None
        except CadreError as error:  # without the frames that hold what was sent: they would hold themselves
            environ[REFUSED] = error.with_traceback(None)
        except Exception as error:  # whatever it is: the ordinary road has the words for it
            environ[REFUSED] = error
        return None

    def _plainly_shown(self, environ: WSGIEnvironment, own: Version) -> _Shown | None:
        """What the head of a request shows; None where anything about it needs a closer look."""
        if environ.get("CONTENT_TYPE") != "application/json" or any(map(environ.get, _BEYOND)):
            return None
        version = versions.agreed(environ.get("HTTP_X_EXPERIENCE_API_VERSION"), own)
        shown = Authorization.from_header(environ.get("HTTP_AUTHORIZATION"))
        length = environ.get("CONTENT_LENGTH", "")
        if version is None or shown is None or shown.type != "basic" or _LENGTH.fullmatch(length) is None:
            return None
        if int(length) > self._app.config["MAX_CONTENT_LENGTH"] or not is_ours(get_host(environ), self._hosts):
            return None
        return _Shown(version, shown.username or "", shown.password or "", int(length))

    def _stored(self, environ: WSGIEnvironment, shown: _Shown) -> _Answer | None:
        """Store what was sent and say so; raises whatever keeps it from being stored.

        Nobody's body is read before his key has opened.
        """
        with self._app.app_context():
            try:
                actor = keys.opened(shown.key, shown.secret)
                key_actions.note_use(actor=actor)
                if not actor.may(WRITE):
                    raise NotAllowed
                body = environ["wsgi.input"].read(shown.length)
                if len(body) < shown.length:
                    environ["wsgi.input"] = io.BytesIO(body)
                    return None
                asked = _Asked(actor, inbound.read(body, shown.version), shown.version)
                through = self._gathering.ask(asked.kind(self._few), asked)
            finally:
                run_afterwards()
        answer = orjson.dumps([arrival.id for arrival in asked.arrivals])
        return answer, [
            *self._headers,
            ("Content-Length", str(len(answer))),
            (versions.HEADER, shown.version),
            ("X-Experience-API-Consistent-Through", moment(through)),
            ("X-Request-Id", ids.text()),
        ]


def _together(asked: Sequence[_Asked]) -> list[datetime]:
    """Store what several requests of one sender brought; says to each up to when the record is complete."""
    arrivals = [arrival for one in asked for arrival in one.arrivals]
    inbound.take(actor=asked[0].actor, arrivals=arrivals, version=asked[0].version)
    return [queries.consistent_lately()] * len(asked)
