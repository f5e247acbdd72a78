"""The line to the database that a unit of work holds, as thin as a busy page needs it."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from functools import cache, cached_property
from importlib import import_module
from time import monotonic
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine, PoolProxiedConnection, event
from sqlalchemy.exc import DBAPIError, PendingRollbackError

from lms.kernel.db.quiet import writers_of

HAS_BEGUN = "cadre_has_begun"  # the option by which a line's connection is known: it begins with the line
_CURSOR = "cursor of prepared reads"
MOST_WAITING = 6  # as many as one worker's threads
LONGEST = 900.0  # seconds; then the pool looks at the connection again
_WAITING = "cadre_lines_waiting"


def _left_behind(engine: Engine) -> Line | None:
    """The line that was left last, unless it is old or its pool is no more."""
    try:
        line = _waiting(engine).pop()
    except IndexError:
        return None
    if line._pool is not engine.pool:
        line._discard()
        return _left_behind(engine)
    if monotonic() - line._born < LONGEST:
        return line
    line._raw.close()
    return None


def _waiting(engine: Engine) -> deque[Line]:
    """The lines that wait for the next unit of work; kept with the engine, so that they go where it goes."""
    found: deque[Line] | None = engine.__dict__.get(_WAITING)
    if found is None:
        found = engine.__dict__.setdefault(_WAITING, deque())
        event.listen(engine, "engine_disposed", close_waiting)
    return found


def close_waiting(engine: Engine) -> None:
    """Close all lines that wait: their pool is no more."""
    waiting = _waiting(engine)
    with suppress(IndexError):  # also where somebody takes the last one up meanwhile
        while True:
            waiting.popleft()._discard()


def _opened(engine: Engine) -> PoolProxiedConnection:
    """A driver's connection from the pool."""
    dialect = engine.dialect
    try:
        return engine.raw_connection()
    except dialect.loaded_dbapi.Error as error:
        base = dialect.loaded_dbapi.Error
        raise DBAPIError.instance(None, None, error, base, dialect=dialect) from error


@cache
def libpq() -> ModuleType:
    """What speaks to PostgreSQL; an installation on SQLite never loads the driver."""
    return import_module("lms.kernel.db.libpq")


class Line:
    """A driver's connection, with the toolkit's around it only where somebody asks for that.

    Putting the toolkit's connection together and ending it takes longer than what most pages read over it, and as
    long as storing a statement.
    """

    def __init__(self, engine: Engine, raw: PoolProxiedConnection) -> None:
        self.engine = engine
        self._raw = raw
        self._driver: Any = raw.driver_connection
        self._pool, self._born = engine.pool, monotonic()
        self._is_postgresql = engine.dialect.name == "postgresql"
        self._writes = False

    @classmethod
    def to_read(cls, engine: Engine) -> Line:
        """A line for a unit of work that only reads: one that another left behind, or a new one from the pool.

        On SQLite all that it reads is of one moment; on PostgreSQL it goes without the round trips of a transaction.
        """
        line = _left_behind(engine) or cls(engine, _opened(engine))
        if not line._is_postgresql:
            line._begin("BEGIN")
        return line

    @classmethod
    def to_write(cls, engine: Engine) -> Line:
        """A line for a unit of work that may write, which has begun; raises Busy where the pen is not to be had."""
        writers = writers_of(engine)
        if writers is not None:
            writers.enter()
        try:
            line = _left_behind(engine) or cls(engine, _opened(engine))
        except BaseException:
            if writers is not None:
                writers.leave()
            raise
        line._writes = True
        line._begin("BEGIN" if line._is_postgresql else "BEGIN IMMEDIATE")
        return line

    @cached_property
    def connection(self) -> Connection:
        """The same as the toolkit knows it; made for whoever asks."""
        return Connection(self.engine, self._raw).execution_options(**{HAS_BEGUN: self})

    @cached_property
    def cursor(self) -> Any:
        """A cursor as old as the driver's connection."""
        kept = self._raw.info
        cursor = kept.get(_CURSOR)
        if cursor is None:
            cursor = kept[_CURSOR] = libpq().cursor(self._driver) if self._is_postgresql else self._driver.cursor()
        return cursor

    def fetch(self, text: str, values: Any) -> list[Any]:
        """The rows of a statement in the database's own words; raises DBAPIError as every other statement would."""
        for listener in self.engine.dispatch.before_cursor_execute:  # whoever counts statements counts these as well
            listener(self.connection, self.cursor, text, values, None, False)
        self.make_sure()
        try:
            if self._is_postgresql:
                rows: list[Any] = libpq().rows(self._driver, self._raw.info, text, values)
                return rows
            self.cursor.execute(text, values)
            found: list[Any] = self.cursor.fetchall()
        except self.engine.dialect.loaded_dbapi.Error as error:
            raise self._as_everywhere(text, error) from error
        return found

    def put(self, text: str, rows: list[Any]) -> None:
        """Write rows with a statement in the database's own words; raises DBAPIError as `fetch` does."""
        for listener in self.engine.dispatch.before_cursor_execute:
            listener(self.connection, self.cursor, text, rows, None, True)
        self.make_sure()
        try:
            self.cursor.executemany(text, rows)
        except self.engine.dialect.loaded_dbapi.Error as error:
            raise self._as_everywhere(text, error) from error

    def commit(self) -> None:
        """Keep what was written; raises DBAPIError where the database does not, PendingRollbackError as below."""
        made: Connection | None = self.__dict__.get("connection")
        if made is not None and made.in_transaction():
            made.commit()
        elif made is None or self._is_in_transaction():  # otherwise the toolkit's session has committed
            self.make_sure_sound()
            self._command("COMMIT")

    def end(self) -> None:
        """Leave the line to whoever comes next; what was not committed is left behind.

        One that was lost, that the toolkit has used, or whose pool is no more goes back where it came from.
        """
        wrote, self._writes = self._writes, False  # before anybody else can take it up
        try:
            self._leave_behind()
        finally:
            writers = writers_of(self.engine)
            if wrote and writers is not None:
                writers.leave()

    def _leave_behind(self) -> None:
        made: Connection | None = self.__dict__.pop("connection", None)
        self._undo(made)
        if self._pool is not self.engine.pool:
            self._discard()
        if made is not None or not self._raw.is_valid:
            (self._raw if made is None else made).close()
            return
        waiting = _waiting(self.engine)
        waiting.append(self)
        if len(waiting) > MOST_WAITING:
            waiting.popleft()._raw.close()

    def _undo(self, made: Connection | None) -> None:
        try:
            if made is not None and made.in_transaction():
                made.rollback()
            if self._is_in_transaction():
                self._command("ROLLBACK")
        except DBAPIError:
            self._discard()

    def _discard(self) -> None:
        """Close the driver's connection for good; a cursor that lived on would hold on to what it has locked."""
        if self._raw.is_valid:
            cursor = self._raw.info.pop(_CURSOR, None)
            if cursor is not None:
                cursor.close()
            self._raw.invalidate()
        self.__dict__.pop("cursor", None)

    def _begin(self, text: str) -> None:
        """Begin a transaction; where that fails, nobody holds the line or the pen."""
        try:
            self._command(text)
        except BaseException:
            self.end()
            raise

    def _command(self, text: str) -> None:
        """Begin or end a transaction; raises DBAPIError."""
        try:
            if self._is_postgresql:
                libpq().command(self._driver, text)
            else:
                self.cursor.execute(text)
        except self.engine.dialect.loaded_dbapi.Error as error:
            raise self._as_everywhere(text, error) from error

    def _is_in_transaction(self) -> bool:
        if not self._raw.is_valid:
            return False
        if self._is_postgresql:
            return self._driver.pgconn.transaction_status in libpq().WITHIN
        return bool(self._driver.in_transaction)

    def make_sure(self) -> None:
        """Once a transaction was undone, nothing more is written in its unit of work: it would stay alone.

        Raises PendingRollbackError.
        """
        if self._writes and not self._is_in_transaction():
            raise PendingRollbackError("The unit of work was undone by an error before: end it.")

    def make_sure_sound(self) -> None:
        """Where a statement had failed, PostgreSQL answers a commit by undoing everything, and says no word of it.

        Raises PendingRollbackError.
        """
        self.make_sure()
        if self._writes and self._is_postgresql and self._driver.pgconn.transaction_status == libpq().FAILED:
            raise PendingRollbackError("A statement of this unit of work had failed: nothing of it is kept.")

    def look_after_error(self) -> None:
        """Where the database has undone the transaction by itself (a full disk), the toolkit is not to go on in it."""
        if self._writes and not self._is_in_transaction():
            self._discard()

    def _as_everywhere(self, text: str, error: Exception) -> BaseException:
        """The driver's error as the toolkit would raise it; a lost connection is not used again."""
        dialect = self.engine.dialect
        lost = dialect.is_disconnect(error, self._raw, self.cursor)  # type: ignore[arg-type]
        self.look_after_error()
        if lost:  # the others are cut as well, those that wait and those in the pool
            self._discard()
            self.engine.dispose()
        base = dialect.loaded_dbapi.Error
        return DBAPIError.instance(text, None, error, base, connection_invalidated=lost, dialect=dialect)
