"""What is old enough to go by rules, and which rules and holds there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select

from lms.kernel.db import db, run
from lms.xapi.models import Agent, Disposal, LegalHold, RetentionRule, StatementRow, Verb
from lms.xapi.rules import order
from lms.xapi.rules.agents import OWN_ENDING
from lms.xapi.rules.retention import NAMED, VERBS, Due, Held, Rule, class_of


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule as it was recorded."""

    id: int
    record_class: str
    agency_id: int | None
    months: int
    why: str
    recorded_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class HoldRow:
    """A hold as it was laid down: of a person, an agency or a class."""

    id: int
    person_id: int | None
    agency_id: int | None
    record_class: str | None
    reason: str
    since: datetime
    released_at: datetime | None


@dataclass(frozen=True, slots=True)
class DisposalRow:
    """What went by a rule, and when."""

    id: UUID
    rule_id: int
    record_class: str
    agency_id: int | None
    began_at: datetime
    ended_at: datetime | None
    until: datetime
    statements: int
    carried: int


@dataclass(frozen=True, slots=True)
class Marked:
    """A statement by its number, with what a hold may be about."""

    record_class: str
    person_id: int | None
    agency_id: int | None


def rules() -> list[RuleRow]:
    """The rules in force, in the order in which they were recorded."""
    row = RetentionRule
    columns = (row.id, row.record_class, row.agency_id, row.months, row.why, row.recorded_at, row.withdrawn_at)
    return [RuleRow(*found) for found in run(select(*columns).where(row.withdrawn_at.is_(None)).order_by(row.id))]


def terms(found: RuleRow) -> Rule:
    """What a rule says."""
    record_class: Any = found.record_class
    return Rule(found.id, record_class, found.agency_id, found.months)


def holds() -> list[HoldRow]:
    """The holds in force, in the order in which they were laid down."""
    row = LegalHold
    columns = (row.id, row.person_id, row.agency_id, row.record_class, row.reason, row.since, row.released_at)
    return [HoldRow(*found) for found in run(select(*columns).where(row.released_at.is_(None)).order_by(row.id))]


def disposals(limit: int = 20) -> list[DisposalRow]:
    """What went by rules, the latest first."""
    row, rule = Disposal, RetentionRule
    columns = (row.id, row.rule_id, rule.record_class, rule.agency_id, row.began_at, row.ended_at, row.until)
    wanted = select(*columns, row.statements, row.carried).join(rule, rule.id == row.rule_id)
    return [DisposalRow(*found) for found in run(wanted.order_by(row.began_at.desc(), row.id).limit(limit))]


def going(due: Due, held: Held, *, beyond: int = 0, limit: int = 1000) -> list[int]:
    """Numbers of statements that a rule lets go and no hold keeps back, the oldest first."""
    wanted = select(StatementRow.seq).where(*_conditions(due, held), StatementRow.seq > beyond)
    return list(run(wanted.order_by(StatementRow.seq).limit(limit)).scalars())


def counts(due: Due, held: Held) -> dict[int | None, int]:
    """How many statements of each agency a rule lets go now."""
    wanted = select(StatementRow.agency_id, func.count()).where(*_conditions(due, held))
    return {agency: count for agency, count in run(wanted.group_by(StatementRow.agency_id))}


def marked(seqs: Sequence[int]) -> Iterator[Marked]:
    """What holds may say of some statements."""
    own = set(run(select(Agent.id).where(_is_own())).scalars())
    row = StatementRow
    columns = (Verb.iri, row.authority_id, row.person_id, row.agency_id)
    for start in range(0, len(seqs), 500):
        part = seqs[start : start + 500]
        found = run(select(*columns).join(Verb, Verb.id == row.verb_id).where(row.seq.in_(part)))
        for verb, authority, person_id, agency_id in found:
            yield Marked(class_of(verb, own=authority in own), person_id, agency_id)


def agencies_of_person(person_id: int) -> frozenset[int]:
    """The agencies that a person's statements belong to."""
    wanted: Select[Any] = select(StatementRow.agency_id).where(StatementRow.person_id == person_id).distinct()
    return frozenset(found for found in db.session.scalars(wanted) if found is not None)


def _conditions(due: Due, held: Held) -> list[ColumnElement[bool]]:
    row, name = StatementRow, due.rule.record_class
    if name in held.classes:
        return [row.seq < 0]
    own = row.authority_id.in_(select(Agent.id).where(_is_own()))
    found = [row.seq < order.number(due.before), ~own if name == "outside" else own]
    if name == "results":
        found.append(row.verb_id.not_in(select(Verb.id).where(Verb.iri.in_(sorted(NAMED)))))
    elif name != "outside":
        found.append(row.verb_id.in_(select(Verb.id).where(Verb.iri.in_(sorted(VERBS[name])))))
    return [*found, *_of_agencies(due, held), _not_of(held)]


def _of_agencies(due: Due, held: Held) -> list[ColumnElement[bool]]:
    named = sorted(id for id in due.agencies if id is not None and id not in held.agencies)
    among: ColumnElement[bool] = StatementRow.agency_id.in_(named)
    return [or_(among, StatementRow.agency_id.is_(None)) if None in due.agencies else among]


def _not_of(held: Held) -> ColumnElement[bool]:
    return or_(StatementRow.person_id.is_(None), StatementRow.person_id.not_in(sorted(held.persons)))


def _is_own() -> ColumnElement[bool]:
    return Agent.ifi.endswith(OWN_ENDING, autoescape=True)
