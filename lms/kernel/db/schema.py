"""The chain of migrations and where this database stands in it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, text

import migrations
from lms.kernel.db.columns import Base
from lms.kernel.db.session import db, writing

FOLDER = Path(migrations.__file__).parent


def head() -> str:
    """The newest revision this product knows, read from the numbered files alone."""
    names = [path.stem for path in (FOLDER / "versions").glob("[0-9]*.py")]
    return max(re.match(r"\d+", name).group() for name in names)  # type: ignore[union-attr]


def present() -> str | None:
    """The revision this database stands at; None when it is empty."""
    if not inspect(db.engine).has_table("alembic_version"):
        return None
    with db.engine.connect() as connection:
        return connection.execute(text("select version_num from alembic_version")).scalar()


def upgrade() -> None:
    """Bring this database to the head, in one transaction per migration."""
    from alembic import command  # only here: a server that starts up to date need not load it

    with writing():  # whatever the unit of work around it is for
        command.upgrade(_configuration(), "head")


def differences() -> list[Any]:
    """What the models say and the database does not, or the other way round."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with db.engine.connect() as connection:
        parts = _partitions(connection)
        ours = {"compare_type": True, "include_name": lambda name, kind, _: (kind, name) not in parts}
        context = MigrationContext.configure(connection, opts=ours)
        return list(compare_metadata(context, Base.metadata))


def _partitions(connection: Connection) -> set[tuple[str, str]]:
    """The parts that a table has on PostgreSQL, which no model names: an installation makes them as months go by."""
    if connection.dialect.name != "postgresql":
        return set()
    wanted = text("select relname from pg_class where relispartition and relkind = 'r'")
    return {("table", name) for name in connection.execute(wanted).scalars()}


def _configuration() -> Any:
    from alembic.config import Config

    configuration = Config()
    configuration.set_main_option("script_location", str(FOLDER))
    return configuration
