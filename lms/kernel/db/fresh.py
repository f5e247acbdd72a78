"""Rows that several may want to be the first to write: whoever comes second finds it written."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.dml import ReturningInsert

from lms.kernel.db.columns import Base
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
