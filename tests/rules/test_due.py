"""Expiry, due dates and statuses of required learning (docs/rules.md, sections 2.2, 2.4 and 4.1)."""

from __future__ import annotations

from datetime import date

import pytest

from lms.requirements.rules import (
    Accepted,
    DueRule,
    Extension,
    PersonFacts,
    Recurrence,
    RequirementTerms,
    Span,
    Standing,
    UnusableTerms,
    add_months,
    due_on,
    expires_on,
    one_obligation,
    spell_start,
    standings,
    status_on,
)

D = date.fromisoformat
TERMS = RequirementTerms(D("2025-01-01"), recurrence=Recurrence("from_expiry", 12, 60))
SINCE_2024 = (Span(D("2024-01-01")),)
AS_AT = D("2026-03-31")


def held(achieved: str, expires: str | None, *, rank: int = 2, recorded: str = "", revoked: str = "") -> Accepted:
    """An accepted attainment in short."""
    return Accepted(
        D(achieved), D(expires) if expires else None, rank, D(recorded or achieved), D(revoked) if revoked else None
    )


@pytest.mark.parametrize(
    ("achieved", "previous", "until"),
    [
        ("2026-03-01", "2026-04-10", "2027-04-10"),
        ("2025-12-01", "2026-04-10", "2026-12-01"),
        ("2026-05-02", "2026-04-10", "2027-05-02"),
        ("2026-04-10", "2026-04-10", "2027-04-10"),
        ("2026-02-09", "2026-04-10", "2027-04-10"),
        ("2026-02-08", "2026-04-10", "2027-02-08"),
        ("2026-03-01", None, "2027-03-01"),
    ],
)
def test_renewal_from_expiry_loses_no_time_inside_the_window(achieved: str, previous: str | None, until: str) -> None:
    assert expires_on(TERMS, D(achieved), D(previous) if previous else None) == D(until)


def test_an_early_renewal_never_shortens_what_was_held() -> None:
    terms = RequirementTerms(D("2024-01-01"), recurrence=Recurrence("from_expiry", 3, 10))
    assert expires_on(terms, D("2026-01-01"), D("2026-12-31")) == D("2026-12-31")


def test_a_cycle_that_ends_within_the_early_days_is_skipped() -> None:
    cycle = RequirementTerms(D("2024-01-01"), recurrence=Recurrence("fixed_cycle", early_days=60))
    until = [expires_on(cycle, D(day)) for day in ("2026-01-30", "2026-01-31")]
    assert until == [D("2027-04-01"), D("2028-04-01")]


def test_the_other_recurrences() -> None:
    start = D("2024-01-01")
    assert expires_on(RequirementTerms(start), D("2025-11-02")) is None
    completion = RequirementTerms(start, recurrence=Recurrence("from_completion", 12))
    assert expires_on(completion, D("2026-03-01"), D("2026-04-10")) == D("2027-03-01")
    cycle = RequirementTerms(start, recurrence=Recurrence("fixed_cycle"))
    assert expires_on(cycle, D("2025-11-02")) == D("2027-04-01")
    early = RequirementTerms(start, recurrence=Recurrence("fixed_cycle", early_days=60))
    assert expires_on(early, D("2026-03-10")) == D("2028-04-01")
    assert expires_on(early, D("2026-04-01")) == D("2028-04-01")


def test_months_clamp_to_the_end_of_the_month() -> None:
    assert add_months(D("2024-02-29"), 12) == D("2025-02-28")
    assert add_months(D("2025-01-31"), 1) == D("2025-02-28")
    assert add_months(D("2025-12-15"), 1) == D("2026-01-15")
    assert add_months(D("2026-03-31"), -1) == D("2026-02-28")


def test_joiners_are_not_due_then_in_grace_then_overdue() -> None:
    facts = PersonFacts((Span(D("2026-01-01")),))
    assert status_on(facts, TERMS, D("2026-01-31")) == Standing("not_yet_due", D("2026-01-31"), reason="never")
    assert status_on(facts, TERMS, D("2026-02-01")).status == "in_grace"
    assert status_on(facts, TERMS, D("2026-02-14")).status == "in_grace"
    late = status_on(facts, TERMS, D("2026-02-15"))
    assert (late.status, late.days_overdue, late.reason) == ("overdue", 15, "never")


def test_no_status_before_the_requirement_nor_after_it_nor_outside_an_assignment() -> None:
    terms = RequirementTerms(D("2025-01-01"), D("2026-01-01"))
    facts = PersonFacts((Span(D("2024-01-01"), D("2025-06-01")),))
    applies = [status_on(facts, terms, D(day)).status != "not_applicable" for day in ("2024-12-31", "2025-01-01")]
    assert applies == [False, True]
    assert status_on(facts, terms, D("2025-05-31")).status == "overdue"
    assert status_on(facts, terms, D("2025-06-01")).status == "not_applicable"
    assert status_on(PersonFacts(SINCE_2024), terms, D("2026-01-01")).status == "not_applicable"
    assert due_on(PersonFacts(()), terms, D("2025-06-01")) is None


def test_the_first_period_starts_no_earlier_than_the_requirement() -> None:
    assert due_on(PersonFacts(SINCE_2024), TERMS, AS_AT) == D("2025-01-31")


def test_a_fixed_date_gives_a_minimum_notice() -> None:
    terms = RequirementTerms(D("2025-01-01"), due=DueRule(fixed_on=D("2025-06-30"), min_notice_days=14))
    assert due_on(PersonFacts(SINCE_2024), terms, D("2025-05-01")) == D("2025-06-30")
    assert due_on(PersonFacts((Span(D("2025-06-25")),)), terms, D("2025-06-25")) == D("2025-07-09")


def test_absence_comes_before_exemption_and_exemption_before_a_certificate() -> None:
    certificate = (held("2026-01-01", "2027-01-01"),)
    away = (Span(D("2026-03-01"), D("2026-04-01")),)
    assert status_on(PersonFacts(SINCE_2024, away, away, certificate), TERMS, AS_AT).status == "excused"
    assert status_on(PersonFacts(SINCE_2024, (), away, certificate), TERMS, AS_AT).status == "exempt"
    assert status_on(PersonFacts(SINCE_2024, (), (), certificate), TERMS, AS_AT).status == "met"


def test_on_the_day_of_return_from_absence_the_due_date_is_put_off() -> None:
    facts = PersonFacts(SINCE_2024, (Span(D("2025-01-10"), D("2026-03-31")),))
    assert status_on(facts, TERMS, D("2026-03-30")).status == "excused"
    assert status_on(facts, TERMS, AS_AT) == Standing("not_yet_due", D("2026-04-28"), reason="never")


def test_one_absence_after_the_other_puts_the_due_date_off_in_whatever_order_they_are_listed() -> None:
    first, second = Span(D("2025-01-10"), D("2025-03-01")), Span(D("2025-03-20"), D("2025-09-01"))
    due = [due_on(PersonFacts(SINCE_2024, order), TERMS, AS_AT) for order in ((first, second), (second, first))]
    assert due == [D("2025-09-29")] * 2


def test_an_absence_puts_off_the_due_date_if_it_begins_on_the_due_day_and_not_one_later() -> None:
    due = [
        due_on(PersonFacts(SINCE_2024, (Span(D(day), D("2025-03-01")),)), TERMS, AS_AT)
        for day in (
            "2025-01-31",
            "2025-02-01",
        )
    ]
    assert due == [D("2025-03-29"), D("2025-01-31")]


def test_an_exemption_that_ends_before_the_due_date_changes_nothing() -> None:
    facts = PersonFacts((Span(D("2026-03-01")),), (), (Span(D("2026-03-02"), D("2026-03-15")),))
    assert status_on(facts, TERMS, D("2026-03-20")) == Standing("not_yet_due", D("2026-03-31"), reason="never")


def test_a_certificate_counts_up_to_the_day_before_it_expires() -> None:
    facts = PersonFacts(SINCE_2024, accepted=(held("2025-04-10", "2026-04-10"),))
    assert status_on(facts, TERMS, D("2026-02-08")) == Standing("met", expires_on=D("2026-04-10"))
    assert status_on(facts, TERMS, D("2026-02-09")) == Standing("met", expires_on=D("2026-04-10"), expiring=True)
    assert status_on(facts, TERMS, D("2026-04-09")).status == "met"
    lapsed = status_on(facts, TERMS, D("2026-04-10"))
    assert lapsed == Standing("in_grace", D("2026-04-09"), reason="lapsed")
    assert status_on(facts, TERMS, D("2026-04-24")).days_overdue == 15


def test_a_certificate_without_expiry_counts_for_good() -> None:
    facts = PersonFacts(SINCE_2024, accepted=(held("2025-04-10", None), held("2025-05-10", "2026-05-10")))
    assert status_on(facts, TERMS, D("2040-01-01")) == Standing("met")


def test_what_is_achieved_later_does_not_count_yet_even_if_already_known() -> None:
    facts = PersonFacts(SINCE_2024, accepted=(held("2026-04-02", "2027-04-02"),))
    assert status_on(facts, TERMS, AS_AT, D("2026-05-01")).reason == "never"


def test_too_low_an_assurance_or_level_does_not_count() -> None:
    terms = RequirementTerms(D("2025-01-01"), min_level=3)
    low = Accepted(D("2025-02-01"), None, 2, D("2025-02-01"), None, 2)
    high = Accepted(D("2025-02-01"), None, 2, D("2025-02-01"), None, 3)
    rated = Accepted(D("2025-02-01"), None, 0, D("2025-02-01"), None, 8)
    statuses = [status_on(PersonFacts(SINCE_2024, accepted=(a,)), terms, AS_AT).status for a in (low, high, rated)]
    assert statuses == ["overdue", "met", "overdue"]


def test_a_late_record_and_a_revocation_change_only_what_is_known_afterwards() -> None:
    late = PersonFacts(SINCE_2024, accepted=(held("2026-03-30", "2027-03-30", recorded="2026-04-05"),))
    assert status_on(late, TERMS, AS_AT, AS_AT).status == "overdue"
    assert status_on(late, TERMS, AS_AT, D("2026-04-05")).status == "met"
    revoked = PersonFacts(SINCE_2024, accepted=(held("2025-10-01", "2026-10-01", revoked="2026-04-10"),))
    assert status_on(revoked, TERMS, AS_AT, D("2026-04-09")).status == "met"
    assert status_on(revoked, TERMS, AS_AT, D("2026-04-10")).reason == "never"


def test_staff_facts_count_from_when_they_were_recorded_to_when_they_were_withdrawn() -> None:
    absence = Span(D("2026-03-01"), None, recorded_on=D("2026-04-03"), withdrawn_on=D("2026-04-20"))
    facts = PersonFacts(SINCE_2024, (absence,))
    known = {day: status_on(facts, TERMS, AS_AT, D(day)).status for day in ("2026-04-02", "2026-04-03", "2026-04-20")}
    assert known == {"2026-04-02": "overdue", "2026-04-03": "excused", "2026-04-20": "overdue"}
    moved = PersonFacts((Span(D("2026-03-01"), None, recorded_on=D("2026-04-01")),))
    assert status_on(moved, TERMS, AS_AT).status == "not_applicable"
    assert status_on(moved, TERMS, AS_AT, D("2026-04-01")).status == "not_yet_due"


def test_a_spell_joins_adjacent_spans_in_any_order_and_breaks_at_a_gap() -> None:
    a, b, c = Span(D("2024-01-01"), D("2025-01-01")), Span(D("2025-01-01"), D("2026-02-01")), Span(D("2026-02-01"))
    assert spell_start((c, a, b), AS_AT) == D("2024-01-01")
    assert spell_start((a, c), AS_AT) == D("2026-02-01")
    assert spell_start((a, c), D("2025-06-01")) is None
    assert spell_start((Span(D("2024-06-01"), D("2026-03-01")), a, c), AS_AT) == D("2024-01-01")


def test_a_same_day_transfer_starts_no_new_period_while_the_requirement_keeps_matching() -> None:
    moved = (Span(D("2025-03-01"), D("2026-03-31")), Span(D("2026-03-31")))
    assert status_on(PersonFacts(moved), TERMS, AS_AT).due_on == D("2025-03-31")


def test_leaving_the_audience_and_coming_back_starts_a_new_period() -> None:
    facts = PersonFacts((Span(D("2025-03-01"), D("2025-09-01")), Span(D("2026-03-15"))))
    assert status_on(facts, TERMS, AS_AT) == Standing("not_yet_due", D("2026-04-14"), reason="never")


def test_an_extension_moves_the_due_date_it_names_and_keeps_the_original() -> None:
    extension = Extension(D("2026-03-02"), D("2026-04-30"), recorded_on=D("2026-02-20"))
    facts = PersonFacts((Span(D("2026-01-31")),), extensions=(extension,))
    assert status_on(facts, TERMS, AS_AT).due_on == D("2026-04-30")
    assert due_on(facts, TERMS, AS_AT) == D("2026-03-02")
    assert status_on(facts, TERMS, D("2026-03-03"), D("2026-02-19")).status == "in_grace"
    another = PersonFacts((Span(D("2026-01-01")),), extensions=(extension,))
    assert status_on(another, TERMS, AS_AT).due_on == D("2026-01-31")


def test_two_requirements_on_one_target_make_one_obligation_with_the_strictest_standing() -> None:
    facts = PersonFacts((Span(D("2026-03-01")),))
    mild, strict = TERMS, RequirementTerms(D("2025-01-01"), due=DueRule(initial_days=10), grace_days=40)
    both = one_obligation({"MILD": status_on(facts, mild, AS_AT), "STRICT": status_on(facts, strict, AS_AT)})
    assert both is not None
    assert (both.standing.status, both.standing.due_on) == ("in_grace", D("2026-03-11"))
    assert both.sources == ("MILD", "STRICT")
    shortest = one_obligation({"A": Standing("met", expires_on=D("2027-01-01")), "B": Standing("met")})
    assert shortest is not None and shortest.standing.expires_on == D("2027-01-01")
    assert one_obligation({"A": Standing("not_applicable")}) is None


def test_many_people_get_their_standings_in_order() -> None:
    people = [PersonFacts(SINCE_2024), PersonFacts(()), PersonFacts((Span(AS_AT),))]
    assert [s.status for s in standings(people, TERMS, AS_AT)] == ["overdue", "not_applicable", "not_yet_due"]
    assert standings(people, TERMS, AS_AT) == [status_on(facts, TERMS, AS_AT) for facts in people]


def test_terms_that_make_no_sense_are_refused_by_name() -> None:
    with pytest.raises(UnusableTerms, match="at least 1 month"):
        Recurrence("from_expiry", 0)
    with pytest.raises(UnusableTerms, match="unknown"):
        Recurrence("weekly")  # type: ignore[arg-type]
    with pytest.raises(UnusableTerms, match="1 to 12"):
        Recurrence("fixed_cycle", cycle_start_month=13)
    with pytest.raises(UnusableTerms, match="window"):
        Recurrence(window_days=-1)
    with pytest.raises(UnusableTerms, match="negative period"):
        DueRule(-1)
    with pytest.raises(UnusableTerms, match="Grace"):
        RequirementTerms(D("2025-01-01"), grace_days=-1)
