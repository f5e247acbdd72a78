"""A shelf of very many statements: ten thousand stored by the product itself, and copies of them further back in time.

A copy differs in its number, its moment and its id alone, so that every agent, activity and registration has as many
more statements as there are copies, spread over the whole time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from sqlalchemy import Table, func, select

from bench.records import raw
from bench.records.sender import Sender
from bench.records.sentences import Writer, outsider
from bench.stage import Stage
from lms.kernel.db import db, reading
from lms.xapi.models import Link, StatementId, StatementRow
from lms.xapi.rules import order

PATTERN, ACTORS = 10_000, 3_000
_BATCH = 500
_TABLES = (StatementRow, StatementId, Link)
_INDEXES = (
    "select name, sql from sqlite_master where type = 'index' and tbl_name = 'xapi_statement' and sql is not null"
)
_KEPT_AS = "%Y-%m-%d %H:%M:%S.%f"


class Shelf:
    """The statements of an installation, and how far apart the copies lie."""

    def __init__(self, stage: Stage, sender: Sender) -> None:
        self.stage, self.copies = stage, 0
        writer = Writer([outsider(number) for number in range(ACTORS)], courses=300, seed=4)
        for _ in range(PATTERN // _BATCH):
            raw.store(stage, sender, writer.texts(_BATCH))
        with stage.app.app_context(), reading():
            first, last = db.session.execute(select(func.min(StatementRow.seq), func.max(StatementRow.seq))).one()
        self.newest = int(last)
        self.apart = ((int(last) - int(first) >> order.SLOT_BITS) + 1_000) << order.SLOT_BITS

    @property
    def since(self) -> datetime:
        """When the newest ten thousand began."""
        return order.moment_of(self.newest - self.apart)

    def before(self, copies: int) -> int | None:
        """The number to go on from, so many copies down; None for the newest."""
        return None if copies == 0 else self.newest - copies * self.apart + 1

    def grow(self, statements: int) -> None:
        """Go on until there are so many statements, the oldest first, and let the database look at what it has."""
        wanted = statements // PATTERN - 1
        words = [self._words(model, copy) for copy in range(wanted, self.copies, -1) for model in _TABLES]
        with self.stage.app.app_context():
            _fill_sqlite(self.stage, words) if self.stage.kind == "sqlite" else _fill_postgresql(words)
            db.session.remove()
            db.engine.dispose()
        self.copies = wanted

    def _words(self, model: Any, copy: int) -> str:
        """The insert of a copy of what lies newest in a table."""
        table, back = _table(model), copy * self.apart
        said = _CHANGED[self.stage.kind]
        names = [column.name for column in table.columns]
        changed = ", ".join(said.get(name, f'"{name}"') for name in names)
        changed = changed.replace(":back", str(back)).replace(":earlier", str(back >> order.SLOT_BITS))
        listed = ", ".join(f'"{name}"' for name in names)
        newest = self.newest - self.apart
        return f"insert into {table.name} ({listed}) select {changed} from {table.name} where seq > {newest}"


_CHANGED = {
    "postgresql": {
        "seq": "seq - :back",
        "id": "md5((seq - :back)::text)::uuid",
        "stored": "stored - interval '1 microsecond' * :earlier",
    },
    "sqlite": {"seq": "seq - :back", "id": "id_of(seq - :back)", "stored": "before(stored, :earlier)"},
}


def _fill_postgresql(words: Sequence[str]) -> None:
    """Indexes are made at the end, as for any large load."""
    indexes = [index for model in _TABLES for index in _table(model).indexes]
    with db.engine.begin() as connection:
        for index in indexes:
            index.drop(connection)
        for insert in words:
            connection.exec_driver_sql(insert)
        for index in indexes:
            index.create(connection)
    with db.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute("vacuum analyze xapi_statement, xapi_statement_id, xapi_link")


def _fill_sqlite(stage: Stage, words: Sequence[str]) -> None:
    """What is put on the shelf need not survive a power cut."""
    connection = sqlite3.connect(stage.environ["DATABASE_URL"].removeprefix("sqlite:///"), isolation_level=None)
    try:
        connection.create_function("id_of", 1, _id_of, deterministic=True)
        connection.create_function("before", 2, _before, deterministic=True)
        connection.execute("pragma synchronous=off")
        connection.execute("pragma cache_size=-400000")
        indexes = connection.execute(_INDEXES).fetchall()
        for name, _ in indexes:
            connection.execute(f"drop index {name}")
        for insert in words:
            connection.execute(insert)
        for _, made in indexes:
            connection.execute(made)
        connection.execute("pragma wal_checkpoint(truncate)")
    finally:
        connection.close()


def _id_of(seq: int) -> str:
    return blake2b(str(seq).encode(), digest_size=16).hexdigest()


def _before(stored: str, microseconds: int) -> str:
    return (datetime.strptime(stored, _KEPT_AS) - timedelta(microseconds=microseconds)).strftime(_KEPT_AS)


def _table(model: Any) -> Table:
    table: Table = model.__table__
    return table
