"""Chains of renewals: what a requirement makes of all that a person achieved (docs/rules.md, section 2.4)."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from lms.requirements.rules import (
    RECURRENCES,
    Evidence,
    PersonFacts,
    Recurrence,
    RequirementTerms,
    Span,
    accept,
    expires_on,
    status_on,
)

D = date.fromisoformat
START = D("2025-01-01")
LATER = D("2035-01-01")
TERMS = RequirementTerms(START, recurrence=Recurrence("from_expiry", 12, 60))


def done(day: str, *, rank: int = 2, recorded: str = "", revoked: str = "") -> Evidence:
    """A completion in short."""
    return Evidence(D(day), rank, D(recorded or day), D(revoked) if revoked else None)


def expiries(*evidence: Evidence, known_on: date = LATER) -> list[date | None]:
    """The expiries given, in the order achieved."""
    return [a.expires_on for a in accept(TERMS, evidence, known_on)]


def test_each_renewal_builds_on_the_one_before() -> None:
    chain = expiries(done("2027-03-01"), done("2025-04-10"), done("2026-03-01"))
    assert chain == [D("2026-04-10"), D("2027-04-10"), D("2028-04-10")]


def test_an_early_repetition_does_not_spoil_the_renewal_in_the_window() -> None:
    assert max(expiries(done("2025-04-10"), done("2026-02-01"), done("2026-03-01")), default=None) == D("2027-04-10")


def test_only_what_counts_is_renewed() -> None:
    attended = done("2025-04-10", rank=1)
    assert expiries(attended, done("2026-03-01")) == [D("2027-03-01")]
    revoked = done("2025-04-10", revoked="2026-01-01")
    assert expiries(revoked, done("2026-03-01"), known_on=D("2026-03-01")) == [D("2027-03-01")]
    assert expiries(revoked, known_on=D("2025-12-31")) == [D("2026-04-10")]
    late = done("2025-04-10", recorded="2026-06-01")
    assert expiries(late, done("2026-03-01"), known_on=D("2026-05-01")) == [D("2027-03-01")]


def test_without_recurrence_nothing_expires() -> None:
    assert [a.expires_on for a in accept(RequirementTerms(START), [done("2025-04-10")], LATER)] == [None]


days = st.integers(0, 1500).map(lambda n: START + timedelta(n))
recurrences = st.builds(
    Recurrence,
    mode=st.sampled_from(RECURRENCES),
    validity_months=st.integers(1, 30),
    window_days=st.integers(0, 120),
    cycle_start_month=st.integers(1, 12),
    early_days=st.integers(0, 90),
)


@settings(max_examples=100, deadline=None, database=None)
@given(recurrences, st.lists(days, max_size=5), days, st.lists(days, min_size=3, max_size=3))
def test_invariant_8_a_renewal_never_shortens_validity(
    recurrence: Recurrence, before: list[date], renewal: date, asked: list[date]
) -> None:
    terms = RequirementTerms(START, recurrence=recurrence)
    evidence = [Evidence(day, 2, day) for day in before]
    without = PersonFacts((Span(START),), accepted=accept(terms, evidence, LATER))
    with_it = PersonFacts((Span(START),), accepted=accept(terms, [*evidence, Evidence(renewal, 2, renewal)], LATER))
    for day in asked:
        old, new = (status_on(facts, terms, day, LATER) for facts in (without, with_it))
        if old.status == "met":
            assert new.status == "met"
            assert (new.expires_on or date.max) >= (old.expires_on or date.max)


@settings(max_examples=50, deadline=None, database=None)
@given(recurrences, days, st.none() | days)
def test_nothing_expires_before_it_was_achieved_and_nothing_held_is_lost(
    recurrence: Recurrence, achieved: date, previous: date | None
) -> None:
    until = expires_on(RequirementTerms(START, recurrence=recurrence), achieved, previous)
    if recurrence.mode == "none":
        assert until is None
    else:
        assert until is not None and until > achieved
    if recurrence.mode == "from_expiry" and previous is not None:
        assert until is not None and until >= previous
