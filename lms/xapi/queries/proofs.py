"""The record as a sealed log, and the proof that a statement stands in it as it was stored."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from lms.kernel.db import run
from lms.kernel.errors import NotThere
from lms.kernel.sealing.logs import Log
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


def proof_of(statement_id: UUID) -> Proof:
    """The proof of a statement. The caller has made sure that it may be seen.

    Raises NotThere where there is no such statement or it was erased, Refused where it is not sealed yet.
    """
    seq = run(select(StatementId.seq).where(StatementId.id == statement_id)).scalar()
    if seq is None:
        raise NotThere()
    return proof(STATEMENTS, seq)
