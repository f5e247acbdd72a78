"""The line to the database that a unit of work holds, as thin as a busy page needs it."""

from __future__ import annotations

from collections import deque
from functools import cache, cached_property
from importlib import import_module
from time import monotonic
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine, PoolProxiedConnection, event
from sqlalchemy.exc import DBAPIError

READS = "cadre_reads"  # the option by which a reader's connection is known
_CURSOR = "cursor of prepared reads"
MOST_WAITING = 4  # as many as one worker's threads
LONGEST = 900.0  # seconds; then the pool looks at the connection again
_WAITING = "cadre_lines_waiting"


def _left_behind(engine: Engine) -> Line | None:
    """The line that was left last, unless it is old."""
    try:
        line = _waiting(engine).pop()
    except IndexError:
        return None
    if monotonic() - line._born < LONGEST:
        return line
    line._raw.close()
    return None


def _waiting(engine: Engine) -> deque[Line]:
    """The lines that wait for a reader; kept with the engine, so that they go where it goes."""
    found: deque[Line] | None = engine.__dict__.get(_WAITING)
    if found is None:
        found = engine.__dict__.setdefault(_WAITING, deque())
        event.listen(engine, "engine_disposed", close_waiting)
    return found


def close_waiting(engine: Engine) -> None:
    """Close all lines that wait: their pool is no more."""
    waiting = _waiting(engine)
    while waiting:
        waiting.popleft()._raw.invalidate()


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

    Putting the toolkit's connection together and ending it takes longer than what most pages read over it.
    """

    def __init__(self, engine: Engine, raw: PoolProxiedConnection, *, reads: bool = False) -> None:
        self.engine = engine
        self._raw = raw
        self._pool, self._born = engine.pool, monotonic()
        self._is_straight = reads and engine.dialect.name == "postgresql"

    @classmethod
    def to_read(cls, engine: Engine) -> Line:
        """A line for a unit of work that only reads: one that another left behind, or a new one from the pool.

        On SQLite all that it reads is of one moment; on PostgreSQL it goes without the round trips of a transaction.
        """
        line = _left_behind(engine) or cls(engine, _opened(engine), reads=True)
        if not line._is_straight:
            line.cursor.execute("BEGIN")
        return line

    @classmethod
    def of(cls, connection: Connection) -> Line:
        """The line of a unit of work that has begun."""
        line = cls(connection.engine, connection.connection)
        line.__dict__["connection"] = connection
        return line

    @cached_property
    def connection(self) -> Connection:
        """The same as the toolkit knows it; only a line that reads has it made."""
        return Connection(self.engine, self._raw).execution_options(**{READS: True})

    @cached_property
    def cursor(self) -> Any:
        """A cursor as old as the driver's connection."""
        kept = self._raw.info
        cursor = kept.get(_CURSOR)
        if cursor is None:
            driver: Any = self._raw.driver_connection
            is_numbered = self.engine.dialect.name == "postgresql"
            cursor = kept[_CURSOR] = libpq().cursor(driver) if is_numbered else driver.cursor()
        return cursor

    def fetch(self, text: str, values: Any) -> list[Any]:
        """The rows of a statement in the database's own words; raises DBAPIError as every other statement would."""
        dialect = self.engine.dialect
        for listener in self.engine.dispatch.before_cursor_execute:  # whoever counts statements counts these as well
            listener(self.connection, self.cursor, text, values, None, False)
        try:
            if self._is_straight:
                driver: Any = self._raw.driver_connection
                rows: list[Any] = libpq().rows(driver, self._raw.info, text, values)
                return rows
            self.cursor.execute(text, values)
            found: list[Any] = self.cursor.fetchall()
        except dialect.loaded_dbapi.Error as error:
            raise self._as_everywhere(text, error) from error
        return found

    def put(self, text: str, rows: list[Any]) -> None:
        """Write rows with a statement in the database's own words; raises DBAPIError as `fetch` does."""
        dialect = self.engine.dialect
        for listener in self.engine.dispatch.before_cursor_execute:
            listener(self.connection, self.cursor, text, rows, None, True)
        try:
            self.cursor.executemany(text, rows)
        except dialect.loaded_dbapi.Error as error:
            raise self._as_everywhere(text, error) from error

    def end(self) -> None:
        """Leave the line to whoever reads next.

        One that was lost, that the toolkit has used, or whose pool is no more goes back where it came from.
        """
        made: Connection | None = self.__dict__.get("connection")
        if self._pool is not self.engine.pool and self._raw.is_valid:
            self._raw.invalidate()
        if made is not None or not self._raw.is_valid:
            (self._raw if made is None else made).close()
            return
        if not self._is_straight:
            driver: Any = self._raw.driver_connection
            driver.rollback()
        waiting = _waiting(self.engine)
        waiting.append(self)
        if len(waiting) > MOST_WAITING:
            waiting.popleft()._raw.close()

    def _as_everywhere(self, text: str, error: Exception) -> BaseException:
        """The driver's error as the toolkit would raise it; a lost connection is not used again."""
        dialect = self.engine.dialect
        lost = dialect.is_disconnect(error, self._raw, self.cursor)  # type: ignore[arg-type]
        if lost:  # the others are cut as well, those that wait and those in the pool
            self.connection.invalidate(error)
            self.engine.dispose()
        base = dialect.loaded_dbapi.Error
        return DBAPIError.instance(text, None, error, base, connection_invalidated=lost, dialect=dialect)
