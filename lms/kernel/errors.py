"""Errors that have a name everywhere in the house; each becomes a page or a problem document at the edge."""

from __future__ import annotations

from collections.abc import Mapping


class CadreError(Exception):
    """Something a person can be told in plain words: what is wrong and what to do."""

    status = 422
    code = "refused"

    def __init__(self, detail: str, *, errors: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = dict(errors or {})


class Refused(CadreError):
    """The input is well formed but cannot be accepted; `errors` names fields."""


class Malformed(CadreError):
    """The input is not what the door expects at all."""

    status = 400
    code = "malformed"


class NotThere(CadreError):
    """No such object, or not within the actor's scope: the two must look the same (rule D2)."""

    status = 404
    code = "not-found"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)


class NotAllowed(CadreError):
    """The actor's role does not include this function (rule D2)."""

    status = 403
    code = "not-allowed"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)


class Conflict(CadreError):
    """The state has moved on: stale revision, used-up attempts, time over."""

    status = 409
    code = "conflict"


class TooMany(CadreError):
    """Too many tries; `retry_after` is in seconds."""

    status = 429
    code = "too-many-tries"

    def __init__(self, detail: str, *, retry_after: int) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Busy(CadreError):
    """The database cannot take the write now; nothing was lost, try again (rule D12)."""

    status = 503
    code = "busy"

    def __init__(self, detail: str = "", *, retry_after: int = 5) -> None:
        super().__init__(detail)
        self.retry_after = retry_after
