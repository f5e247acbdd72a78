"""One record for each installation within this process, brought up to date by whoever asks next."""

from __future__ import annotations

import threading
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from lms.kernel.db import db
from lms.kernel.db.unit import is_reading
from lms.reporting.queries.record.extents import SOURCES, WINDOW, Look, State, look, news, state_elsewhere, state_now
from lms.reporting.queries.record.holdings import holdings
from lms.reporting.queries.record.kept import Record
from lms.reporting.queries.record.windows import Known, carried, known_at_first
from lms.requirements.queries.facts import found_of


class Keeper:
    """The record of one installation."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._record: Record | None = None
        self._deed = 0

    def now(self) -> Record | None:
        """The record as it is now; None for whoever still sees an earlier moment, as a reader of SQLite may."""
        record = self._record
        seen = self._look(record)
        with self._guard:
            if self._record is not record:  # somebody else was quicker
                record = self._record
                if record is not None and record.known.state == seen.state:
                    return record
                seen = self._look(record)
            if record is not None and record.known.exceeds(seen.state) and not record.known.exceeds(state_elsewhere()):
                return None
            self._record = found = _brought_on(record, seen)
            self._deed = seen.deed
            return found

    def _look(self, record: Record | None) -> Look:
        return look(self._deed, record.known.windows["person"].last if record else 0)


_keepers: WeakKeyDictionary[Engine, Keeper] = WeakKeyDictionary()
_making = threading.Lock()


def record_now() -> Record | None:
    """The record of this installation; None where the unit of work may write, and see what is never committed."""
    if not is_reading():
        return None
    with _making:
        keeper = _keepers.setdefault(db.engine, Keeper())
    return keeper.now()


def _brought_on(record: Record | None, seen: Look) -> Record:
    """The record with what came since; read anew where that cannot be shown to follow from what is known."""
    if record is None or seen.rebuilt:
        return _read(seen.state)
    if record.known.state == seen.state:
        return record
    return (_with_news(record, seen.state) if record.known.precedes(seen) else None) or _read(seen.state)


def _with_news(record: Record, state: State) -> Record | None:
    looked = record.known.with_other_ends(state)
    moved = carried(record.known, news(record.known.floors, looked), looked)
    if moved is None or moved[0].state.tree != state.tree or not _is_all(moved[0], state):
        return None
    known, people = moved
    return record.renewed(known, people, found_of(people), holdings(people))


def _is_all(known: Known, state: State) -> bool:
    """Whether what is known is all there is; on PostgreSQL something may have come since the state was read."""
    return known.state == state or known.state == state_now()


def _read(state: State) -> Record:
    """Everything anew; the numbers before the facts, so that whatever comes in between is read once more."""
    rows = news({name: extent.last - WINDOW for name, extent in state.extents}, SOURCES)
    return Record.of(known_at_first(state, rows), found_of(), holdings())
