"""How the databases are opened: writers queue instead of colliding, and nobody waits without end.

SQLite: write-ahead log and durable commits besides.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, Executable, event

from lms.kernel.db.line import HAS_BEGUN, Line
from lms.kernel.db.quiet import remember_writers
from lms.kernel.db.unit import WriteWhileReading, is_reading
from lms.kernel.errors import Busy

PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # an acknowledged commit survives a power cut (rule D8)
    "PRAGMA foreign_keys=ON",
    "PRAGMA cache_size=-4000",  # a connection's own; what all of them read comes from the mapped file
    "PRAGMA mmap_size=67108864",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA wal_autocheckpoint=16000",  # pages: an index page that every batch touches is carried over once in 64 MB
)


# Pages out of their order cost a disk without arms little more than pages in order. Told otherwise (its default is 4),
# PostgreSQL reads a large table from its end until it has met enough of somebody who is named often, where an index
# would have found them. Whoever has set it for the server knows better.
PLANNING = "SELECT set_config('random_page_cost', '1.1', false) WHERE current_setting('random_page_cost')::float = 4"


class WriterQueue:
    """The single writer of a SQLite file within this process: first come, first served."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._guard = threading.Lock()
        self._busy = False
        self._waiting: deque[threading.Event] = deque()

    def enter(self) -> None:
        """Become the writer; raises Busy when the queue has not moved within the patience set."""
        turn = threading.Event()
        with self._guard:
            if not self._busy:
                self._busy = True
                return
            self._waiting.append(turn)
        if turn.wait(self._patience):
            return
        with self._guard:
            if turn.is_set():  # the turn came in the very moment that patience ended
                return
            self._waiting.remove(turn)
        raise Busy()

    @property
    def is_idle(self) -> bool:
        """Whether nobody of this process writes or waits to."""
        return not self._busy

    def leave(self) -> None:
        """Hand the pen to whoever has waited longest."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._busy = False


def prepare_sqlite(engine: Engine, patience: float) -> None:
    """Give a SQLite engine the house's habits."""
    queue = WriterQueue(patience)
    remember_writers(engine, queue)

    @event.listens_for(engine, "connect")
    def opened(raw: Any, record: Any) -> None:
        raw.isolation_level = None  # the driver must not begin transactions on its own
        cursor = raw.cursor()
        cursor.execute(f"PRAGMA busy_timeout={int(patience * 1000)}")
        for pragma in PRAGMAS:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        if not _has_begun(connection):
            _begin(connection, queue)

    def over(raw: Any, record: Any, *rest: Any) -> None:
        if record is not None and record.info.pop("writes", False):
            queue.leave()

    event.listen(engine, "checkin", over)
    event.listen(engine, "invalidate", over)


def _begin(connection: Connection, queue: WriterQueue) -> None:
    """Begin to read, or to write once it is this connection's turn."""
    if is_reading():
        raw: Any = connection.connection.driver_connection
        if not raw.in_transaction:
            raw.execute("BEGIN")
        return
    if not connection.info.get("writes"):
        queue.enter()
        connection.info["writes"] = True
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def refuse_writing_while_reading(engine: Engine) -> None:
    """Refuse what would change a row within a unit of work that only reads, on whatever way it comes."""

    @event.listens_for(engine, "before_execute")
    def refuse(connection: Connection, statement: Executable, *rest: Any) -> None:
        if statement.is_dml and is_reading():
            raise WriteWhileReading(str(statement)[:80])


def _line_of(connection: Connection | None) -> Line | None:
    """The line whose connection it is, and whose transaction is the line's."""
    found: Line | None = connection.get_execution_options().get(HAS_BEGUN) if connection is not None else None
    return found


def _has_begun(connection: Connection) -> bool:
    """Whether nothing is to be begun here; where a line's transaction was undone, nothing may be."""
    line = _line_of(connection)
    if line is not None:
        line.make_sure()
    return line is not None


def watch_lines(engine: Engine) -> None:
    """Let the toolkit keep nothing, and go on with nothing, that the database has undone."""

    @event.listens_for(engine, "commit")
    def kept(connection: Connection) -> None:
        line = _line_of(connection)
        if line is not None:
            line.make_sure_sound()

    @event.listens_for(engine, "handle_error")
    def failed(context: ExceptionContext) -> None:
        line = _line_of(context.connection)
        if line is not None:
            line.look_after_error()


def prepare_postgresql(engine: Engine, patience: float) -> None:
    """Give a PostgreSQL engine the house's habits.

    A row that somebody holds is waited for as long as a SQLite file; reads go without the round trips of a transaction.
    """

    @event.listens_for(engine, "connect")
    def opened(raw: Any, record: Any) -> None:
        with raw.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{int(patience * 1000)}ms'")
            cursor.execute(PLANNING)
        raw.commit()
        raw.autocommit = True  # the driver must not begin transactions on its own
        raw.prepare_threshold = None  # nor forget what lines have prepared, as it does when it undoes what it prepared

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        if not _has_begun(connection):
            connection.exec_driver_sql("BEGIN")
