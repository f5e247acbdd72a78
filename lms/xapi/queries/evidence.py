"""The statements behind a figure: parsed, with their sentence, for evidence pages and My record."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select

from lms.kernel.actor import Actor
from lms.kernel.db import db
from lms.kernel.errors import NotThere
from lms.xapi.models import Agent, StatementId, StatementRow
from lms.xapi.policy import READ
from lms.xapi.queries.terms import own_definitions
from lms.xapi.rules import sentences
from lms.xapi.rules.agents import is_own_authority
from lms.xapi.rules.sentences import Sentence

SEE_EVIDENCE = "evidence.see"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One statement as a person reads it. `own` says that this installation made it, not somebody outside."""

    seq: int
    id: UUID
    stored: datetime
    timestamp: datetime
    registration: UUID | None
    person_id: int | None
    agency_id: int | None
    voided_by: UUID | None
    own: bool
    sentence: Sentence
    statement: Mapping[str, Any]


def statement(actor: Actor, statement_id: UUID, *, agencies: Iterable[int] = (), language: str = "en") -> Entry:
    """One statement that the actor may see; raises NotThere alike for none and for somebody else's.

    `agencies` are those that the actor's "evidence.see" reaches on the tree, as the caller worked out.
    """
    numbered = select(StatementId.seq).where(StatementId.id == statement_id).scalar_subquery()
    row = db.session.execute(_entries().where(StatementRow.seq == numbered)).first()
    if row is None or not _may_see(actor, row, frozenset(agencies)):
        raise NotThere()
    return _worded([row], language)[0]


def statements_of_person(
    person_id: int, registration: UUID | None = None, limit: int = 100, *, language: str = "en"
) -> list[Entry]:
    """What is recorded of a person, newest first. The caller has made sure that the actor may see the person."""
    wanted = _entries().where(StatementRow.person_id == person_id)
    if registration is not None:
        wanted = wanted.where(StatementRow.registration == registration)
    return _worded(db.session.execute(wanted.order_by(StatementRow.seq.desc()).limit(limit)).all(), language)


def trail(registration: UUID, *, limit: int = 1000, language: str = "en") -> list[Entry]:
    """Everything that happened under a registration, in order. The caller has made sure that it may be seen."""
    wanted = _entries().where(StatementRow.registration == registration)
    return _worded(db.session.execute(wanted.order_by(StatementRow.seq).limit(limit)).all(), language)


def _entries() -> Select[*tuple[Any, ...]]:
    row = StatementRow
    return select(
        row.seq,
        row.id,
        row.stored,
        row.timestamp,
        row.registration,
        row.person_id,
        row.agency_id,
        row.voided_by,
        row.payload,
        Agent.ifi,
    ).join(Agent, Agent.id == row.authority_id)


def _may_see(actor: Actor, row: Row[Any], agencies: frozenset[int]) -> bool:
    if actor.reach(READ).everywhere or actor.reach(SEE_EVIDENCE).everywhere:
        return True
    if row.person_id is not None and row.person_id == actor.person_id:
        return True
    return actor.may(SEE_EVIDENCE) and row.agency_id in agencies


def _worded(rows: Sequence[Row[Any]], language: str) -> list[Entry]:
    said = [json.loads(row.payload) for row in rows]
    kept = own_definitions(said)
    return [
        _entry(row, payload, sentences.sentence(payload, language, kept))
        for row, payload in zip(rows, said, strict=True)
    ]


def _entry(row: Row[Any], payload: dict[str, Any], sentence: Sentence) -> Entry:
    return Entry(
        seq=row.seq,
        id=row.id,
        stored=row.stored,
        timestamp=row.timestamp,
        registration=row.registration,
        person_id=row.person_id,
        agency_id=row.agency_id,
        voided_by=row.voided_by,
        own=is_own_authority(row.ifi),
        sentence=sentence,
        statement=payload,
    )
