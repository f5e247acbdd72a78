"""What proves an attainment, for whoever may look that far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from lms.agencies import queries as agencies
from lms.kernel import clock
from lms.kernel.actor import Actor
from lms.kernel.db import db, holds_on
from lms.kernel.errors import NotThere
from lms.people.models import Assignment, Person
from lms.skills import policy
from lms.skills.models import Attainment
from lms.skills.rules import assurance_word
from lms.xapi.models import StatementId, StatementRow


@dataclass(frozen=True, slots=True)
class Evidence:
    """An attainment with the statement that proves it; `statement` is its text as stored."""

    attainment_id: int
    person_id: int
    person: str
    target: str
    level: int | None
    rank: int
    achieved_on: date
    expires_on: date | None
    recorded_at: datetime
    revoked_at: datetime | None
    kind: str
    statement_id: UUID
    statement: str

    @property
    def assurance(self) -> str:
        """How sure the government can be of it, in a word: participation, tested, verified …"""
        return assurance_word(self.rank)


def evidence(actor: Actor, attainment_id: int) -> Evidence:
    """The proof of an attainment: one's own, or of a person within reach; raises NotThere for any other."""
    primary = and_(Assignment.person_id == Person.id, Assignment.is_primary, holds_on(Assignment, clock.today()))
    columns = (
        Attainment.id,
        Attainment.person_id,
        Person.name,
        Attainment.target,
        Attainment.level,
        Attainment.assurance,
        Attainment.achieved_on,
        Attainment.expires_on,
        Attainment.recorded_at,
        Attainment.revoked_at,
        Attainment.evidence,
        Attainment.statement_id,
        StatementRow.payload,
    )
    found: Any = db.session.execute(
        select(*columns, Assignment.agency_id)
        .join(Person, Person.id == Attainment.person_id)
        .join(StatementId, StatementId.id == Attainment.statement_id)
        .join(StatementRow, StatementRow.seq == StatementId.seq)
        .outerjoin(Assignment, primary)
        .where(Attainment.id == attainment_id)
    ).first()
    if found is None or not _within_reach(actor, found[1], found[-1]):
        raise NotThere()
    return Evidence(*found[:-1])


def _within_reach(actor: Actor, person_id: int, agency_id: int | None) -> bool:
    path = agencies.tree().path(agency_id) if agency_id is not None else []
    return policy.may_see_evidence(actor, person_id=person_id, path=path)
