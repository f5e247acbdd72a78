"""The record as a sealed log, and the proof that a statement stands in it as it was stored."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from lms.kernel.db import run
from lms.kernel.errors import NotThere
from lms.kernel.sealing.logs import Log
from lms.kernel.sealing.models import Leaf
from lms.kernel.sealing.proofs import Proof, proof
from lms.xapi.models import StatementId, StatementRow
from lms.xapi.queries.standing import contradictions
from lms.xapi.rules.order import SLOTS

_HOUR = 3600 * 1_000_000 * SLOTS  # as numbers of statements go
STATEMENTS = Log(
    name="statements",
    number=2,
    subject=StatementRow.seq,
    columns=(StatementRow.payload,),
    words=str,
    lateness=_HOUR,
    contradictions=contradictions,
)


@dataclass(frozen=True, slots=True)
class Gone:
    """A statement that was erased: where its entry stands in the sealed log, when it went, and which entry says so."""

    position: int
    at: datetime
    erasure: int


def gone(statement_id: UUID) -> Gone | None:
    """What is left of an erased statement; None for one that stands or never was."""
    numbered = select(StatementId.seq).where(StatementId.id == statement_id).scalar_subquery()
    wanted = select(Leaf.position).where(Leaf.log == STATEMENTS.number, Leaf.subject == numbered, Leaf.salt.is_(None))
    position = run(wanted).scalar()
    if position is None:
        return None
    said = select(Leaf.position, Leaf.erasure).where(Leaf.log == STATEMENTS.number, Leaf.subject.is_(None))
    for entry, words in run(said.where(Leaf.position > position).order_by(Leaf.position)).tuples():
        erasure = json.loads(words or "{}").get("erasure", {})
        if any(first <= position <= last for first, last in erasure.get("positions", ())):
            return Gone(position, datetime.fromisoformat(erasure["at"]), entry)
    return None


def proof_of(statement_id: UUID) -> Proof:
    """The proof of a statement. The caller has made sure that it may be seen.

    Raises NotThere where there is no such statement or it was erased, Refused where it is not sealed yet.
    """
    seq = run(select(StatementId.seq).where(StatementId.id == statement_id)).scalar()
    if seq is None:
        raise NotThere()
    return proof_at(seq)


def proof_at(seq: int) -> Proof:
    """The proof of a statement by its number, like that by its id."""
    return proof(STATEMENTS, seq)
