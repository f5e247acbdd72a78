"""Sessions on the server: the cookie is only a key, kept hashed, and dies the moment it is ended (rule D10)."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Request, Response, request, session
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy import Integer, String, Text, bindparam, delete, select, update
from sqlalchemy.orm import Mapped
from werkzeug.datastructures import CallbackDict

from lms.kernel import clock
from lms.kernel.db import Base, afterwards, db, glance, personal
from lms.kernel.db.prepared import Prepared
from lms.kernel.db.requests import DATABASE_ERRORS, SAFE, named
from lms.settings import Settings

TOUCH = timedelta(minutes=5)
ANONYMOUS_LIFE = timedelta(hours=1)


class WebSession(Base):
    """One browser's session; `account_id` is set once somebody has signed in."""

    __tablename__ = "web_session"

    key: Mapped[str] = personal(String(64), primary_key=True)
    account_id: Mapped[int | None] = personal(Integer, index=True)
    content: Mapped[str] = personal(Text)
    seen_at: Mapped[datetime] = personal()
    ends_at: Mapped[datetime] = personal(index=True)


_KEPT = Prepared(
    select(WebSession.content, WebSession.seen_at, WebSession.ends_at).where(WebSession.key == bindparam("key"))
)


def _changed(session: KeptSession) -> None:
    """Apart from the session: one that held what names it would stay, with its request, until garbage is looked for."""
    session.modified = True


class KeptSession(CallbackDict[str, Any], SessionMixin):
    """A request's view of its session; `renew()` gives it a new key, as signing in must (row A3)."""

    def __init__(self, token: str | None = None, content: dict[str, Any] | None = None) -> None:
        super().__init__(content or {}, _changed)
        self.token = token
        self.old_token: str | None = None
        self.modified = False
        self.accessed = True
        self.seen_at: datetime | None = None
        self.trouble: Exception | None = None

    def renew(self) -> None:
        """Leave the old key behind: whoever holds it holds nothing."""
        self.old_token, self.token, self.modified = self.token, None, True


class KeptSessions(SessionInterface):
    """Opens and saves sessions in the database."""

    def __init__(self, settings: Settings) -> None:
        self._life = timedelta(hours=settings.session_hours)
        self._secure = settings.secure
        self.cookie = "__Host-cadre" if settings.secure else "cadre"

    def open_session(self, app: Flask, request: Request) -> KeptSession:
        """The session that the cookie names, or an empty one where it has ended or never was."""
        token = request.cookies.get(self.cookie)
        if not token or request.path.startswith("/static/"):
            return KeptSession()
        try:
            with glance(goes_on=request.method in SAFE):
                row = _KEPT.first(key=_hash(token))
        except DATABASE_ERRORS as error:
            return _unread(named(error))
        if row is None or row.ends_at <= clock.now():
            return KeptSession()
        found = KeptSession(token, json.loads(row.content))
        found.seen_at = row.seen_at
        return found

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep what changed, and set the cookie when the key is new. Runs after the request's own transaction."""
        if not isinstance(session, KeptSession) or session.trouble or request.endpoint == "static":
            return
        _vary(response)
        if response.status_code >= 500:  # what failed has not happened, signing in included
            return
        if session.old_token:
            end([session.old_token])
        if not session:
            if session.token:
                end([session.token])
                response.delete_cookie(self.cookie, path="/", secure=self._secure, httponly=True, samesite="Lax")
            return
        if session.token is None:
            session.token = secrets.token_urlsafe(32)
            self._set_cookie(response, session.token)
            _insert(session, self._life)
        elif session.modified or (session.seen_at and clock.now() - session.seen_at > TOUCH):
            _store(session, self._life)

    def _set_cookie(self, response: Response, token: str) -> None:
        response.set_cookie(self.cookie, token, path="/", secure=self._secure, httponly=True, samesite="Lax")


def _vary(response: Response) -> None:
    if "Vary" in response.headers:
        response.vary.add("Cookie")
    else:  # nearly always, and cheaper than to take apart what is not there
        response.headers["Vary"] = "Cookie"


def make_sure_read() -> None:
    """Raise what kept the session from being read: an error page needs an opened one, so opening it must not raise."""
    trouble = getattr(session, "trouble", None)
    if trouble is not None:
        raise trouble


def end_all(account_ids: Iterable[int]) -> None:
    """End every session of some accounts, within the present transaction."""
    db.session.execute(delete(WebSession).where(WebSession.account_id.in_(list(account_ids))))


def end(tokens: Iterable[str]) -> None:
    """End the sessions that some cookies name."""
    hashes = [_hash(token) for token in tokens]
    afterwards(lambda: _delete(hashes))


def purge() -> None:
    """Remove sessions that have ended by time."""
    db.session.execute(delete(WebSession).where(WebSession.ends_at <= clock.now()))


def _unread(trouble: Exception) -> KeptSession:
    found = KeptSession()
    found.trouble = trouble
    return found


def _delete(hashes: list[str]) -> None:
    db.session.execute(delete(WebSession).where(WebSession.key.in_(hashes)))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _values(session: KeptSession, life: timedelta) -> dict[str, Any]:
    now = clock.now()
    account = session.get("account")
    return {
        "account_id": account,
        "content": json.dumps(dict(session)),
        "seen_at": now,
        "ends_at": now + (life if account else ANONYMOUS_LIFE),
    }


def _insert(session: KeptSession, life: timedelta) -> None:
    values = _values(session, life)
    key = _hash(session.token or "")
    afterwards(lambda: db.session.add(WebSession(key=key, **values)))


def _store(session: KeptSession, life: timedelta) -> None:
    """An ended session stays ended: only a row that is still there is updated."""
    values = _values(session, life)
    key = _hash(session.token or "")
    afterwards(lambda: _update(key, values))


def _update(key: str, values: dict[str, Any]) -> None:
    db.session.execute(update(WebSession).where(WebSession.key == key).values(**values))
