"""Reads of the busiest pages: written once as constants, put into words once, run without the toolkit's bookkeeping.

For a read of a few rows that bookkeeping takes several times as long as the database itself. A prepared read runs on
the same connection and in the same transaction as everything else of its unit of work.
"""

from __future__ import annotations

import json
from collections import namedtuple
from collections.abc import Callable, Collection, Mapping
from typing import Any

from sqlalchemy import Dialect, Select, Text, bindparam, column, text
from sqlalchemy.sql.dml import ReturningInsert
from sqlalchemy.sql.selectable import SelectBase, TextualSelect

from lms.kernel.db.line import libpq
from lms.kernel.db.unit import WriteWhileReading, is_reading, line_here

Convert = Callable[[Any], Any]
Statement = SelectBase | ReturningInsert[Any]


class _Words:
    """A statement in the words of one database, with what turns values into its own and back."""

    def __init__(self, statement: Statement, dialect: Dialect) -> None:
        spoken = libpq().numbered(dialect) if dialect.name == "postgresql" else dialect
        compiled: Any = statement.compile(dialect=spoken)
        columns = list(statement.exported_columns)
        self.text = str(compiled)
        self.order: list[str] | None = compiled.positiontup if compiled.positional else None
        self.constants: dict[str, Any] = compiled.params
        self.inwards = _only(
            {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in compiled.binds.items()}
        )
        kinds = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
        self.outwards = _only(dict(enumerate(kinds)))
        self.row = _row([column.key or "" for column in columns])

    def values(self, given: Mapping[str, Any]) -> Any:
        """The values as the database's driver takes them."""
        values = {**self.constants, **given}
        for name, convert in self.inwards.items():
            values[name] = convert(values[name])
        return [values[name] for name in self.order] if self.order is not None else values

    def rows(self, found: list[Any]) -> list[Any]:
        """What the driver gave back, with names."""
        if not self.outwards:
            return [self.row(row) for row in found]
        rows = []
        for row in found:
            cells = list(row)
            for at, convert in self.outwards.items():
                cells[at] = convert(cells[at])
            rows.append(self.row(cells))
        return rows


class Prepared:
    """A read with named parameters, each of which is one value: lists (`in`) are not for this.

    Or an insert that returns something, for rows that are written in large numbers one by one.
    """

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self._words: dict[str, _Words] = {}

    def first(self, **values: Any) -> Any:
        """The first row, by the names of its columns; None where there is none."""
        return next(iter(self.all(**values)), None)

    def all(self, **values: Any) -> list[Any]:
        """Every row."""
        if self.statement.is_dml and is_reading():
            raise WriteWhileReading(str(self.statement)[:80])
        line = line_here()
        dialect = line.engine.dialect
        words = self._words.get(dialect.name)
        if words is None:
            words = self._words[dialect.name] = _Words(self.statement, dialect)
        return words.rows(line.fetch(words.text, words.values(values)))


class Among:
    """A prepared read of the rows in which a column of text has one of some values: they go along as one list."""

    def __init__(self, statement: Select[*tuple[Any, ...]], column: Any) -> None:
        self._reads = {kind: Prepared(statement.where(column.in_(_listed(words)))) for kind, words in _LISTS.items()}

    def all(self, texts: Collection[str], **values: Any) -> list[Any]:
        """Every row, by the names of its columns."""
        read = self._reads[line_here().engine.dialect.name]
        return read.all(listed_texts=json.dumps(list(texts)), **values)


_LISTS = {
    "sqlite": "select value from json_each(:listed_texts)",
    "postgresql": "select json_array_elements_text(cast(:listed_texts as json))",
}


def _listed(words: str) -> TextualSelect:
    return text(words).bindparams(bindparam("listed_texts", type_=Text)).columns(column("value", Text))


def _row(names: list[str]) -> Callable[[Any], Any]:
    """What makes a row with names out of its cells."""
    named: Any = namedtuple  # called with names that are known only now
    made: Callable[[Any], Any] = named("Row", names, rename=True)._make
    return made


def _only(converters: Mapping[Any, Convert | None]) -> dict[Any, Convert]:
    return {key: convert for key, convert in converters.items() if convert is not None}
