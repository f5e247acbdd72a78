"""What people attained, and the levels they hold on a day as far as was known at a moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from lms.kernel import clock
from lms.kernel.db import db, run
from lms.skills.models import Attainment
from lms.skills.rules import COUNTS_FROM, assurance_word
from lms.skills.rules.recognition import activity_of

_PART = 2000


@dataclass(frozen=True, slots=True)
class AttainmentRow:
    """Something a person achieved; `expires_on` is the first day it no longer counts."""

    id: int
    target: str
    level: int | None
    rank: int
    achieved_on: date
    expires_on: date | None
    recorded_at: datetime
    revoked_at: datetime | None
    evidence: str
    statement_id: UUID
    recognition: int

    @property
    def assurance(self) -> str:
        """How sure the government can be of it, in a word: participation, tested, verified …"""
        return assurance_word(self.rank)

    @property
    def course_slug(self) -> str | None:
        """The slug of the course, where a course was completed."""
        return self.target.removeprefix("course:") if self.target.startswith("course:") else None

    @property
    def elsewhere(self) -> str | None:
        """The activity, where somebody outside says that it was taken part in."""
        return activity_of(self.target)

    def valid_on(self, day: date) -> bool:
        """Whether it counts on a day."""
        held = self.achieved_on <= day and (self.expires_on is None or day < self.expires_on)
        return held and self.revoked_at is None


def attainments_of(person_id: int) -> list[AttainmentRow]:
    """Everything a person ever attained, newest first; what expired stays in the list."""
    columns = (
        Attainment.id,
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
    wanted = select(*columns).where(Attainment.person_id == person_id)
    newest_first = wanted.order_by(Attainment.achieved_on.desc(), Attainment.id.desc())
    rows: Iterable[Any] = db.session.execute(newest_first)
    return [AttainmentRow(*row) for row in rows]


def levels_of(person_id: int, on: date) -> Mapping[str, int]:
    """A person's level of each competence on a day; a competence that is missing has not been assessed."""
    wanted = select(Attainment.target, func.max(Attainment.level)).where(
        Attainment.person_id == person_id, _counts(on, clock.now())
    )
    rows: Iterable[Any] = db.session.execute(wanted.group_by(Attainment.target))
    return {code: level for code, level in rows}


def latest_levels(on: date, known_at: datetime) -> dict[int, dict[str, int]]:
    """Everybody's level of each competence on a day as known at a moment; who has none assessed is left out."""
    wanted = select(Attainment.person_id, Attainment.target, Attainment.level).where(_counts(on, known_at))
    found: dict[int, dict[str, int]] = {}
    for part in run(wanted).partitions(_PART):  # tens of thousands of rows, of which few need be held at a time
        for person_id, code, level in part:
            theirs = found.get(person_id)
            if theirs is None:
                theirs = found[person_id] = {}
            if level > theirs.get(code, 0):  # the database would sort all rows for this, which takes twice as long
                theirs[code] = level
    return found


def _counts(on: date, known_at: datetime) -> ColumnElement[bool]:
    """A level that is valid on the day, tested or better, and on record at the moment (docs/rules.md, section 1.3)."""
    return and_(
        Attainment.level.is_not(None),
        Attainment.assurance >= COUNTS_FROM,
        Attainment.achieved_on <= on,
        or_(Attainment.expires_on.is_(None), Attainment.expires_on > on),
        Attainment.recorded_at <= known_at,
        or_(Attainment.revoked_at.is_(None), Attainment.revoked_at > known_at),
    )
