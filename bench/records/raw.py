"""The yardstick of storing: the product's own inserts, in its own words, sent by the bare driver.

The words are noted while the product itself stores each batch, so they are the product's whatever becomes of it;
what it looks up before (credentials, agents, activities, persons) is not repeated.
"""

from __future__ import annotations

import os
import re
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy import Engine, event, func, select

from bench.records.sender import Sender
from bench.records.sentences import Writer
from bench.servers import CLIENT_CORE, SERVER_CORE
from bench.stage import Stage
from lms.kernel.db import db, reading
from lms.kernel.db.engine import PRAGMAS
from lms.xapi.models import StatementRow

HOT = ("xapi_statement", "xapi_statement_id", "xapi_link", "xapi_reference", "xapi_inherited")
_INSERT = re.compile(rf'insert into "?({"|".join(HOT)})\b', re.IGNORECASE)


@dataclass(frozen=True)
class Insert:
    """One statement to the database with its values; `many` where the driver repeats it for each row."""

    text: str
    values: Any
    many: bool


Batch = Sequence[Insert]


def prepared(stage: Stage, sender: Sender, count: int, size: int) -> list[Batch]:
    """Have the product store some batches, note its inserts, and leave the tables empty again."""
    writer, found = Writer(sender.actors, seed=2), []
    for _ in range(count):
        with _noted() as inserts:
            store(stage, sender, writer.texts(size))
        found.append(inserts)
    with stage.app.app_context():
        with reading():
            stored = db.session.scalar(select(func.count(StatementRow.seq)))
        empty(stage)
    if stored != count * size or not all(found):
        raise RuntimeError("The product stores statements on a way that is not noted here: see bench/records/raw.py.")
    return found


def store(stage: Stage, sender: Sender, texts: Sequence[str]) -> None:
    """Have the product store a batch within this process."""
    headers = {"Content-Type": "application/json", "X-Experience-API-Version": "1.0.3"}
    client, body = stage.app.test_client(), f"[{','.join(texts)}]"
    answer = client.post("/xapi/statements", data=body, headers=headers, auth=(sender.key, sender.secret))
    if answer.status_code != 200:
        raise RuntimeError(f"A batch was answered with {answer.status_code}: {answer.text[:600]}")


def empty(stage: Stage) -> None:
    """Remove every statement; agents, verbs and activities stay."""
    with stage.app.app_context():
        there = [table for table in db.metadata.sorted_tables if table.name in HOT]
        with db.engine.begin() as connection:
            for table in there:
                gone = f"truncate {table.name}" if stage.kind == "postgresql" else f"delete from {table.name}"
                connection.exec_driver_sql(gone)
        db.session.remove()


@contextmanager
def driver(stage: Stage) -> Iterator[Callable[[Sequence[Batch]], float]]:
    """Store batches with the bare driver on one connection and the server's core, a commit each; gives the seconds."""
    with _postgresql(stage) if stage.kind == "postgresql" else _sqlite(stage) as store:

        def measured(batches: Sequence[Batch]) -> float:
            os.sched_setaffinity(0, {SERVER_CORE})
            try:
                began = time.perf_counter()
                for batch in batches:
                    store(batch)
                return time.perf_counter() - began
            finally:
                os.sched_setaffinity(0, {CLIENT_CORE})

        yield measured


@contextmanager
def _postgresql(stage: Stage) -> Iterator[Callable[[Batch], None]]:
    address = stage.environ["DATABASE_URL"].replace("+psycopg", "")
    with psycopg.connect(address) as connection:

        def store(batch: Batch) -> None:
            with psycopg.RawCursor(connection) as cursor:  # the product's statements have numbered parameters
                for insert in batch:
                    (cursor.executemany if insert.many else cursor.execute)(insert.text, insert.values)
            connection.commit()

        yield store


@contextmanager
def _sqlite(stage: Stage) -> Iterator[Callable[[Batch], None]]:
    path = stage.environ["DATABASE_URL"].removeprefix("sqlite:///")
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        for pragma in PRAGMAS:
            connection.execute(pragma)

        def store(batch: Batch) -> None:
            connection.execute("BEGIN IMMEDIATE")
            for insert in batch:
                (connection.executemany if insert.many else connection.execute)(insert.text, insert.values)
            connection.execute("COMMIT")

        yield store
    finally:
        connection.close()


@contextmanager
def _noted() -> Iterator[list[Insert]]:
    """The inserts into the record's large tables within."""
    found: list[Insert] = []

    def note(connection: Any, cursor: Any, words: str, values: Any, context: Any, many: bool) -> None:
        if _INSERT.search(words):
            found.append(Insert(words, list(values) if many else values, many))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)
