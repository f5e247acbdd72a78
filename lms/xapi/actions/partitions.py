"""A month of statements as a table of its own, on PostgreSQL: quick to drop, to move elsewhere, to vacuum."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from sqlalchemy import text

from lms.kernel import clock
from lms.kernel.db.session import connection_here
from lms.kernel.db.unit import dialect
from lms.kernel.errors import Refused
from lms.xapi.rules import order

_THERE = text("select to_regclass(:name) is not null")


def make_ahead(months: int) -> list[str]:
    """Make the partitions of the months to come that are not there yet; returns their names.

    The present month stays where it has begun. Raises Refused on SQLite, which knows no partitions.
    """
    if dialect() != "postgresql":
        raise Refused("Partitions are for PostgreSQL: a SQLite file keeps all statements in one table.")
    first = _next(clock.today().replace(day=1))
    made = []
    for _ in range(months):
        if _make(first):
            made.append(_name(first))
        first = _next(first)
    return made


def _make(first: date) -> bool:
    connection, name = connection_here(), _name(first)
    if connection.execute(_THERE, {"name": name}).scalar():
        return False
    begin, end = _number(first), _number(_next(first))
    connection.exec_driver_sql(
        f'create table "{name}" partition of xapi_statement for values from ({begin}) to ({end})'
    )
    return True


def _next(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _name(first: date) -> str:
    return f"xapi_statement_{first:%Y_%m}"


def _number(day: date) -> int:
    return order.number(datetime.combine(day, time(), UTC))
