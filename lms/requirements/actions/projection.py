"""What follows from statements for required learning: fulfilments."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import bindparam, delete, select

from lms.kernel.db import db, run
from lms.requirements.actions.accepting import accept_of
from lms.requirements.models import Fulfilment, Requirement
from lms.requirements.queries import requirements_met_by
from lms.skills.actions.outside import is_recognised
from lms.skills.models import Attainment
from lms.skills.statements import completed_slug, voided
from lms.xapi.rules import verbs
from lms.xapi.rules.facts import Draft, Fact

_PROVED_OF = select(Attainment.person_id).where(Attainment.statement_id == bindparam("proof")).distinct()


def _proof(fact: Fact) -> UUID | None:
    """The statement whose attainments a fact brings or takes away."""
    if fact.verb == verbs.VOIDED:
        return voided(fact)
    if fact.own:
        attains = fact.verb == verbs.VERIFIED or completed_slug(fact) is not None
    else:
        attains = is_recognised(fact)
    return fact.id if attains else None


def _whose(fact: Fact, proof: UUID) -> Sequence[int]:
    """The persons whose attainments those are: what a fact proves is its own person's."""
    if fact.id == proof and fact.person_id is not None:
        return [fact.person_id]
    return run(_PROVED_OF, {"proof": proof}).scalars().all()


class RequirementProjector:
    """Keeps what fulfils requirements; stands after skills, whose attainments it finds by their statement."""

    name = "requirements"

    def project(self, fact: Fact) -> None:
        """Let every requirement that asks for what was attained, or attained no longer, work out what it accepts."""
        proof = _proof(fact)
        if proof is None:
            return
        asking = requirements_met_by(proof)
        if not asking:
            return
        for person_id in _whose(fact, proof):
            for requirement in asking:
                accept_of(requirement, person_id)

    def settle(self) -> None:
        """Nothing is put off here."""

    def follow(self, fact: Fact) -> Sequence[Draft]:
        """Nothing more is said because a requirement was met."""
        return ()

    def clear(self) -> None:
        """Remove every fulfilment before a rebuild."""
        db.session.execute(delete(Fulfilment))

    def contents(self) -> Sequence[tuple[object, ...]]:
        """Every fulfilment without row ids, in the order of its proof."""
        columns = (
            Requirement.code,
            Fulfilment.person_id,
            Attainment.statement_id,
            Attainment.target,
            Fulfilment.achieved_on,
            Fulfilment.expires_on,
            Fulfilment.assurance,
            Fulfilment.recorded_at,
            Fulfilment.revoked_at,
        )
        wanted = (
            select(*columns)
            .join(Requirement, Requirement.id == Fulfilment.requirement_id)
            .join(Attainment, Attainment.id == Fulfilment.attainment_id)
            .order_by(Requirement.code, Attainment.statement_id, Attainment.target)
        )
        return [("fulfilment", *row) for row in db.session.execute(wanted)]

    def keeps(self, fact: Fact) -> bool:
        """A requirement may be met by what it proves, or by less once it withdraws."""
        return _proof(fact) is not None
