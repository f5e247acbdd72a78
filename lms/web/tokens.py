"""The token of a session's forms (row A5), signed once instead of for every page."""

from __future__ import annotations

from functools import lru_cache

from flask import current_app, g, session
from flask_wtf.csrf import generate_csrf
from itsdangerous import URLSafeTimedSerializer


def form_token() -> str:
    """The token that the forms of the present page send along; a new session gets one of its own."""
    found: str | None = g.get("csrf_token")
    if found is None:
        secret = session.get("csrf_token")
        found = g.csrf_token = _signed(str(current_app.secret_key), secret) if secret else str(generate_csrf())
    return found


@lru_cache(maxsize=2000)
def _signed(key: str, secret: str) -> str:
    """As Flask-WTF signs it; its age is not looked at, so it may be as old as the session."""
    return str(URLSafeTimedSerializer(key, salt="wtf-csrf-token").dumps(secret))
