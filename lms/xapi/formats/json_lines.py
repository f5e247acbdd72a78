"""Lines of JSON, read one at a time however long the file is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

LONGEST_LINE = 16 * 1024 * 1024  # bytes; as much as the record takes at once over HTTP


class Line(NamedTuple):
    """A line that is not blank, by its number from 1; no text where it is too long to be a statement."""

    number: int
    text: bytes | None


def lines(file: BinaryIO) -> Iterator[Line]:
    """The lines of a file; one without end does not fill the memory."""
    number = 0
    while text := file.readline(LONGEST_LINE + 1):
        number += 1
        if len(text) > LONGEST_LINE and not text.endswith(b"\n"):
            _pass_over_rest(file)
            yield Line(number, None)
        elif text.strip():
            yield Line(number, text.strip())


def _pass_over_rest(file: BinaryIO) -> None:
    while (part := file.readline(LONGEST_LINE)) and not part.endswith(b"\n"):
        continue
