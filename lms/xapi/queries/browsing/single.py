"""One statement with those around it: what it speaks of, what speaks of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

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
    numbered = select(StatementId.seq).where(StatementId.id == statement_id).scalar_subquery()
    row = run(select(*COLUMNS).where(_row.c.seq == numbered)).first()
    if row is None:
        raise NotThere()
    line = lines([row], language)[0]
    before = select(StatementId.seq).where(StatementId.id.in_(_named(line.statement)))
    after = select(Reference.seq).where(Reference.target == statement_id).order_by(Reference.seq.desc()).limit(MOST)
    back, forth = run(before).scalars().all(), run(after).scalars().all()
    wanted = select(*COLUMNS).where(_row.c.seq.in_([*back, *forth])).order_by(_row.c.seq.desc())
    around = lines(run(wanted).all(), language) if back or forth else []
    return Single(
        line,
        row.payload,
        [one for one in around if one.seq in back],
        [one for one in around if one.seq in forth],
    )


def _named(statement: Mapping[str, Any]) -> list[UUID]:
    """The ids of statements that a statement refers to: as its object, or as what it rests on."""
    found = {target_of(statement), statement.get("context", {}).get("statement", {}).get("id")}
    return [UUID(id) for id in found if id is not None]
