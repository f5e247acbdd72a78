"""What one person owes, in words that say why and by when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from flask_babel import get_locale

from lms.kernel import clock
from lms.requirements.queries.facts import facts_by_requirement
from lms.requirements.queries.rows import RequirementRow, requirements, requirements_asking_for
from lms.requirements.queries.words import reason
from lms.requirements.rules import Standing, one_obligation, status_on
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
    return _obligations(person_id, requirements(), day, known_at)


def why_me(person_id: int, slug: str, day: date | None = None) -> Obligation | None:
    """Why a person must take a course and by when; None if nothing requires it of them."""
    asking = requirements_asking_for(f"course:{slug}")
    return next(iter(_obligations(person_id, asking, day, None)), None) if asking else None


def _obligations(
    person_id: int, rows: Sequence[RequirementRow], day: date | None, known_at: datetime | None
) -> list[Obligation]:
    if not rows:
        return []
    found = facts_by_requirement(rows, known_at, [person_id])
    by_target: dict[str, dict[str, tuple[RequirementRow, Standing]]] = {}
    for row in rows:
        facts = found[row.code].get(person_id)
        standing = status_on(facts, row.terms, day or clock.today(row.time_zone)) if facts else NOT_APPLICABLE
        by_target.setdefault(row.target, {})[row.code] = row, standing
    owed = [_joined(sources) for sources in by_target.values()]
    return sorted((item for item in owed if item is not None), key=_pressing)


def _joined(by_code: dict[str, tuple[RequirementRow, Standing]]) -> Obligation | None:
    """One obligation where several requirements ask for the same target."""
    joined = one_obligation({code: standing for code, (_, standing) in by_code.items()})
    if joined is None:
        return None
    language = str(get_locale())
    strictest = next(code for code in joined.sources if by_code[code][1] == joined.standing)
    ordered = [strictest, *(code for code in joined.sources if code != strictest)]
    row = by_code[strictest][0]
    reasons = tuple(_reason(*by_code[code], language) for code in ordered)
    return Obligation(row.code, row.title, row.target, joined.standing, reasons[0], reasons, tuple(ordered))


@lru_cache(maxsize=1000)
def _reason(row: RequirementRow, standing: Standing, language: str) -> str:
    """The same words for everybody who stands alike; in a language."""
    return reason(row, standing, families())


_ORDER = ("overdue", "in_grace", "not_yet_due", "met", "exempt", "excused")


def _pressing(obligation: Obligation) -> tuple[int, date, str]:
    standing = obligation.standing
    return _ORDER.index(standing.status), standing.due_on or standing.expires_on or date.max, obligation.code
