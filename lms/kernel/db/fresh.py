"""Rows that several may want to be the first to write: whoever comes second finds it written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import Table, bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.dml import ReturningInsert

from lms.kernel.db.columns import Base
from lms.kernel.db.prepared import Prepared
from lms.kernel.db.session import db

Insert = postgresql.Insert | sqlite.Insert


def dialect() -> str:
    """Which database this is: "sqlite" or "postgresql"."""
    return str(db.session.get_bind().dialect.name)


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
    """Rows of a table that are written one by one, in large numbers: put into words once for each database."""

    def __init__(self, model: type[Base], names: Sequence[str]) -> None:
        self._model, self._names = model, names
        self._insert: dict[str, Prepared] = {}

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
