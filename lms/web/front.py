"""What stands before the application: every request goes through it first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class FrontedFlask(Flask):
    """A Flask before which something may be put that sees every request and answer."""

    _front: WSGIApplication | None = None

    @property
    def front(self) -> WSGIApplication:
        """What a request meets first: whatever was put before last, or the application itself."""
        return self._front or self.wsgi_app

    def put_before(self, outer: WSGIApplication) -> None:
        """Let every request go through something that passes it on to what was `front` until now."""
        self._front = outer

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        return self.front(environ, start_response)
