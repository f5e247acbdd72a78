"""Prepared reads on PostgreSQL straight over the driver's own layer beneath its cursors.

A cursor puts each statement together anew, waits for it in steps and looks up what it has prepared before: for a read
of a few rows that takes as long as everything else. Here a statement is prepared once by its name, and asked for in
one call during which other threads run.
"""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from itertools import count
from typing import Any

from psycopg import Connection, RawCursor
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import (
    FeatureNotSupported,
    InFailedSqlTransaction,
    InvalidSqlStatementName,
    error_from_result,
)
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult
from sqlalchemy import Dialect

WITHIN = frozenset({TransactionStatus.ACTIVE, TransactionStatus.INTRANS, TransactionStatus.INERROR})
FAILED = TransactionStatus.INERROR
_PREPARED = "statements prepared on the connection"
_numbers = count()  # no two are prepared under one name


def numbered(dialect: Dialect) -> Dialect:
    """The dialect with parameters as the database itself writes them: $1, $2."""
    twin: Any = type(dialect)
    found: Dialect = twin(paramstyle="numeric_dollar")
    return found


def command(connection: Connection[Any], text: str) -> None:
    """Begin or end a transaction; raises the driver's errors.

    A transaction that failed is undone by the database even where it was asked to keep it: that is an error.
    """
    result = connection.pgconn.exec_(text.encode())
    _make_sure(result, ExecStatus.COMMAND_OK)
    if text == "COMMIT" and result.command_status != b"COMMIT":
        raise InFailedSqlTransaction("A statement before had failed: nothing of this transaction was kept.")


def cursor(connection: Connection[Any]) -> RawCursor[Any]:
    """A cursor for statements with numbered parameters."""
    return RawCursor(connection)


def rows(
    connection: Connection[Any], kept: MutableMapping[Any, Any], text: str, values: Sequence[Any]
) -> list[tuple[Any, ...]]:
    """The rows of a statement with numbered parameters; raises the driver's errors.

    `kept` lives as long as the connection, and remembers what has been prepared on it. A transaction in which something
    turns out to be prepared no more, or wrongly by now, has failed; whoever comes next prepares it anew.
    """
    known: dict[str, _Prepared] = kept.setdefault(_PREPARED, {})
    found = known.get(text)
    if found is None:
        found = known[text] = _Prepared(connection, text)
    try:
        return found.rows(values)
    except (InvalidSqlStatementName, FeatureNotSupported):  # others forgot it, or a column has another type since
        del known[text]
        if connection.pgconn.transaction_status != TransactionStatus.IDLE:
            raise
    found = known[text] = _Prepared(connection, text)
    return found.rows(values)


class _Prepared:
    """A statement prepared on a connection, with what turns values into the database's own and back."""

    def __init__(self, connection: Connection[Any], text: str) -> None:
        self._line = connection.pgconn
        self._name = b"cadre_%d" % next(_numbers)
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
