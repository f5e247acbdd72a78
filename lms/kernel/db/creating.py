"""What a table needs that a model cannot say, on one of the databases: triggers, partitions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Table, event

from lms.kernel.db.columns import Base


def when_created(model: type[Base], *, on: str, statements: Iterable[str]) -> None:
    """Run statements in a database's own words each time a model's table is made on it: "sqlite" or "postgresql"."""
    wanted = tuple(statements)

    def run(table: Table, connection: Connection, **how: Any) -> None:
        if connection.dialect.name == on:
            for statement in wanted:
                connection.exec_driver_sql(statement)

    event.listen(model.__table__, "after_create", run)
