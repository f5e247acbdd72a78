"""Whether anybody is writing to a SQLite file: then something may yet be stored as of a moment ago."""

from __future__ import annotations

import sqlite3
import threading
from typing import Protocol

from sqlalchemy import Engine

_WRITERS, _PROBE = "cadre_writers", "cadre_probe"


class Writers(Protocol):
    """Those of this process who write, one at a time."""

    @property
    def is_idle(self) -> bool: ...

    def enter(self) -> None: ...

    def leave(self) -> None: ...


def remember_writers(engine: Engine, writers: Writers) -> None:
    """Say who writes in this process."""
    engine.__dict__[_WRITERS] = writers


def writers_of(engine: Engine) -> Writers | None:
    """Who writes in this process; None where the database lets many write at a time."""
    found: Writers | None = engine.__dict__.get(_WRITERS)
    return found


def is_quiet(engine: Engine) -> bool:
    """Whether nobody writes at this moment, neither in this process nor in another.

    Only for units of work that have read nothing yet: what they read later is at least as new as this answer.
    """
    writers: Writers = engine.__dict__[_WRITERS]
    if not writers.is_idle:
        return False
    probe: _Probe | None = engine.__dict__.get(_PROBE)
    if probe is None:
        probe = engine.__dict__.setdefault(_PROBE, _Probe(str(engine.url.database)))
    return probe.finds_nobody()


class _Probe:
    """A connection that takes the pen for an instant, where nobody has it."""

    def __init__(self, file: str) -> None:
        self._guard = threading.Lock()
        self._connection = sqlite3.connect(file, timeout=0, isolation_level=None, check_same_thread=False)

    def finds_nobody(self) -> bool:
        with self._guard:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return False
            self._connection.execute("ROLLBACK")
            return True
