"""What the record refuses by a name of its own."""

from __future__ import annotations

from lms.kernel.errors import Busy, CadreError, Malformed


class KeyRefused(CadreError):
    """The caller showed no key, or one that does not open the record."""

    status = 401
    code = "key-refused"


class BatchTooLarge(CadreError):
    """More statements at once than the record takes."""

    status = 413
    code = "batch-too-large"


class Compressed(CadreError):
    """The body came compressed: what it unfolds to could fill the memory before it can be measured (row E5)."""

    status = 415
    code = "compressed-body"


class ErasedMeanwhile(Busy):
    """Somebody who is named was erased from the record since this worker met them: sent again, it is stored."""


class PreconditionFailed(CadreError):
    """A document is not the one that the caller took it for (xAPI Communication 3.1)."""

    status = 412
    code = "precondition-failed"


def wrong(at: str, text: str) -> Malformed:
    """A refusal that points at the very place in what was sent (JSON pointer, RFC 6901)."""
    place = at or "/"
    return Malformed(f"{place} {text}", errors={place: text})
