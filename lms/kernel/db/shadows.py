"""Shadows of tables: what is written within goes into copies that only this unit of work sees, and none is left.

Things to remember
- A table gets its shadow when something is first written into it; both databases look there before they look elsewhere.
- Nobody waits for it, and nothing stays on the disk: temporary tables end with the savepoint they were made in.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Executable, Table, column, event, func, insert, select
from sqlalchemy import table as named
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql.compiler import DDLCompiler

from lms.kernel.db.session import connection_here, db, is_begun
from lms.kernel.errors import Refused

_REASONS = {
    "42501": "The database's user may not make temporary tables there: grant it TEMPORARY on the database.",
    "53100": "The disk of the database's server is full: make room on it.",
}


class Unshadowed(RuntimeError):
    """Something was written into a table after all shadows had been made."""


class Shadows:
    """The shadows of one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._of: set[str] = set()
        self._are_all = False

    def cast(self, connection: Connection, statement: Executable, *rest: Any) -> None:
        """Make the shadow of the table that a statement is about to write into, unless it is there."""
        table: Table | None = getattr(statement, "table", None) if statement.is_dml else None
        if table is None or table.name in self._of:
            return
        if self._are_all:
            raise Unshadowed(f"{table.name} has no shadow, and none was to be made any more.")
        self._of.add(table.name)
        _copy(connection, table)

    def are_all(self) -> None:
        """Say that no further table will be written into: from now on that is refused."""
        self._are_all = True
        if self._connection.dialect.name == "postgresql":
            # what was prepared before speaks of the tables themselves
            for words in ("discard plans", "set transaction read only"):
                self._connection.exec_driver_sql(words)


@contextmanager
def shadows() -> Iterator[Shadows]:
    """Within: whatever is written by the toolkit's statements is written into shadows.

    A unit of work that begins with it sees everything as of one moment. Raises Refused where the database has no
    room for shadows, or does not let us make them.
    """
    if not is_begun() and connection_here().dialect.name == "postgresql":
        connection_here().exec_driver_sql("set transaction isolation level repeatable read")
    savepoint = db.session.begin_nested()
    connection = db.session.connection()
    made = Shadows(connection)
    event.listen(connection, "before_execute", made.cast)
    try:
        yield made
    except DBAPIError as error:
        reason = _REASONS.get(getattr(error.orig, "sqlstate", ""))
        if reason is None:
            raise
        raise Refused(reason) from error
    finally:
        event.remove(connection, "before_execute", made.cast)
        savepoint.rollback()


class _CreateShadow(CreateTable):
    """A temporary table in the form of another one; it refers to nothing, as none of them can."""

    def __init__(self, table: Table) -> None:
        super().__init__(table, include_foreign_key_constraints=[])


@compiles(_CreateShadow)
def _words(creation: _CreateShadow, compiler: DDLCompiler, **how: Any) -> str:
    speaking: Any = compiler
    words: str = speaking.visit_create_table(creation, **how)
    return words.replace("CREATE TABLE", "CREATE TEMPORARY TABLE", 1)


def _copy(connection: Connection, table: Table) -> None:
    """Give a table its shadow, with the rows it has now, what they are found by and the numbers to come."""
    names = [one.name for one in table.c]
    itself = named(table.name, *map(column, names), schema=connection.dialect.default_schema_name or "")
    connection.execute(_CreateShadow(table))
    connection.execute(insert(table).from_select(names, select(*itself.c)))
    for index in table.indexes:
        connection.execute(CreateIndex(index))
    numbered = table.autoincrement_column
    if numbered is not None and connection.dialect.name == "postgresql":
        counter = func.pg_get_serial_sequence(table.name, numbered.name)
        connection.execute(select(func.setval(counter, func.coalesce(func.max(numbered), 0) + 1, False)))
