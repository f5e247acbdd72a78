"""Where everybody stands under every requirement: looked up in what is kept, or worked out from the database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lms.reporting.queries.asked import Asked
from lms.reporting.queries.places import Places, places
from lms.reporting.queries.record import Record, frozen
from lms.reporting.rules import Cell, Fit, Targets, cell_of, fit_on, person_fit, stay_on, tally, total_fit
from lms.requirements.queries import RequirementRow, facts_by_requirement
from lms.requirements.queries.standing import standings_on
from lms.requirements.rules import PersonFacts, Standing
from lms.requirements.rules.standing import NOT_APPLICABLE
from lms.skills.queries import latest_levels

ByAgency = Mapping[int, Cell]


@dataclass(frozen=True, slots=True)
class Standings:
    """By requirement, the cell of each agency by itself on the day.

    `people` gives everybody's standing on the day, `lived` the cells of other days, with people where they were then.
    """

    own: Mapping[str, ByAgency]
    people: Callable[[RequirementRow], Mapping[int, Standing]]
    lived: Callable[[RequirementRow, Sequence[date]], Mapping[date, ByAgency]]


@dataclass(frozen=True, slots=True)
class Fits:
    """How far each agency by itself reaches the targets of the role; `of` says so of each of some people."""

    own: Mapping[int, Fit]
    of: Callable[[Iterable[int]], Mapping[int, Fit]]


def standings(asked: Asked, rows: Sequence[RequirementRow]) -> Standings:
    """Where everybody stands on the day under some requirements."""
    record = asked.record
    key = "standings", asked.when, asked.state, tuple(rows)
    return asked.shelf.get(key, lambda: _kept(asked, record, rows) if record else _judge(asked, rows))


def fits(asked: Asked, targets: Targets) -> Fits:
    """How far everybody reaches the targets of the role on the day."""
    record = asked.record
    key = "fits", asked.when, asked.state, frozen(targets)
    return asked.shelf.get(key, lambda: _kept_fits(asked, record, targets) if record else _compare(asked, targets))


def _kept(asked: Asked, record: Record, rows: Sequence[RequirementRow]) -> Standings:
    day, by_agency = asked.day, places(asked).by_agency

    def lived(row: RequirementRow, days: Sequence[date]) -> dict[date, ByAgency]:
        sums = record.course(row).sums.items()
        cells = {day: {agency: cell_of(counts.on(day)) for agency, counts in sums} for day in days}
        return {day: {agency: cell for agency, cell in found.items() if cell.headcount} for day, found in cells.items()}

    sums = {row.code: record.course(row).sums for row in rows}
    own = {code: {id: cell_of(theirs[id].on(day)) for id in by_agency} for code, theirs in sums.items()}
    return Standings(own, lambda row: record.people(row, day), lived)


def _kept_fits(asked: Asked, record: Record, targets: Targets) -> Fits:
    day, placed, sums = asked.day, places(asked), record.fits(targets)

    def of(ids: Iterable[int]) -> dict[int, Fit]:
        levels = record.having.levels
        return {id: fit_on(levels.get(id, {}), targets[placed.family[id]], day) for id in _aimed(ids, placed, targets)}

    own = {id: Fit(*sums[id].on(day)) if id in sums else Fit() for id in placed.by_agency}
    return Fits(own, of)


def _judge(asked: Asked, rows: Sequence[RequirementRow]) -> Standings:
    placed = places(asked)  # before the facts: whoever comes in between is in neither
    facts = facts_by_requirement(rows, asked.known_at) if rows else {}
    people = {row: standings_on(row.terms, [asked.day], facts[row.code])[asked.day] for row in rows}
    own = {row.code: _tallied(placed.by_agency, found) for row, found in people.items()}
    return Standings(own, people.__getitem__, lambda row, days: _lived(placed, row, facts[row.code], days))


def _lived(
    placed: Places, row: RequirementRow, facts: Mapping[int, PersonFacts], days: Sequence[date]
) -> dict[date, ByAgency]:
    """Each day's cell of every agency by itself, over the whole government."""
    lived: dict[date, ByAgency] = {}
    for day, by_person in standings_on(row.terms, days, facts).items():
        there: dict[int, list[int]] = {}
        for id, theirs in placed.stays.items():
            stay = stay_on(theirs, day)
            if stay is not None:
                there.setdefault(stay.place, []).append(id)
        lived[day] = _tallied(there, by_person)
    return lived


def _tallied(by_agency: Mapping[int, Sequence[int]], people: Mapping[int, Standing]) -> dict[int, Cell]:
    return {agency: tally(people.get(id, NOT_APPLICABLE) for id in ids) for agency, ids in by_agency.items()}


def _compare(asked: Asked, targets: Targets) -> Fits:
    placed = places(asked)
    levels = latest_levels(asked.day, asked.known_at)
    everybody = _aimed(placed.family, placed, targets)
    people = {id: person_fit(levels.get(id, {}), targets[placed.family[id]]) for id in everybody}
    own = {agency: total_fit(people[id] for id in ids if id in people) for agency, ids in placed.by_agency.items()}
    return Fits(own, lambda ids: {id: people[id] for id in ids if id in people})


def _aimed(ids: Iterable[int], placed: Places, targets: Targets) -> list[int]:
    """Those whose job family of the day has targets."""
    return [id for id in ids if placed.family.get(id) in targets]
