"""One commit per successful unsafe request, made here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, request
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from werkzeug.wrappers import Response as BaseResponse

from lms.kernel.db.session import end_unit, keep_unit, reading, run_afterwards, writing
from lms.kernel.errors import Busy, Conflict

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
DATABASE_ERRORS = (DBAPIError, NoConnectionLeft)
_TROUBLE = ("locked", "full", "readonly", "disk i/o", "unable to open")


class CommittingFlask(Flask):
    """A Flask whose unsafe requests commit once when they succeed, and leave nothing behind when they do not."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself: no view waits for events, so none need be asked whether it does, nine times a page."""
        return func

    def full_dispatch_request(self) -> Response:
        """Let the gate and the view of a safe request read only, so that they never wait for a writer."""
        with reading() if request.method in SAFE else writing():
            return super().full_dispatch_request()

    def dispatch_request(self) -> Response:
        """Run the view inside its unit of work; raises Busy where the database cannot take the write now."""
        try:
            response = self.make_response(super().dispatch_request())
            if request.method not in SAFE:
                _end_well(response)
        except DATABASE_ERRORS as error:
            end_unit()
            raise named(error) from error
        except BaseException:
            end_unit()
            raise
        return response

    def process_response(self, response: Response) -> Response:
        """Once the request's own transaction is over, write what was asked for afterwards, the session included."""
        end_unit()
        dressed = super().process_response(response)
        run_afterwards()
        return dressed


def named(error: DBAPIError | NoConnectionLeft) -> Exception:
    """The error of the house behind one of the database's; the error itself where there is none.

    A constraint that no action foresaw was broken by somebody who was a moment quicker: a conflict, not a fault.
    """
    if isinstance(error, NoConnectionLeft):
        return Busy()
    if isinstance(error, IntegrityError):
        return Conflict("Somebody saved the same thing a moment before. Reload the page to see it.")
    return Busy() if is_passing_trouble(error) else error


def is_passing_trouble(error: DBAPIError) -> bool:
    """Whether the database refused for a reason that passes: locked, full, lost, deadlocked (rule D12)."""
    if error.connection_invalidated:
        return True
    if getattr(error.orig, "sqlstate", None) in {"40001", "40P01", "53100", "55P03", "57P01", "57P03", "26000"}:
        return True
    text = str(error.orig).lower()
    if "cached plan" in text:  # a table was changed while this worker ran: it asks anew the next time
        return True
    return isinstance(error, OperationalError) and (any(word in text for word in _TROUBLE) or "connection" in text)


def _end_well(response: BaseResponse) -> None:
    if response.status_code < 400:
        keep_unit()
    else:
        end_unit()
