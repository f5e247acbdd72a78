"""Until when an attainment counts under a requirement (docs/rules.md, section 2.4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import assert_never

from lms.requirements.rules.terms import Accepted, Evidence, Recurrence, RequirementTerms
from lms.skills.rules import add_months

_YEAR = 12


def expires_on(terms: RequirementTerms, achieved: date, previous: date | None = None) -> date | None:
    """Give the first day an attainment no longer counts; `previous` is the expiry of the one it renews.

    None means it never runs out.
    """
    rule = terms.recurrence
    match rule.mode:
        case "none":
            return None
        case "from_completion":
            return add_months(achieved, rule.validity_months)
        case "from_expiry":
            return _renewed(rule, achieved, previous)
        case "fixed_cycle":
            return _cycle_end(rule, achieved)
    assert_never(rule.mode)


def _renewed(rule: Recurrence, achieved: date, previous: date | None) -> date:
    """Renew from the old expiry inside the window, so that nobody loses time by being early."""
    fresh = add_months(achieved, rule.validity_months)
    if previous is None or achieved >= previous:
        return fresh
    if previous - timedelta(rule.window_days) <= achieved:
        return add_months(previous, rule.validity_months)
    return max(fresh, previous)


def _cycle_end(rule: Recurrence, achieved: date) -> date:
    """Give the end of the cycle after the one achieved in; one later still if that cycle was about to end."""
    year = achieved.year if achieved.month >= rule.cycle_start_month else achieved.year - 1
    end = date(year + 1, rule.cycle_start_month, 1)
    cycles = 2 if (end - achieved).days <= rule.early_days else 1
    return add_months(end, cycles * _YEAR)


def accept(terms: RequirementTerms, evidence: Iterable[Evidence], known_on: date) -> tuple[Accepted, ...]:
    """Give every attainment that the requirement accepts its expiry, in the order achieved.

    Left out: too low an assurance or level, not recorded or already revoked by `known_on`. An attainment may renew
    any expiry reached before it, and the best result counts: so no further attainment ever shortens a validity.
    """
    counted = [e for e in evidence if _counts(terms, e, known_on)]
    counted.sort(key=lambda e: (e.achieved_on, e.recorded_on))
    reached: set[date] = set()
    accepted: list[Accepted] = []
    for item in counted:
        until = _best_expiry(terms, item.achieved_on, reached)
        accepted.append(
            Accepted(item.achieved_on, until, item.assurance_rank, item.recorded_on, item.revoked_on, item.level)
        )
    return tuple(accepted)


def _counts(terms: RequirementTerms, item: Evidence, known_on: date) -> bool:
    """Say whether a requirement accepts an attainment, as far as was known."""
    if item.assurance_rank < terms.min_rank or item.level < terms.min_level or item.recorded_on > known_on:
        return False
    return item.revoked_on is None or item.revoked_on > known_on


def _best_expiry(terms: RequirementTerms, achieved: date, reached: set[date]) -> date | None:
    """Give the latest expiry that renewing any earlier one offers, and remember all that were offered."""
    offered = {expires_on(terms, achieved, previous) for previous in reached if previous > achieved}
    offered.add(expires_on(terms, achieved))
    known = {until for until in offered if until is not None}
    reached |= known
    return max(known, default=None)
