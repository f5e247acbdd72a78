"""Statements as lines that a person reads: who did what, when, and on whose word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select

from lms.xapi.models import StatementId, StatementRow
from lms.xapi.queries.browsing.asked import NAMES, OURS
from lms.xapi.queries.browsing.people import names_of
from lms.xapi.queries.keys import senders
from lms.xapi.queries.terms import own_definitions
from lms.xapi.rules import order, sentences
from lms.xapi.rules.agents import identifier, is_own_authority
from lms.xapi.rules.callings import called
from lms.xapi.rules.iris import account_of_ours
from lms.xapi.rules.sentences import Sentence

_row: Any = StatementRow.__table__
_BY_NAME = {name: sender for sender, name in NAMES.items()}
# when the statement that withdrew it was stored, as a number
_WITHDRAWN: Any = select(StatementId.seq).where(StatementId.id == _row.c.voided_by).scalar_subquery().label("withdrawn")
COLUMNS = (
    _row.c.seq,
    _row.c.id,
    _row.c.timestamp,
    _row.c.registration,
    _row.c.actor_id,
    _row.c.person_id,
    _row.c.voided_by,
    _row.c.payload,
    _WITHDRAWN,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One statement in words. `told_by` is the name of who says so, `sender` OURS, LAUNCHED, IMPORTED or nothing.

    `withdrawn_by` is the statement that withdrew it; `definition` says what its object is, of ours as we say.
    """

    seq: int
    id: UUID
    who: str
    sentence: Sentence
    happened: datetime
    stored: datetime
    registration: UUID | None
    actor_id: int
    person_id: int | None
    told_by: str
    sender: str
    withdrawn_by: UUID | None
    withdrawn_at: datetime | None
    statement: Mapping[str, Any]
    definition: Mapping[str, Any]


def lines(rows: Sequence[Any], language: str) -> list[Line]:
    """Rows of the record in words, in the same order."""
    names = names_of({row.person_id for row in rows if row.person_id is not None})
    told = senders() if rows else {}
    said = [orjson.loads(row.payload) for row in rows]
    known = _Known(names, told, own_definitions(said), language)
    return [_line(row, statement, known) for row, statement in zip(rows, said, strict=True)]


@dataclass(frozen=True, slots=True)
class _Known:
    """What the lines of a page are worded with."""

    names: Mapping[int, str]
    told: Mapping[str, str]
    definitions: Mapping[str, Mapping[str, Any]]
    language: str


def _line(row: Any, statement: Mapping[str, Any], known: _Known) -> Line:
    names = known.names
    authority = identifier(statement["authority"])
    return Line(
        seq=row.seq,
        id=row.id,
        who=names.get(row.person_id) or called(statement["actor"]),
        sentence=sentences.sentence(statement, known.language, known.definitions),
        happened=row.timestamp,
        stored=order.moment_of(row.seq),
        registration=row.registration,
        actor_id=row.actor_id,
        person_id=row.person_id if row.person_id in names else None,
        told_by=known.told.get(authority) or called(statement["authority"]),
        sender=OURS if is_own_authority(authority) else _BY_NAME.get(account_of_ours(statement["authority"]) or "", ""),
        withdrawn_by=row.voided_by,
        withdrawn_at=None if row.withdrawn is None else order.moment_of(row.withdrawn),
        statement=statement,
        definition=sentences.definition_of(statement, known.definitions),
    )
