"""What administrators have recognised, what might be, and what others say that nobody has decided on yet."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, func, select

from lms.kernel.actor import Actor
from lms.kernel.db import db
from lms.kernel.db.prepared import Prepared
from lms.kernel.errors import NotThere
from lms.skills import policy
from lms.skills.models import Attainment
from lms.skills.models import Recognition as Row
from lms.skills.rules import assurance_word
from lms.skills.rules.recognition import UNRECOGNISED, Recognition
from lms.xapi.models import Activity, Agent, StatementId, StatementRow
from lms.xapi.policy import LAUNCH
from lms.xapi.queries.keys import senders as key_names
from lms.xapi.rules.agents import identifier
from lms.xapi.rules.iris import account

_SHOWN: Final = 100
_TERMS: Final = (
    Row.id,
    Row.activity,
    Row.is_prefix,
    Row.sender,
    Row.target,
    Row.level,
    Row.assurance,
    Row.valid_months,
    Row.recorded_at,
    Row.withdrawn_at,
)
_EVERY = Prepared(select(*_TERMS).order_by(Row.id))


@dataclass(frozen=True, slots=True)
class KnownCourse:
    """A course that an activity may count as; `valid_months` is None where it counts without end."""

    title: str
    valid_months: int | None


@dataclass(frozen=True, slots=True)
class Told:
    """A statement from outside in a learner's words: which activity, called what, and who says so.

    `sender` is empty for a launched unit, None for somebody who is not known here by name.
    """

    activity: str
    names: Mapping[str, str]
    sender: str | None


CourseLookup = Callable[[], Mapping[str, KnownCourse]]


@dataclass(frozen=True, slots=True)
class Decided:
    """A recognition with who decided it, why, and who withdrew it."""

    terms: Recognition
    why: str
    decided_by: str
    withdrawn_by: str | None
    withdrawn_why: str | None
    people: int

    @property
    def assurance(self) -> str:
        """How sure the government can be of it, in a word."""
        return assurance_word(self.terms.assurance)


@dataclass(frozen=True, slots=True)
class Unmapped:
    """An activity elsewhere that people took part in and that nobody has decided on."""

    activity: str
    names: Mapping[str, str]
    sender: str
    people: int
    statements: int
    last_at: datetime


def no_courses() -> Mapping[str, KnownCourse]:
    """The lookup of a room that stands alone: there are no courses."""
    return {}


_lookup: CourseLookup = no_courses


def set_course_lookup(lookup: CourseLookup) -> None:
    """Say which courses there are; called once, by the factory."""
    global _lookup
    _lookup = lookup


def courses() -> Mapping[str, KnownCourse]:
    """Every published course by its slug."""
    return _lookup()


def senders() -> Mapping[str, str]:
    """Who may have sent something, by the identifier of its authority; launched units under an empty name."""
    return {**key_names(), identifier(account(LAUNCH)): ""}


def recognitions() -> list[Recognition]:
    """Every decision there ever was, in their order."""
    return [_terms(row) for row in _EVERY.all()]


def decided(actor: Actor) -> list[Decided]:
    """Every decision with its reasons, the newest first, those in force before those withdrawn."""
    policy.must_see(actor)
    found = db.session.execute(_decided().order_by(Row.withdrawn_at.is_not(None), Row.id.desc()))
    return [_decision(row) for row in found]


def decision(actor: Actor, recognition_id: int) -> Decided:
    """One decision; raises NotThere."""
    policy.must_recognise(actor)
    row = db.session.execute(_decided().where(Row.id == recognition_id)).first()
    if row is None:
        raise NotThere()
    return _decision(row)


def unmapped(actor: Actor) -> Sequence[Unmapped]:
    """What others say that people took part in, and that no decision in force is about; the latest first."""
    policy.must_see(actor)
    in_force = [terms for terms in recognitions() if terms.withdrawn_at is None]
    rows: Iterable[Any] = db.session.execute(_outside())
    found = [row for row in rows if not any(terms.covers(row.iri, row.ifi) for terms in in_force)]
    return [
        Unmapped(row.iri, _names(row.definition), row.ifi, row.people, row.statements, row.last_at)
        for row in found[:_SHOWN]
    ]


def told(statement_ids: Collection[UUID]) -> Mapping[UUID, Told]:
    """What some statements from outside are about and who said them; those that were erased are missing."""
    if not statement_ids:
        return {}
    names = senders()
    rows = db.session.execute(
        select(StatementId.id, Activity.iri, Activity.definition, Agent.ifi)
        .join(StatementRow, StatementRow.seq == StatementId.seq)
        .join(Activity, Activity.id == StatementRow.activity_id)
        .join(Agent, Agent.id == StatementRow.authority_id)
        .where(StatementId.id.in_(list(statement_ids)))
    )
    return {id: Told(iri, _names(definition), names.get(ifi)) for id, iri, definition, ifi in rows}


def _decided() -> Select[*tuple[Any, ...]]:
    people = (
        select(func.count(Attainment.person_id.distinct()))
        .where(Attainment.recognition == Row.id, Attainment.revoked_at.is_(None))
        .scalar_subquery()
    )
    return select(*_TERMS, Row.why, Row.decided_by, Row.withdrawn_by, Row.withdrawn_why, people)


def _decision(row: Any) -> Decided:
    return Decided(_terms(row), *row[len(_TERMS) :])


def _terms(row: Any) -> Recognition:
    names = [column.key for column in _TERMS]
    return Recognition(**dict(zip(names, row, strict=False)))


def _outside() -> Select[*tuple[Any, ...]]:
    last = func.max(Attainment.recorded_at).label("last_at")
    return (
        select(
            Activity.iri,
            Activity.definition,
            Agent.ifi,
            func.count(Attainment.person_id.distinct()).label("people"),
            func.count().label("statements"),
            last,
        )
        .select_from(Attainment)
        .join(StatementId, StatementId.id == Attainment.statement_id)
        .join(StatementRow, StatementRow.seq == StatementId.seq)
        .join(Activity, Activity.id == StatementRow.activity_id)
        .join(Agent, Agent.id == StatementRow.authority_id)
        .where(
            Attainment.evidence == "outside",
            Attainment.recognition == UNRECOGNISED,
            Attainment.revoked_at.is_(None),
        )
        .group_by(Activity.iri, Activity.definition, Agent.ifi)
        .order_by(last.desc(), Activity.iri, Agent.ifi)
    )


def _names(definition: str) -> Mapping[str, str]:
    found: Mapping[str, str] = json.loads(definition).get("name", {})
    return found
