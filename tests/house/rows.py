"""Everything that is in a database: looked at, compared, kept and put back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, MetaData, Row, event, func, select, text

from lms.kernel.db import db
from tests.databases import Databases

Kept = dict[str, Sequence[Row[Any]]]
_WRITES = re.compile(r'^\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)


def all_rows(engine: Engine, metadata: MetaData) -> Kept:
    """Every row of every table, in the order of the tables' keys."""
    with engine.connect() as connection:
        found = {}
        for table in metadata.sorted_tables:
            found[table.name] = connection.execute(select(table).order_by(*table.primary_key.columns)).all()
        connection.rollback()
    return found


def differing(before: Kept, after: Kept) -> set[str]:
    """The tables that are not as they were."""
    return {name for name in before if before[name] != after[name]}


def put_back(databases: Databases, kept: Kept) -> None:
    """Make the database of the application in context what it was when its rows were kept."""
    databases.begin_anew()
    engine, metadata = db.engine, db.metadata
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            rows = [dict(row._mapping) for row in kept[table.name]]
            if rows:
                connection.execute(table.insert(), rows)
            counter = table.autoincrement_column
            if engine.dialect.name == "postgresql" and counter is not None and rows:
                highest = connection.scalar(select(func.max(counter)))
                where = {"table": table.name, "column": counter.name, "highest": highest}
                connection.execute(text("select setval(pg_get_serial_sequence(:table, :column), :highest)"), where)


@contextmanager
def tables_written() -> Iterator[Callable[[], set[str]]]:
    """Within: which tables statements sent to any database mean to change; each call forgets what it told."""
    written: set[str] = set()

    def noted(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        found = _WRITES.match(statement)
        if found:
            written.add(found.group(1).lower())

    def told() -> set[str]:
        now = set(written)
        written.clear()
        return now

    event.listen(Engine, "before_cursor_execute", noted)
    try:
        yield told
    finally:
        event.remove(Engine, "before_cursor_execute", noted)


def masked(kept: Kept, columns: Mapping[str, set[str]]) -> dict[str, list[str]]:
    """Rows as text without columns whose values are drawn by chance, so that two lives can be compared."""
    shown: dict[str, list[str]] = {}
    for name, found in kept.items():
        hidden = columns.get(name, set())
        texts = [str({key: value for key, value in row._mapping.items() if key not in hidden}) for row in found]
        shown[name] = sorted(texts) if hidden else texts
    return shown
