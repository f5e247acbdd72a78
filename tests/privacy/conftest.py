"""Some history of the kind that the demonstration lives, and everything that a database holds as text."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms import demo
from lms.kernel import clock
from lms.kernel.actor import SYSTEM, Actor
from lms.kernel.db import db, transaction
from lms.people.models import Person
from lms.settings import Settings
from lms.xapi.actions import rebuild
from lms.xapi.models import StatementRow
from tests.conftest import NOW

CLIENT = Actor(
    "client",
    name="Elsewhere",
    account_name="elsewhere",
    powers={"statements.write": SYSTEM.reach("x"), "statements.void": SYSTEM.reach("x")},
)
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def lived(app: Flask, settings: Settings) -> Iterator[Flask]:
    """A small government with two months of history, a minute ago."""
    shutil.rmtree(settings.var / "checkpoints", ignore_errors=True)  # those of another test's record
    with transaction():
        demo.load(staff=12, months=2)
    with clock.at(LATER):
        yield app


def differences() -> list[str]:
    """Where the rows are not what follows from statements and from what was carried forward."""
    with transaction():
        return [str(found) for found in rebuild.rebuild(actor=SYSTEM, check=True).differences]


def numbers() -> list[int]:
    """The numbers of all statements, in order."""
    with transaction():
        return list(db.session.scalars(select(StatementRow.seq).order_by(StatementRow.seq)))


def person_named(like: str) -> Any:
    """A person by mail address."""
    with transaction():
        return db.session.execute(select(Person.__table__).where(Person.work_mail == like)).one()


def texts() -> Iterator[tuple[str, str]]:
    """Every row of every table as text, with the name of its table."""
    with transaction():
        for table in db.metadata.sorted_tables:
            for row in db.session.execute(select(table)):
                yield table.name, " ".join(_text(value) for value in row)


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)


def busiest() -> int:
    """The person with the most statements."""
    wanted = select(StatementRow.person_id).where(StatementRow.person_id.is_not(None))
    with transaction():
        return int(db.session.scalar(wanted.group_by(StatementRow.person_id).order_by(func.count().desc())) or 0)
