"""Prepared reads on PostgreSQL straight over the driver's own layer beneath its cursors.

A cursor puts each statement together anew, waits for it in steps and looks up what it has prepared before: for a read
of a few rows that takes as long as everything else. Here a statement is prepared once by its name, and asked for in
one call during which other threads run.
"""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any

from psycopg import Connection, RawCursor
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import FeatureNotSupported, InvalidSqlStatementName, error_from_result
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGresult
from sqlalchemy import Dialect

_PREPARED = "statements prepared on the connection"


def numbered(dialect: Dialect) -> Dialect:
    """The dialect with parameters as the database itself writes them: $1, $2."""
    twin: Any = type(dialect)
    found: Dialect = twin(paramstyle="numeric_dollar")
    return found


def cursor(connection: Connection[Any]) -> RawCursor[Any]:
    """A cursor for statements with numbered parameters."""
    return RawCursor(connection)


def rows(
    connection: Connection[Any], kept: MutableMapping[Any, Any], text: str, values: Sequence[Any]
) -> list[tuple[Any, ...]]:
    """The rows of a statement with numbered parameters, outside of a transaction; raises the driver's errors.

    `kept` lives as long as the connection, and remembers what has been prepared on it.
    """
    known: dict[str, _Prepared] = kept.setdefault(_PREPARED, {})
    found = known.get(text)
    if found is None:
        found = known[text] = _Prepared(connection, text)
    try:
        return found.rows(values)
    except InvalidSqlStatementName:  # the driver forgets what was prepared when a transaction is rolled back
        known[text] = _Prepared(connection, text)
    except FeatureNotSupported:  # a column has another type since it was prepared
        connection.pgconn.exec_(b"DEALLOCATE " + _name(text))
        known[text] = _Prepared(connection, text)
    return known[text].rows(values)


class _Prepared:
    """A statement prepared on a connection, with what turns values into the database's own and back."""

    def __init__(self, connection: Connection[Any], text: str) -> None:
        self._line = connection.pgconn
        self._name = _name(text)
        self._between = Transformer(connection)
        _make_sure(self._line.prepare(self._name, text.encode()), ExecStatus.COMMAND_OK)

    def rows(self, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Ask for the rows; raises the driver's errors."""
        between = self._between
        sent: Any = between.dump_sequence(values, [PyFormat.TEXT] * len(values))
        result = self._line.exec_prepared(self._name, sent)
        _make_sure(result, ExecStatus.TUPLES_OK)
        between.set_pgresult(result)
        found = between.load_rows(0, result.ntuples, tuple)
        between.set_pgresult(None)  # a large result is not kept until the next one
        return found


def _make_sure(result: PGresult, expected: ExecStatus) -> None:
    if result.status != expected:
        raise error_from_result(result)


@lru_cache(maxsize=1000)
def _name(text: str) -> bytes:
    """A name for a statement: the same on every connection."""
    return b"cadre_" + sha256(text.encode()).hexdigest()[:16].encode()
