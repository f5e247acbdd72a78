"""Where a person stands under a requirement on a day (docs/rules.md, section 2.4).

Evaluated once for every person, requirement and month of a report: the loops below stay plain for that reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from lms.requirements.rules.terms import Accepted, Extension, PersonFacts, Reason, RequirementTerms, Span, Status

_NEVER_EXPIRES: Final = date.max


@dataclass(frozen=True, slots=True)
class Standing:
    """A status on a day.

    `due_on`: last day in time, for who does not hold it; `expires_on`: first day not covered, for who does (None:
    for good); `reason` tells who never held it from whose attainment lapsed; `days_overdue` counts from `due_on`.
    """

    status: Status
    due_on: date | None = None
    expires_on: date | None = None
    reason: Reason | None = None
    expiring: bool = False
    days_overdue: int = 0


NOT_APPLICABLE: Final = Standing("not_applicable")
EXCUSED: Final = Standing("excused")
EXEMPT: Final = Standing("exempt")
MET_FOR_GOOD: Final = Standing("met")


def spell_start(spans: Sequence[Span], day: date, known_on: date | None = None) -> date | None:
    """Give the first day of the unbroken spell that contains the day; None outside of any.

    Adjacent half-open spans join, in whatever order they come. Without `known_on`, the day is the day of knowledge.
    """
    known = day if known_on is None else known_on
    if len(spans) == 1:  # nearly everybody
        only = spans[0]
        there = only.start <= day and (only.end is None or day < only.end)
        return only.start if there and only.recorded_on <= known < only.withdrawn_on else None
    on_record = [s for s in spans if s.recorded_on <= known < s.withdrawn_on]
    start: date | None = None
    for span in on_record:
        if span.start <= day and (span.end is None or day < span.end) and (start is None or span.start < start):
            start = span.start
    if start is None or len(on_record) == 1:
        return start
    return _joined_start(on_record, start)


def _joined_start(spans: list[Span], start: date) -> date:
    """Follow adjacent or overlapping spans back to where the spell began."""
    for span in sorted(spans, key=lambda s: s.start, reverse=True):
        if span.start < start and (span.end is None or span.end >= start):
            start = span.start
    return start


def due_on(facts: PersonFacts, terms: RequirementTerms, day: date, known_on: date | None = None) -> date | None:
    """Give the last day on which completing is in time, extensions aside; None outside the audience."""
    known = day if known_on is None else known_on
    since = _since(facts, terms, day, known)
    if since is None:
        return None
    return _due(facts, terms, day, known, since, _held(facts.accepted, terms, day, known)[1])


def status_on(facts: PersonFacts, terms: RequirementTerms, day: date, known_on: date | None = None) -> Standing:
    """Give the first status that holds, in the order of section 2.4.

    Without `known_on`, the day itself is also the day of knowledge.
    """
    known = day if known_on is None else known_on
    since = _since(facts, terms, day, known)
    if since is None:
        return NOT_APPLICABLE
    if facts.absences and any(a.covers(day, known) for a in facts.absences):
        return EXCUSED
    if facts.exemptions and any(e.covers(day, known) for e in facts.exemptions):
        return EXEMPT
    until, lapsed = _held(facts.accepted, terms, day, known)
    if until is not None:
        return _met(until, day, terms.recurrence.window_days)
    due = _due(facts, terms, day, known, since, lapsed)
    if facts.extensions:
        due = _extended(due, facts.extensions, known)
    return _not_met(due, day, terms.grace_days, "never" if lapsed is None else "lapsed")


def standings(
    people: Iterable[PersonFacts], terms: RequirementTerms, day: date, known_on: date | None = None
) -> list[Standing]:
    """Give the standing of many people under one requirement, in the order they came."""
    known = day if known_on is None else known_on
    return [status_on(facts, terms, day, known) for facts in people]


def _since(facts: PersonFacts, terms: RequirementTerms, day: date, known_on: date) -> date | None:
    """Give the first day of the unbroken spell in the audience while the requirement was in force."""
    if day < terms.effective_from or (terms.effective_to is not None and terms.effective_to <= day):
        return None
    start = spell_start(facts.audience, day, known_on)
    return None if start is None else max(start, terms.effective_from)


def _held(
    accepted: tuple[Accepted, ...], terms: RequirementTerms, day: date, known_on: date
) -> tuple[date | None, date | None]:
    """Give the latest expiry of what is valid on the day, and of what has lapsed by the day."""
    until: date | None = None
    lapsed: date | None = None
    for item in accepted:
        if item.achieved_on > day or not _counts(item, terms, known_on):
            continue
        expiry = item.expires_on or _NEVER_EXPIRES
        if expiry > day:
            until = expiry if until is None or expiry > until else until
        else:
            lapsed = expiry if lapsed is None or expiry > lapsed else lapsed
    return until, lapsed


def _counts(item: Accepted, terms: RequirementTerms, known_on: date) -> bool:
    """Say whether an attainment was on record and good enough, as far as was known."""
    if item.recorded_on > known_on or item.assurance_rank < terms.min_rank or item.level < terms.min_level:
        return False
    return item.revoked_on is None or item.revoked_on > known_on


@lru_cache(maxsize=20_000)
def _met(until: date, day: date, window_days: int) -> Standing:
    """Say that a person holds it, and whether renewal is near."""
    if until == _NEVER_EXPIRES:
        return MET_FOR_GOOD
    return Standing("met", None, until, None, (until - day).days <= window_days)


@lru_cache(maxsize=20_000)
def _not_met(due: date, day: date, grace_days: int, reason: Reason) -> Standing:
    """Say how far a person who does not hold it is from, or past, the due day."""
    late = (day - due).days
    if late <= 0:
        return Standing("not_yet_due", due, None, reason)
    if late <= grace_days:
        return Standing("in_grace", due, None, reason)
    return Standing("overdue", due, None, reason, False, late)


def _due(
    facts: PersonFacts, terms: RequirementTerms, day: date, known_on: date, since: date, lapsed: date | None
) -> date:
    """Give the due day: a first period, or the last day of what lapsed; the clock stops during long absences."""
    rule = terms.due
    if rule.fixed_on is None:
        due = since + timedelta(rule.initial_days)
    else:
        due = max(rule.fixed_on, since + timedelta(rule.min_notice_days))
    if lapsed is not None:
        due = max(due, lapsed - timedelta(1))
    return _after_absences(due, facts.absences, terms.return_days, day, known_on) if facts.absences else due


def _after_absences(due: date, absences: tuple[Span, ...], return_days: int, day: date, known_on: date) -> date:
    """Put off the due day for every long absence that began by then and has ended."""
    for absence in sorted(absences, key=lambda a: a.start):
        if not absence.recorded_on <= known_on < absence.withdrawn_on:
            continue
        if absence.end is not None and absence.start <= due and absence.end <= day:
            due = max(due, absence.end + timedelta(return_days))
    return due


def _extended(due: date, extensions: tuple[Extension, ...], known_on: date) -> date:
    """Apply the extension granted for this very due date, if one was on record."""
    granted = (e.until for e in extensions if e.due_on == due and e.recorded_on <= known_on < e.withdrawn_on)
    return max(due, max(granted, default=due))
