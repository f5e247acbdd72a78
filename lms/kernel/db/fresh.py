"""Rows that several may want to be the first to write: whoever comes second finds it written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, cast

import orjson
from sqlalchemy import Table, TypeDecorator, bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.dml import ReturningInsert

from lms.kernel.db.columns import Base
from lms.kernel.db.prepared import Prepared
from lms.kernel.db.unit import WriteWhileReading, dialect, is_reading, line_here

Insert = postgresql.Insert | sqlite.Insert


def insert_unless_there(model: type[Base]) -> Insert:
    """An insert that leaves a row alone that is there already."""
    found: Insert = _insert(model, dialect(), None)
    return found


def insert_returning(column: InstrumentedAttribute[Any]) -> ReturningInsert[Any]:
    """The same, returning a column: nothing where the row was there already."""
    model: Any = column.class_
    found: ReturningInsert[Any] = _insert(model, dialect(), column.key)
    return found


@cache
def _insert(model: type[Base], kind: str, returned: str | None) -> Any:
    """The table alone, without the ORM's bookkeeping: these inserts are the hottest of the house."""
    table: Any = model.__table__
    if kind == "postgresql":
        bare: Any = postgresql.insert(table).on_conflict_do_nothing()
    else:
        bare = sqlite.insert(table).on_conflict_do_nothing()
    return bare.returning(table.c[returned]) if returned else bare


class FreshRows:
    """Rows of a table that are written in large numbers unless they are there: put into words once for each database.

    Their columns are texts, numbers, moments, days and ids: what JSON can say of a value as PostgreSQL writes it.
    """

    def __init__(self, model: type[Base], names: Sequence[str]) -> None:
        self._model, self._names = model, tuple(names)
        self._insert: dict[str, Prepared] = {}
        kinds: dict[str, Any] = {name: cast(Table, model.__table__).c[name].type for name in names}
        self._checks = {  # what the columns of the house ask of a value, whichever way it comes
            name: kind.process_bind_param for name, kind in kinds.items() if isinstance(kind, TypeDecorator)
        }

    def add(self, row: Mapping[str, Any]) -> bool:
        """Write a row unless it is there; returns whether it was not."""
        kind = dialect()
        insert = self._insert.get(kind)
        if insert is None:
            columns = cast(Table, self._model.__table__).c
            values = {name: bindparam(name, type_=columns[name].type) for name in self._names}
            fresh: Any = _insert(self._model, kind, None)
            insert = self._insert[kind] = Prepared(fresh.values(**values).returning(columns[self._names[0]]))
        return insert.first(**row) is not None

    def add_all(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write those rows that are not there yet, in one go."""
        line = line_here()
        if is_reading():
            raise WriteWhileReading(f"{len(rows)} rows of {self._model.__tablename__}")
        if line.engine.dialect.name == "postgresql":
            said = [{name: row[name] for name in self._names} for row in rows]
            for row in said:
                row.update({name: check(row[name], line.engine.dialect) for name, check in self._checks.items()})
            line.fetch(_from_json(self._model, self._names), [orjson.dumps(said).decode()])
        else:
            text, inwards = _one_by_one(self._model, self._names)
            line.put(text, [[turn(row[name]) for name, turn in zip(self._names, inwards, strict=True)] for row in rows])


def listed(names: Sequence[str]) -> str:
    """The names of columns in the words of either database."""
    return ", ".join(f'"{name}"' for name in names)


def typed(model: type[Base], names: Sequence[str]) -> str:
    """Columns with their types in the words of PostgreSQL, as it needs them to take rows out of JSON."""
    columns, words = cast(Table, model.__table__).c, cast(Any, postgresql).dialect()
    return ", ".join(f'"{name}" {columns[name].type.compile(words)}' for name in names)


@cache
def _from_json(model: type[Base], names: tuple[str, ...]) -> str:
    return (
        f'insert into "{model.__tablename__}" ({listed(names)}) select {listed(names)} '
        f"from json_to_recordset($1::json) as fresh({typed(model, names)}) on conflict do nothing returning 1"
    )


@cache
def _one_by_one(model: type[Base], names: tuple[str, ...]) -> tuple[str, list[Callable[[Any], Any]]]:
    """The insert of one row in the words of SQLite, and what turns each value into its own."""
    words: Any = sqlite.dialect
    columns, spoken = cast(Table, model.__table__).c, words()
    inwards: list[Callable[[Any], Any]] = [
        columns[name].type.dialect_impl(spoken).bind_processor(spoken) or _as_it_is for name in names
    ]
    places = ", ".join("?" * len(names))
    return f'insert into "{model.__tablename__}" ({listed(names)}) values ({places}) on conflict do nothing', inwards


def _as_it_is(value: Any) -> Any:
    return value
