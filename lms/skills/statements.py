"""This room's sentences: an assessor has verified somebody's levels; and what the sentences of others say to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from lms.skills.rules import COMPETENCE_MONTHS, assurance_rank
from lms.skills.rules.recognition import Word
from lms.xapi.rules import verbs
from lms.xapi.rules.facts import Draft, Fact, Stamp, Thing
from lms.xapi.rules.iris import is_native
from lms.xapi.rules.naming import known_as
from lms.xapi.statements import extension, iri

PROFILE_NAME: Final = "Role profile"
OUTSIDE_VERBS: Final = frozenset({verbs.COMPLETED, verbs.PASSED, verbs.MASTERED})


@dataclass(frozen=True, slots=True)
class Completion:
    """What the completion of a course says about skills; `levels` is empty unless they were tested."""

    slug: str
    assurance: int
    valid_months: int | None
    levels: Mapping[str, int]
    competence_months: int


def profile_iri() -> str:
    """What a verified profile is about."""
    return iri("frameworks", "role-profile")


def profile_verified(*, stamp: Stamp, levels: Mapping[str, int], verified_by: str, timestamp: datetime) -> Draft:
    """The levels of the person concerned have been confirmed by an assessor."""
    profile = Thing(iri=profile_iri(), type=verbs.PROFILE, name={"en": PROFILE_NAME})
    competences = [Thing(iri=iri("competences", code), type=verbs.COMPETENCY) for code in sorted(levels)]
    return Draft(
        stamp=stamp,
        verb=verbs.VERIFIED,
        object=profile,
        other=competences,
        extensions={
            extension("levels"): {code: levels[code] for code in sorted(levels)},
            extension("verified-by"): verified_by,
        },
        timestamp=timestamp,
    )


def completed_slug(fact: Fact) -> str | None:
    """The slug of the course that a fact completes; None for anything else."""
    start = iri("courses", "")
    if fact.verb != verbs.COMPLETED or not fact.object_iri.startswith(start):
        return None
    slug = fact.object_iri.removeprefix(start)
    return slug if slug and "/" not in slug else None


def completion(fact: Fact) -> Completion | None:
    """What a fact says about skills, if it completes a course."""
    slug = completed_slug(fact)
    if slug is None:
        return None
    said = _extensions(fact)
    rank = assurance_rank(str(said.get(extension("assurance"), "participation")))
    months = said.get(extension("valid-months"))
    competences = said.get(extension("competences"), [])
    levels: dict[str, int] = {}
    for item in competences if rank >= assurance_rank("tested") else ():
        levels[item["code"]] = max(int(item["level"]), levels.get(item["code"], 0))
    lasting = said.get(extension("competence-months")) or COMPETENCE_MONTHS
    return Completion(slug, rank, int(months) if months else None, levels, int(lasting))


def verified_levels(fact: Fact) -> Mapping[str, int] | None:
    """The levels that a fact verifies; None for anything else."""
    if fact.verb != verbs.VERIFIED or fact.object_iri != profile_iri():
        return None
    return {str(code): int(level) for code, level in _extensions(fact).get(extension("levels"), {}).items()}


def is_outside(fact: Fact) -> bool:
    """Whether somebody outside speaks of what one of our people has completed, passed or mastered."""
    return not fact.own and fact.person_id is not None and fact.verb in OUTSIDE_VERBS


def outside_word(fact: Fact) -> Word | None:
    """What somebody outside says that one of our people did elsewhere; None for anything else.

    About what is ours nobody else's word counts; and who contradicts himself says nothing.
    """
    if not is_outside(fact) or not fact.object_iri or is_native(fact.object_iri):
        return None
    result = fact.statement.get("result", {})
    claims_success = fact.verb != verbs.COMPLETED
    if result.get("completion") is False or (claims_success and result.get("success") is False):
        return None
    shows_success = claims_success or result.get("success") is True
    return Word(fact.object_iri, known_as(fact.statement["authority"]), shows_success)


def voided(fact: Fact) -> UUID | None:
    """The statement that a fact withdraws; None for anything else."""
    return UUID(fact.statement["object"]["id"]) if fact.verb == verbs.VOIDED else None


def _extensions(fact: Fact) -> Mapping[str, Any]:
    found: Mapping[str, Any] = fact.statement.get("context", {}).get("extensions", {})
    return found
