"""What one person owes, in words that say why and by when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from flask_babel import get_locale

from lms.kernel import clock
from lms.requirements.queries.asking import Asking, asked_of_one
from lms.requirements.queries.facts import facts_by_requirement, facts_found
from lms.requirements.queries.rows import RequirementRow, requirements
from lms.requirements.queries.words import reason
from lms.requirements.rules import PersonFacts, Standing, one_obligation, status_on
from lms.requirements.rules.standing import NOT_APPLICABLE
from lms.skills.queries import families


@dataclass(frozen=True, slots=True)
class Obligation:
    """What a person owes for one target: the strictest standing of all requirements that ask for it.

    `code`, `title` and `reason` are of the requirement whose standing that is; `reasons` has one for every source.
    """

    code: str
    title: str
    target: str
    standing: Standing
    reason: str
    reasons: tuple[str, ...]
    sources: tuple[str, ...]

    @property
    def course_slug(self) -> str | None:
        """The slug of the course that is required, if a course is."""
        return self.target.removeprefix("course:") if self.target.startswith("course:") else None

    @property
    def is_open(self) -> bool:
        """Whether something is left to do now."""
        return self.standing.status in ("not_yet_due", "in_grace", "overdue")


def standings_of(person_id: int, day: date | None = None, known_at: datetime | None = None) -> list[Obligation]:
    """Everything a person must hold on a day, the most pressing first; two statements.

    Without `day` it is today where the requirement was laid down; without `known_at`, all that is on record.
    """
    rows = requirements()
    if not rows:
        return []
    found = facts_by_requirement(rows, known_at, [person_id])
    by_target: dict[str, list[tuple[RequirementRow, Standing]]] = {}
    for row in rows:
        by_target.setdefault(row.target, []).append((row, _standing(row, found[row.code].get(person_id), day)))
    owed = [_joined(sources) for sources in by_target.values()]
    return sorted((item for item in owed if item is not None), key=_pressing)


def why_me(person_id: int, slug: str, day: date | None = None, *, language: str = "") -> Obligation | None:
    """Why a person must take a course and by when; None if nothing requires it of them. One statement.

    `language` is the one that is spoken here, for callers that know it.
    """
    asking, found = asked_of_one(person_id, f"course:{slug}")
    if not asking.rows:
        return None
    standings = [
        _standing(row, facts_found(row, found, found.edges).get(person_id), day or clock.today(row.time_zone))
        for row in asking.rows
    ]
    return _why(asking, tuple(standings), language or str(get_locale()))


@lru_cache(maxsize=2000)
def _why(asking: Asking, standings: tuple[Standing, ...], spoken: str) -> Obligation | None:
    """The same for everybody who stands alike; in a language."""
    return _joined(list(zip(asking.rows, standings, strict=True)))


def _standing(row: RequirementRow, facts: PersonFacts | None, day: date | None) -> Standing:
    return status_on(facts, row.terms, day or clock.today(row.time_zone)) if facts else NOT_APPLICABLE


def _joined(sources: Sequence[tuple[RequirementRow, Standing]]) -> Obligation | None:
    """One obligation where several requirements ask for the same target."""
    by_code = {row.code: (row, standing) for row, standing in sources}
    joined = one_obligation({code: standing for code, (_, standing) in by_code.items()})
    if joined is None:
        return None
    strictest = next(code for code in joined.sources if by_code[code][1] == joined.standing)
    ordered = [strictest, *(code for code in joined.sources if code != strictest)]
    row, titles = by_code[strictest][0], families()
    reasons = tuple(reason(*by_code[code], titles) for code in ordered)
    return Obligation(row.code, row.title, row.target, joined.standing, reasons[0], reasons, tuple(ordered))


_ORDER = ("overdue", "in_grace", "not_yet_due", "met", "exempt", "excused")


def _pressing(obligation: Obligation) -> tuple[int, date, str]:
    standing = obligation.standing
    return _ORDER.index(standing.status), standing.due_on or standing.expires_on or date.max, obligation.code
