"""The unit of work under way: whether it may write, its line to the database, what it has noted, and how it ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from flask import current_app, g
from sqlalchemy import Engine

from lms.kernel.db.line import Line

Notes = dict[str, Any]
_READER, _WRITER, _NOTES = "cadre_reader", "cadre_writer", "cadre_notes"
KEPT = frozenset({_READER, _WRITER, _NOTES})  # in the application context, as long as the unit of work
_OPENED = "cadre.engine"
_reading: ContextVar[bool] = ContextVar("db_reading", default=False)
_when_kept: list[Callable[[Notes], None]] = []


class WriteWhileReading(RuntimeError):
    """A safe request tried to change a row: a GET changes nothing (house rule)."""


def is_reading() -> bool:
    """Whether the present unit of work may only read."""
    return _reading.get()


@contextmanager
def marked(*, reads: bool) -> Iterator[None]:
    """Within: units of work that may only read, or that may write."""
    token = _reading.set(reads)
    try:
        yield
    finally:
        _reading.reset(token)


def line_here() -> Line:
    """The line of the present unit of work, which begins with it where it has not begun."""
    here = _context()
    line: Line | None = here.get(_WRITER) or here.get(_READER)
    if line is None:
        reads = _reading.get()
        line = Line.to_read(_engine()) if reads else Line.to_write(_engine())
        setattr(here, _READER if reads else _WRITER, line)
    return line


def _context() -> Any:
    """Where the present unit of work is kept: asking the stand-in each time takes as long as the question."""
    stand_in: Any = g
    return stand_in._get_current_object()


def dialect() -> str:
    """Which database this is: "sqlite" or "postgresql"."""
    return str(_engine().dialect.name)


def has_line() -> bool:
    """Whether the present unit of work has asked the database for anything."""
    here = _context()
    return _WRITER in here or _READER in here


def only_reads() -> bool:
    """Whether what has been asked for so far went over a line that only reads."""
    return _READER in g


def notes() -> Notes:
    """What the present unit of work knows, by whoever noted it: forgotten when it ends."""
    found: Notes = _context().setdefault(_NOTES, {})
    return found


def when_kept(act: Callable[[Notes], None]) -> Callable[[Notes], None]:
    """Have something done with the notes of each unit of work whose writes were kept; asked for once, by a module."""
    _when_kept.append(act)
    return act


def keep() -> None:
    """End the present unit of work and keep what it wrote; raises DBAPIError where the database does not."""
    line: Line | None = g.get(_WRITER)
    if line is not None:
        line.commit()
    noted = notes()
    leave()
    if line is not None:
        for act in _when_kept:
            act(noted)


def leave() -> None:
    """End the present unit of work; what was not kept is left behind."""
    here = _context()
    here.pop(_NOTES, None)
    for name in (_WRITER, _READER):
        line: Line | None = here.pop(name, None)
        if line is not None:
            line.end()


def _engine() -> Engine:
    """The engine of the installation, looked up once: the toolkit would for each statement."""
    kept = current_app.extensions
    found: Engine | None = kept.get(_OPENED)
    if found is None:
        found = kept[_OPENED] = kept["sqlalchemy"].engine
    return found
