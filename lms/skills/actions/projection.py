"""What follows from statements for skills: attainments, each with the statement that proves it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from lms.kernel.db import db, run
from lms.skills import statements
from lms.skills.actions import outside
from lms.skills.actions.days import day_of
from lms.skills.models import Attainment
from lms.skills.rules import ASSURANCE, COMPETENCE_MONTHS, add_months
from lms.skills.rules.recognition import UNRECOGNISED
from lms.skills.statements import Completion
from lms.xapi.rules import verbs
from lms.xapi.rules.facts import Draft, Fact

_STABLE = (
    Attainment.person_id,
    Attainment.target,
    Attainment.level,
    Attainment.assurance,
    Attainment.achieved_on,
    Attainment.expires_on,
    Attainment.recorded_at,
    Attainment.revoked_at,
    Attainment.evidence,
    Attainment.statement_id,
    Attainment.recognition,
)

_NEW = insert(Attainment)


class SkillProjector:
    """Keeps attainments: of completed courses, of the competences they tested, and of verified profiles."""

    name = "skills"

    def project(self, fact: Fact) -> None:
        """Write the attainments that follow from a fact of our own, or from the word of others as far as it counts.

        A voided statement proves nothing any more: what it proved is revoked, and stays in history.
        """
        withdrawn = statements.voided(fact)
        if withdrawn is not None:
            outside.settle()
            _revoke(withdrawn, fact.stored)
            return
        if not fact.own:
            outside.project(fact)
            return
        if fact.person_id is None:
            return
        rows = _rows_of(fact)
        if rows:
            run(_NEW, rows)

    def settle(self) -> None:
        """Write what taking part elsewhere counts for."""
        outside.settle()

    def follow(self, fact: Fact) -> Sequence[Draft]:
        """Nothing more is said because somebody attained something."""
        return ()

    def clear(self) -> None:
        """Remove every attainment before a rebuild."""
        db.session.execute(delete(Attainment))

    def contents(self) -> Sequence[tuple[object, ...]]:
        """Every attainment without its row id, in the order of its proof."""
        outside.settle()
        rows = db.session.execute(
            select(*_STABLE).order_by(Attainment.statement_id, Attainment.target, Attainment.recognition)
        )
        return [("attainment", *row) for row in rows]

    def keeps(self, fact: Fact) -> bool:
        """Attainments may follow from it, or end with it."""
        if fact.verb == verbs.VOIDED:
            return True
        if not fact.own:
            return statements.outside_word(fact) is not None
        return statements.completed_slug(fact) is not None or statements.verified_levels(fact) is not None


def _revoke(statement_id: UUID, moment: datetime) -> None:
    theirs = (Attainment.statement_id == statement_id, Attainment.revoked_at.is_(None))
    db.session.execute(update(Attainment).where(*theirs).values(revoked_at=outside.end(moment)))


def _rows_of(fact: Fact) -> list[dict[str, Any]]:
    done = statements.completion(fact)
    if done is not None:
        return _of_completion(fact, done, day_of(fact))
    levels = statements.verified_levels(fact)
    if levels is not None:
        return _of_levels(fact, levels, day_of(fact), COMPETENCE_MONTHS, ASSURANCE["verified"], "profile")
    return []


def _of_completion(fact: Fact, done: Completion, day: date) -> list[dict[str, Any]]:
    until = add_months(day, done.valid_months) if done.valid_months else None
    course = _row(fact, f"course:{done.slug}", None, done.assurance, day, until, "course")
    return [course, *_of_levels(fact, done.levels, day, done.competence_months, done.assurance, "course")]


def _of_levels(
    fact: Fact, levels: Mapping[str, int], day: date, months: int, assurance: int, evidence: str
) -> list[dict[str, Any]]:
    until = add_months(day, months)
    return [_row(fact, code, level, assurance, day, until, evidence) for code, level in sorted(levels.items())]


def _row(
    fact: Fact, target: str, level: int | None, assurance: int, day: date, until: date | None, evidence: str
) -> dict[str, Any]:
    return {
        "person_id": fact.person_id,
        "target": target,
        "level": level,
        "assurance": assurance,
        "achieved_on": day,
        "expires_on": until,
        "recorded_at": fact.stored,
        "evidence": evidence,
        "statement_id": fact.id,
        "recognition": UNRECOGNISED,
    }
