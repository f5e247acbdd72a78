"""The reference's governments in our facts: the worked example, and random ones with staff who move and learn."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from lms.reporting.rules import Post, ageing, round_half_up, tally
from lms.requirements.rules import (
    RECURRENCES,
    STATUSES,
    Accepted,
    DueRule,
    PersonFacts,
    Recurrence,
    RequirementTerms,
    Span,
    Standing,
    status_on,
)
from lms.skills.rules import ASSURANCE
from tests.reference import coverage_ref as ref

START = date(2025, 1, 1)
UNITS = ("GOV", "FIN", "TAX", "HLT")
TREE = {"GOV": None, "FIN": "GOV", "TAX": "FIN", "HLT": "GOV"}


def terms_of(req: Any) -> RequirementTerms:
    """The reference's requirement in our terms."""
    return RequirementTerms(
        req.effective_from,
        due=DueRule(req.initial_days, req.fixed_due, req.min_notice_days),
        recurrence=Recurrence(
            req.recurrence, req.validity_months or 12, req.window_days, req.cycle_start_month, req.early_days
        ),
        grace_days=req.grace_days,
        return_days=req.return_days,
        min_rank=ASSURANCE[req.min_assurance],
        min_level=req.level or 0,
    )


def facts_of(world: Any, person: str, req: Any) -> PersonFacts:
    """What the reference's world says about one person, in our facts."""
    under = {unit for agency in req.agencies for unit in world.subtree(agency)}
    audience = (
        Span(a.start, a.end)
        for a in world.assignments
        if a.person == person
        and a.primary
        and (not req.families or a.family in req.families)
        and (not req.agencies or a.agency in under)
    )
    accepted = (
        Accepted(
            a.achieved_on,
            a.expires_on,
            ASSURANCE[a.assurance],
            a.recorded_on or a.achieved_on,
            a.revoked_on,
            a.level or 0,
        )
        for a in world.attainments
        if a.person == person and a.target == req.target
    )
    return PersonFacts(
        tuple(audience),
        tuple(Span(a.start, a.end) for a in world.absences if a.person == person and a.long_term),
        tuple(Span(start, end) for who, code, start, end in world.exemptions if (who, code) == (person, req.code)),
        tuple(accepted),
    )


def posts_of(world: Any) -> list[Post]:
    """The reference's assignments as our posts."""
    return [Post(a.person, a.agency, a.start, a.end, Fraction(str(a.fte)), a.primary) for a in world.assignments]


def standings_in(world: Any, unit: str, req: Any, day: date, known: date | None = None) -> list[Standing]:
    """Where everybody in a unit stands, by our rules."""
    terms = terms_of(req)
    return [status_on(facts_of(world, p, req), terms, day, known) for p in world.population(unit, day)]


def figures(world: Any, unit: str, req: Any, day: date, known: date | None = None) -> dict[str, Any]:
    """Our coverage of a unit in the form of the expected figures."""
    standings = standings_in(world, unit, req, day, known)
    cell = tally(standings)
    names = ("headcount", *STATUSES, "expiring")
    rates = {
        "current_rate_pct": cell.current_rate,
        "due_compliance_pct": cell.compliance_of_due,
        "overdue_rate_pct": cell.overdue_rate,
    }
    shown = {name: None if rate is None else float(round_half_up(rate * 100)) for name, rate in rates.items()}
    return {
        "as_at": day.isoformat(),
        "unit": unit,
        **{name: getattr(cell, name) for name in names},
        **shown,
        "max_days_overdue": ageing(standings).longest,
    }


def shown_status(standing: Standing) -> list[str | None]:
    """A standing in the form of the expected statuses."""
    when = standing.expires_on if standing.status == "met" else standing.due_on
    return [standing.status, when.isoformat() if when else None]


PEOPLE = ("A", "B", "C")
offsets = st.integers(-100, 400)
lengths = st.integers(1, 250)


def on(offset: int) -> date:
    """A day counted from the start of the random governments."""
    return START + timedelta(offset)


@st.composite
def stretches(draw: st.DrawFn, at_most: int, first: int = 150) -> list[tuple[date, date | None]]:
    """Intervals that do not overlap, in order; some adjacent, the last perhaps open."""
    begin, found = draw(st.integers(-200, first)), []
    for _ in range(draw(st.integers(0, at_most))):
        end = begin + draw(lengths)
        found.append((on(begin), on(end)))
        begin = end + draw(st.sampled_from((0, 0, 1, 40)))
    if found and draw(st.booleans()):
        found[-1] = (found[-1][0], None)
    return found


requirements = st.builds(
    ref.Requirement,
    code=st.just("SEC"),
    target=st.just("course:security"),
    effective_from=st.sampled_from((on(-300), on(-100), START, on(60))),
    initial_days=st.integers(0, 60),
    fixed_due=st.none() | offsets.map(on),
    min_notice_days=st.integers(0, 30),
    recurrence=st.sampled_from(RECURRENCES),
    validity_months=st.integers(1, 15),
    window_days=st.integers(0, 90),
    grace_days=st.integers(0, 30),
    min_assurance=st.sampled_from(("participation", "tested", "verified")),
    return_days=st.integers(0, 40),
    families=st.sampled_from((frozenset(), frozenset(), frozenset({"policy"}))),
    agencies=st.sampled_from((frozenset(), frozenset(), frozenset({"FIN"}), frozenset({"TAX", "HLT"}))),
    level=st.sampled_from((None, None, None, 3)),
)


@st.composite
def governments(draw: st.DrawFn) -> tuple[Any, Any]:
    """A small government with staff who move, pause, are exempt and learn."""
    req = draw(requirements)
    world = ref.World(parents=dict(TREE))
    for person in PEOPLE:
        for start, end in draw(stretches(4, first=-100)) or [(on(-300), None)]:
            agency, family = draw(st.sampled_from(UNITS)), draw(st.sampled_from(("policy", "policy", "admin")))
            world.assignments.append(ref.Assignment(person, agency, start, end, family=family))
        world.absences += [ref.Absence(person, *s, long_term=draw(st.booleans())) for s in draw(stretches(2))]
        world.exemptions += [(person, "SEC", *s) for s in draw(stretches(1))]
        for _ in range(draw(st.integers(0, 3))):
            world.attainments.append(draw(attainments(person, req)))
    return world, req


@st.composite
def attainments(draw: st.DrawFn, person: str, req: Any) -> Any:
    """Something a person achieved, perhaps recorded late, perhaps revoked."""
    achieved = on(draw(offsets))
    return ref.Attainment(
        person,
        draw(st.sampled_from(("course:security", "course:security", "course:other"))),
        achieved,
        ref.expiry(req, achieved, None),
        draw(st.sampled_from(("tested", "certified", *ASSURANCE))),
        draw(st.none() | st.integers(1, 8)),
        draw(st.none() | st.integers(0, 90).map(lambda n: achieved + timedelta(n))),
        draw(st.none() | st.none() | st.integers(0, 200).map(lambda n: achieved + timedelta(n))),
    )
