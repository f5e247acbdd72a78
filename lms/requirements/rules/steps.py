"""On which days a standing changes: the whole course of a person under a requirement (docs/rules.md, section 2.4)."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from lms.requirements.rules.standing import Standing, status_on
from lms.requirements.rules.terms import PersonFacts, RequirementTerms, Status


class Step(NamedTuple):
    """From a day on, to the day of the next step, somebody has a status; `expiring` is part of `met`."""

    day: date
    status: Status
    expiring: bool


def steps(facts: PersonFacts, terms: RequirementTerms) -> tuple[Step, ...]:
    """Give every change of `status_on`, earliest first, each day as known on that day.

    Who has no step yet is not applicable. Between two days on which a fact begins or ends, only time moves a standing.
    """
    found: list[Step] = []
    last: tuple[Status, bool] = "not_applicable", False
    for start, end in pairwise(_turns(facts, terms)):
        day = start
        while day < end:
            standing = status_on(facts, terms, day)
            if (standing.status, standing.expiring) != last:
                last = standing.status, standing.expiring
                found.append(Step(day, *last))
            day = _by_time_alone(standing, terms)
    return tuple(found)


def _turns(facts: PersonFacts, terms: RequirementTerms) -> list[date]:
    """The days on which anything begins, ends, or comes to be known, as far as the person can be concerned."""
    if not facts.audience:
        return []
    first = max(terms.effective_from, min([span.start for span in facts.audience]))
    days = {first, terms.effective_to, date.max}
    for span in (*facts.audience, *facts.absences, *facts.exemptions):
        days.update((span.start, span.end, span.recorded_on, span.withdrawn_on))
    for item in facts.accepted:
        days.update((item.achieved_on, item.expires_on, item.recorded_on, item.revoked_on))
    for extension in facts.extensions:
        days.update((extension.recorded_on, extension.withdrawn_on))
    return sorted([day for day in days if day is not None and first <= day])


def _by_time_alone(standing: Standing, terms: RequirementTerms) -> date:
    """The next day on which the standing is another although no fact is."""
    if standing.status == "met":
        return _expiring_from(standing, terms)
    if standing.due_on is None or standing.status == "overdue":
        return date.max
    late = 1 if standing.status == "not_yet_due" else terms.grace_days + 1
    return standing.due_on + timedelta(late)


def _expiring_from(standing: Standing, terms: RequirementTerms) -> date:
    if standing.expires_on is None or standing.expiring:
        return date.max
    return standing.expires_on - timedelta(terms.recurrence.window_days)
