"""Whoever may do anything in the database, but has no key, is found out (row J5); 1,000 times with CADRE_EVIDENCE."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import insert, text

from lms.app import LOGS
from lms.kernel.audit import STANDS_SQLITE
from lms.kernel.db import Base, db, run, transaction
from lms.kernel.db.unit import dialect
from lms.kernel.sealing import live
from lms.kernel.sealing.logs import Log
from tests.trust.sealed import PORTIONS, SIZE, altered

ROUNDS = 1000 if os.environ.get("CADRE_EVIDENCE") else 100


def sql(statement: str, **values: Any) -> int:
    return run(text(statement), values).rowcount


TABLE = {"statements": ("xapi_statement", "seq", "payload"), "audit": ("audit_event", "id", "why")}


def db_change_row(log: Log, chance: random.Random, size: int) -> int | None:
    table, number, column = TABLE[log.name]
    position, subject = pick(log, chance)
    assert sql(f"update {table} set {column} = {column} || ' ' where {number} = :n", n=subject) == 1
    return position


def db_remove_row(log: Log, chance: random.Random, size: int) -> int | None:
    table, number, _column = TABLE[log.name]
    position, subject = pick(log, chance)
    assert sql(f"delete from {table} where {number} = :n", n=subject) == 1
    return position


def db_swap_rows(log: Log, chance: random.Random, size: int) -> int | None:
    table, number, _column = TABLE[log.name]
    (position, one), (_, other) = sorted([pick(log, chance), pick(log, chance)])
    if one == other:
        return db_remove_row(log, chance, size)
    for old, new in ((one, -1), (other, one), (-1, other)):
        sql(f"update {table} set {number} = :new where {number} = :old", old=old, new=new)
    return position if log.name == "audit" else None  # two statements may read alike but for their ids


def db_slip_in_row(log: Log, chance: random.Random, size: int) -> int | None:
    table, number, _column = TABLE[log.name]
    columns = [column.name for column in Base.metadata.tables[table].columns if column.name != number]
    _position, subject = pick(log, chance)
    lowest = {"audit": -chance.randrange(10**5, 10**6), "statements": chance.randrange(1, 10**9)}[log.name]
    named = ", ".join(f'"{name}"' for name in columns)
    copy = f"insert into {table} ({number}, {named}) select :low, {named} from {table} where {number} = :n"
    assert sql(copy, low=lowest, n=subject) == 1
    return None


def db_change_leaf(log: Log, chance: random.Random, size: int) -> int | None:
    position, _subject = pick(log, chance)
    column, length = chance.choice([("salt", 16), ("entry", 32)])
    where = "where log = :log and position = :p"
    assert sql(
        f"update seal_leaf set {column} = :new {where}", new=chance.randbytes(length), log=log.number, p=position
    )
    return position


def db_erase_unseen(log: Log, chance: random.Random, size: int) -> int | None:
    position, _subject = pick(log, chance)
    assert sql("update seal_leaf set salt = null where log = :log and position = :p", log=log.number, p=position)
    return position


def db_remove_leaf(log: Log, chance: random.Random, size: int) -> int | None:
    position, _subject = pick(log, chance)
    assert sql("delete from seal_leaf where log = :log and position = :p", log=log.number, p=position)
    return position


def db_swap_leaves(log: Log, chance: random.Random, size: int) -> int | None:
    one, other = chance.sample(range(size), 2)
    move = "update seal_leaf set position = :new where log = :log and position = :old"
    for old, new in ((one, -1), (other, one), (-1, other)):
        assert sql(move, old=old, new=new, log=log.number)
    return None


def db_cut_off(log: Log, chance: random.Random, size: int) -> int | None:
    table, number, _column = TABLE[log.name]
    first = chance.randrange(size)
    sealed = "select subject from seal_leaf where log = :log and position >= :p"
    sql(f"delete from {table} where {number} in ({sealed})", log=log.number, p=first)
    sql("delete from seal_leaf where log = :log and position >= :p", log=log.number, p=first)
    if chance.random() < 0.5:
        sql("delete from seal_checkpoint where log = :log and size > :p", log=log.number, p=first)
    return None


def db_put_in_leaf(log: Log, chance: random.Random, size: int) -> int | None:
    row = {"log": log.number, "position": size, "salt": None, "entry": chance.randbytes(32)}
    db.session.execute(insert(Base.metadata.tables["seal_leaf"]), row)
    return size


def db_edit_checkpoint(log: Log, chance: random.Random, size: int) -> int | None:
    found = db.session.execute(text("select number, note from seal_checkpoint where log = :log"), {"log": log.number})
    number, note = chance.choice(sorted(tuple(row) for row in found))
    where = "where log = :log and number = :n"
    assert sql(f"update seal_checkpoint set note = :new {where}", new=altered(note, chance), log=log.number, n=number)
    return None


def db_lose_checkpoint(log: Log, chance: random.Random, size: int) -> int | None:
    number = chance.randrange(1, PORTIONS + 1)
    assert sql("delete from seal_checkpoint where log = :log and number = :n", log=log.number, n=number)
    return None


IN_DATABASES = (
    *(db_change_row, db_remove_row, db_swap_rows, db_slip_in_row, db_change_leaf, db_erase_unseen, db_remove_leaf),
    *(db_swap_leaves, db_cut_off, db_put_in_leaf, db_edit_checkpoint, db_lose_checkpoint),
)


def pick(log: Log, chance: random.Random) -> tuple[int, int]:
    """The position and the number of a row that was not erased."""
    found = db.session.execute(
        text("select position, subject from seal_leaf where log = :log and salt is not null and subject is not null"),
        {"log": log.number},
    )
    return chance.choice(sorted((row[0], row[1]) for row in found))


@pytest.fixture
def unguarded(sealed: None) -> Iterator[None]:
    """The log of deeds without what keeps it from being changed, as an owner of the database may have it."""
    on = dialect() == "postgresql"
    names = ("audit_event_no_update", "audit_event_no_delete")
    for step in ("alter table audit_event disable trigger all",) if on else [f"drop trigger {name}" for name in names]:
        with transaction():
            db.session.execute(text(step))
    yield
    for step in ("alter table audit_event enable trigger all",) if on else STANDS_SQLITE:
        with transaction():
            db.session.execute(text(step))


def test_J5_tamperings_in_the_database_are_found(unguarded: None) -> None:
    chance = random.Random(7)
    tables = [Base.metadata.tables[name] for name in ("xapi_statement", "audit_event", "seal_leaf", "seal_checkpoint")]
    with transaction():
        rows = {table: [row._asdict() for row in db.session.execute(table.select())] for table in tables}
    sizes = {log.name: live.check(log)[0] for log in LOGS}
    assert set(sizes.values()) == {SIZE}
    for number in range(ROUNDS):
        tamper, log = IN_DATABASES[number % len(IN_DATABASES)], LOGS[number // len(IN_DATABASES) % 2]
        with transaction():
            position = tamper(log, chance, sizes[log.name])
        findings = live.check(log)[1]
        assert findings, (number, tamper, log.name)
        assert position is None or position in [at for at, _why in findings], (number, tamper, findings, position)
        with transaction():
            for table, content in rows.items():
                db.session.execute(table.delete())
                db.session.execute(insert(table), content)
    assert [live.check(log) for log in LOGS] == [(size, []) for size in sizes.values()]
