"""Where everybody stands under every requirement, worked out once for a state of the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lms.reporting.queries.asked import Asked
from lms.reporting.queries.places import places
from lms.reporting.queries.shelf import Shelf
from lms.reporting.rules import Cell, Fit, person_fit, tally, total_fit
from lms.requirements.queries import RequirementRow, facts_by_requirement
from lms.requirements.queries.standing import standings_on
from lms.requirements.rules import PersonFacts, Standing
from lms.requirements.rules.standing import NOT_APPLICABLE
from lms.skills.queries import latest_levels

Targets = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Standings:
    """By requirement: the facts, everybody's standing on the day, and the cell of each agency by itself."""

    facts: Mapping[str, Mapping[int, PersonFacts]]
    people: Mapping[str, Mapping[int, Standing]]
    own: Mapping[str, Mapping[int, Cell]]


@dataclass(frozen=True, slots=True)
class Fits:
    """How far everybody reaches the targets of the role; and the sum of each agency by itself."""

    people: Mapping[int, Fit]
    own: Mapping[int, Fit]


_standings: Shelf[Standings] = Shelf()
_fits: Shelf[Fits] = Shelf()


def standings(asked: Asked, rows: Sequence[RequirementRow]) -> Standings:
    """Where everybody stands on the day under some requirements."""
    return _standings.get((asked.when, asked.version.standings, tuple(rows)), lambda: _judge(asked, rows))


def fits(asked: Asked, targets: Targets) -> Fits:
    """How far everybody reaches the targets of the role on the day."""
    frozen = tuple(sorted((family, tuple(sorted(levels.items()))) for family, levels in targets.items()))
    return _fits.get((asked.when, asked.version.levels, frozen), lambda: _compare(asked, targets))


def _judge(asked: Asked, rows: Sequence[RequirementRow]) -> Standings:
    by_agency = places(asked).by_agency  # before the facts: whoever comes in between is in neither
    facts = facts_by_requirement(rows, asked.known_at) if rows else {}
    people: dict[str, Mapping[int, Standing]] = {}
    own: dict[str, Mapping[int, Cell]] = {}
    for row in rows:
        found = standings_on(row.terms, [asked.day], facts[row.code])[asked.day]
        people[row.code] = found
        own[row.code] = {
            agency: tally(found.get(id, NOT_APPLICABLE) for id in ids) for agency, ids in by_agency.items()
        }
    return Standings(facts, people, own)


def _compare(asked: Asked, targets: Targets) -> Fits:
    placed = places(asked)
    levels = latest_levels(asked.day, asked.known_at)
    people = {
        id: person_fit(levels.get(id, {}), targets[family]) for id, family in placed.family.items() if family in targets
    }
    own = {agency: total_fit(people[id] for id in ids if id in people) for agency, ids in placed.by_agency.items()}
    return Fits(people, own)
