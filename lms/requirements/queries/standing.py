"""Where many people stand on many days, worked out in one pass."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from lms.requirements.queries.facts import facts_by_requirement
from lms.requirements.queries.rows import RequirementRow
from lms.requirements.rules import PersonFacts, RequirementTerms, Standing, status_on
from lms.requirements.rules.standing import NOT_APPLICABLE

ByPerson = dict[int, Standing]


def standing_by_person(
    requirement: RequirementRow,
    days: Sequence[date],
    known_at: datetime,
    person_ids: Collection[int] | None = None,
) -> dict[date, ByPerson]:
    """Where everyone who ever had a primary assignment stands on each day, as known at a moment."""
    return standings_by_requirement([requirement], days, known_at, person_ids)[requirement.code]


def standings_by_requirement(
    requirements: Sequence[RequirementRow],
    days: Sequence[date],
    known_at: datetime,
    person_ids: Collection[int] | None = None,
) -> dict[str, dict[date, ByPerson]]:
    """The same under several requirements, by code; one statement whatever their number."""
    found = facts_by_requirement(requirements, known_at, person_ids)
    return {row.code: standings_on(row.terms, days, found[row.code]) for row in requirements}


def standings_on(
    terms: RequirementTerms, days: Sequence[date], people: Mapping[int, PersonFacts]
) -> dict[date, ByPerson]:
    """Where people stand on each day under the same terms."""
    outside = [person_id for person_id, facts in people.items() if not facts.audience]
    within = [(person_id, facts) for person_id, facts in people.items() if facts.audience]
    by_day: dict[date, ByPerson] = {}
    for day in days:
        standing = dict.fromkeys(outside, NOT_APPLICABLE)
        standing.update({person_id: status_on(facts, terms, day) for person_id, facts in within})
        by_day[day] = standing
    return by_day
