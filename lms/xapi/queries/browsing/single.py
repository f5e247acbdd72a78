"""One statement with those around it: what it speaks of, what speaks of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Select, select

from lms.kernel.db import run
from lms.kernel.errors import NotThere
from lms.xapi.models import Reference, StatementId, StatementRow
from lms.xapi.queries.browsing.lines import COLUMNS, Line, lines
from lms.xapi.rules.facets import target_of

MOST = 50
_row: Any = StatementRow.__table__


@dataclass(frozen=True, slots=True)
class Single:
    """A statement, its text as stored, those that it refers to, and the newest that refer to it."""

    line: Line
    text: str
    refers_to: Sequence[Line]
    referred_by: Sequence[Line]


def single(statement_id: UUID, language: str) -> Single:
    """One statement, withdrawn or not; raises NotThere. The caller has made sure that the record may be seen."""
    row = run(select(*COLUMNS).where(_row.c.seq == _numbered([statement_id]).scalar_subquery())).first()
    if row is None:
        raise NotThere()
    named, after = _named(orjson.loads(row.payload)), _referring(statement_id)
    wanted = select(*COLUMNS).where(_row.c.seq.in_(_numbered(named).union_all(after) if named else after))
    line, *around = lines([row, *run(wanted.order_by(_row.c.seq.desc()))], language)
    return Single(
        line,
        row.payload,
        [one for one in around if one.id in named],
        [one for one in around if _named_as_object(one.statement) == statement_id],
    )


def _numbered(ids: Collection[UUID]) -> Select[int]:
    return select(StatementId.seq).where(StatementId.id.in_(ids))


def _referring(statement_id: UUID) -> Select[int]:
    """The newest that refer to a statement."""
    newest = select(Reference.seq).where(Reference.target == statement_id).order_by(Reference.seq.desc()).limit(MOST)
    return select(newest.subquery().c.seq)


def _named(statement: Mapping[str, Any]) -> list[UUID]:
    """The ids of statements that a statement refers to: as its object, or as what it rests on."""
    rests_on = statement.get("context", {}).get("statement", {}).get("id")
    found = {_named_as_object(statement), UUID(rests_on) if rests_on else None}
    return [id for id in found if id is not None]


def _named_as_object(statement: Mapping[str, Any]) -> UUID | None:
    found = target_of(statement)
    return None if found is None else UUID(found)
