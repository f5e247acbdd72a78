"""Taking from the store what statements were found by, a batch in as few words to the database as it takes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

import orjson
from sqlalchemy import Table, delete, select
from sqlalchemy.dialects import postgresql

from lms.kernel.db import Base, db, run
from lms.kernel.db.fresh import insert_unless_there
from lms.kernel.db.session import connection_here
from lms.kernel.db.unit import dialect
from lms.xapi.actions.attachments import attachments
from lms.xapi.actions.rows import Row
from lms.xapi.models import Attachment, AttachmentSender, Inherited, Link, Reference, StatementRow

_NAMED = re.compile(r'"sha2"\s*:\s*"([0-9A-Fa-f]+)"')


def unlink(links: Sequence[Row], references: Sequence[Row], registrations: Sequence[Row]) -> None:
    """Remove links, references and inherited registrations; what is not there is passed over."""
    parts: tuple[tuple[type[Base], Sequence[Row]], ...] = (
        (Link, links),
        (Reference, references),
        (Inherited, registrations),
    )
    for model, rows in parts:
        if rows and dialect() == "postgresql":
            _remove_at_once(model, rows)
        elif rows:
            _remove_one_by_one(model, rows)


def link(rows: Sequence[Row]) -> None:
    """Put links back that are not there any more."""
    if rows:
        run(insert_unless_there(Link), list(rows))


def release(statements: Sequence[Mapping[str, Any]]) -> None:
    """Remove the contents of attachments that these statements named, unless one that stays names them too."""
    named = {part["sha2"].lower() for statement in statements for _, part in attachments(statement)}
    held = set(run(select(Attachment.sha2).where(Attachment.sha2.in_(named))).scalars()) if named else set()
    if not held:
        return
    naming = select(StatementRow.payload).where(StatementRow.payload.like('%"sha2"%')).execution_options(yield_per=500)
    for text in db.session.execute(naming).scalars():
        held -= {found.lower() for found in _NAMED.findall(text)}
    if held:
        for model in (Attachment, AttachmentSender):
            db.session.execute(delete(model).where(model.sha2.in_(held)))


def _columns(model: type[Base]) -> list[str]:
    return [column.name for column in cast(Table, model.__table__).primary_key]


def _remove_at_once(model: type[Base], rows: Sequence[Row]) -> None:
    table, words = cast(Table, model.__table__), cast(Any, postgresql).dialect()
    names = _columns(model)
    typed = ", ".join(f'"{name}" {table.c[name].type.compile(words)}' for name in names)
    same = " and ".join(f'kept."{name}" = gone."{name}"' for name in names)
    connection_here().exec_driver_sql(
        f'delete from "{table.name}" as kept using json_to_recordset(%s::json) as gone({typed}) where {same}',
        (orjson.dumps(list(rows)).decode(),),
    )


def _remove_one_by_one(model: type[Base], rows: Sequence[Row]) -> None:
    names = _columns(model)
    same = " and ".join(f'"{name}" = ?' for name in names)
    values = [tuple(getattr(row[name], "hex", row[name]) for name in names) for row in rows]
    connection_here().exec_driver_sql(f'delete from "{model.__tablename__}" where {same}', values)
