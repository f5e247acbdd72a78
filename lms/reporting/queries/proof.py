"""What proves a figure about a person: the statements behind an attainment, and one statement as it is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from json import loads
from typing import Any
from uuid import UUID

from lms.kernel.actor import SYSTEM, Actor
from lms.kernel.errors import NotThere
from lms.reporting.policy import EVIDENCE, PEOPLE
from lms.reporting.queries.person import course_titles, name_within_reach
from lms.skills.queries import Evidence, competences
from lms.skills.queries import evidence as proof_of
from lms.xapi.queries import Entry, trail
from lms.xapi.queries import statement as stored_statement
from lms.xapi.rules import verbs


@dataclass(frozen=True, slots=True)
class Trail:
    """An attainment with the statements that led to it, in the order they happened.

    `answers` counts those that are kept back: the single answers of a quiz are for the learner's eyes alone.
    """

    evidence: Evidence
    title: str
    entries: Sequence[Entry]
    answers: int


@dataclass(frozen=True, slots=True)
class Proof:
    """A statement with the person it is about; nobody of ours where `person_id` is None."""

    entry: Entry
    person_id: int | None
    person: str


def evidence(actor: Actor, person_id: int, attainment_id: int) -> Trail:
    """How somebody attained something; raises NotThere alike for nothing and for what lies out of reach."""
    name_within_reach(actor, person_id, PEOPLE)
    found = proof_of(actor, attainment_id)
    if found.person_id != person_id:
        raise NotThere()
    entries = _entries(loads(found.statement), found.statement_id, person_id, actor.language)
    shown = [entry for entry in entries if not _is_answer(entry)]
    return Trail(found, _title(found.target), shown, len(entries) - len(shown))


def statement(actor: Actor, statement_id: UUID) -> Proof:
    """One statement of a person within reach; raises NotThere for any other.

    Who may see it follows the person, not the agency of that day: it moves along with the record it belongs to. A
    single answer of a quiz is not there for anybody.
    """
    entry = stored_statement(SYSTEM, statement_id, language=actor.language)
    if _is_answer(entry):
        raise NotThere()
    if entry.person_id is not None:
        return Proof(entry, entry.person_id, name_within_reach(actor, entry.person_id, EVIDENCE))
    if not actor.reach(EVIDENCE).everywhere:
        raise NotThere()
    return Proof(entry, None, "")


def _entries(payload: Mapping[str, Any], statement_id: UUID, person_id: int, language: str) -> list[Entry]:
    registration = payload.get("context", {}).get("registration")
    if registration is None:
        return [stored_statement(SYSTEM, statement_id, language=language)]
    return [entry for entry in trail(UUID(registration), language=language) if entry.person_id == person_id]


def _is_answer(entry: Entry) -> bool:
    return bool(entry.statement["verb"]["id"] == verbs.ANSWERED)


def _title(target: str) -> str:
    if target.startswith("course:"):
        slug = target.removeprefix("course:")
        return course_titles([slug]).get(slug, slug)
    competence = competences().get(target)
    return f"{target} {competence.title}" if competence else target
