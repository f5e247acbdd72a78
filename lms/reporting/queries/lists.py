"""The people behind a figure: those of a cell by status, and those with targets by what they reach."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import and_, select

from lms.agencies.queries import AgencyRow, tree, visible
from lms.kernel import clock
from lms.kernel.actor import Actor
from lms.kernel.db import db, holds_on, holds_on_as_known
from lms.people.models import Assignment, Person
from lms.reporting.policy import PEOPLE
from lms.reporting.queries.asked import Asked, ask, named_requirement
from lms.reporting.queries.matrix import Wish
from lms.reporting.queries.places import places
from lms.reporting.queries.standings import fits, standings
from lms.reporting.rules import Cell, Fit, tally
from lms.requirements.queries import RequirementRow
from lms.requirements.rules import Standing
from lms.requirements.rules.standing import NOT_APPLICABLE
from lms.skills.queries import targets

PAGE = 50
STATUSES = ("overdue", "in_grace", "not_yet_due", "met", "expiring", "excused", "exempt", "not_applicable")
_URGENCY = {status: rank for rank, status in enumerate(STATUSES)}


@dataclass(frozen=True, slots=True)
class Card:
    """A person as a list shows them; `in_reach` says whether the person's own page is open to the reader today."""

    id: int
    name: str
    agency: str
    title: str
    family: str
    grade: str
    in_reach: bool


@dataclass(frozen=True, slots=True)
class Standee:
    """A person with a standing."""

    card: Card
    standing: Standing


@dataclass(frozen=True, slots=True)
class Reacher:
    """A person with what they reach of the targets of their role."""

    card: Card
    fit: Fit


class _HasCard(Protocol):
    @property
    def card(self) -> Card: ...


R = TypeVar("R", bound=_HasCard)


@dataclass(frozen=True, slots=True)
class Slice:
    """Which part of a list is shown and in which order; without `page` all of it."""

    sort: str = "name"
    descending: bool = False
    page: int | None = 1


@dataclass(frozen=True, slots=True)
class People(Generic[R]):
    """A part of a list; `requirement` and `cell` tell which cell it stands behind, `fit` the sum of role fit."""

    asked: Asked
    agency: AgencyRow
    rows: Sequence[R]
    total: int
    page: int
    pages: int
    requirement: RequirementRow | None
    cell: Cell
    fit: Fit


def people_of_cell(
    actor: Actor, wish: Wish, agency: str, requirement: str, status: str = "", part: Slice | None = None
) -> People[Standee]:
    """The people of a cell, those of one status or all; raises NotThere for a cell out of reach."""
    asked = ask(actor, wish.as_at, wish.known_on, PEOPLE)
    unit = asked.agency(agency)
    scope = asked.tree.subtree([unit.id])
    row = named_requirement(asked, requirement, scope)
    by_person = standings(asked, [row]).people(row)
    theirs = {id: by_person.get(id, NOT_APPLICABLE) for id in places(asked).within(scope)}
    wanted = {id: standing for id, standing in theirs.items() if _holds(standing, status)}
    rows = [Standee(card, wanted[card.id]) for card in _cards(asked, wanted, scope)]
    part = part or Slice()
    shown, page, pages = _cut(_ordered(rows, part, _STANDEE_ORDERS), part)
    near = _reachable(actor, asked, shown)
    return People(asked, unit, near, len(rows), page, pages, row, tally(theirs.values()), Fit())


def people_of_fit(actor: Actor, wish: Wish, agency: str, part: Slice | None = None) -> People[Reacher]:
    """The people of an agency whose roles have targets; raises NotThere for an agency out of reach."""
    asked = ask(actor, wish.as_at, wish.known_on, PEOPLE)
    unit = asked.agency(agency)
    scope = asked.tree.subtree([unit.id])
    wanted = fits(asked, targets(asked.day)).of(places(asked).within(scope))
    rows = [Reacher(card, wanted[card.id]) for card in _cards(asked, wanted, scope)]
    part = part or Slice()
    shown, page, pages = _cut(_ordered(rows, part, _REACHER_ORDERS), part)
    near = _reachable(actor, asked, shown)
    return People(asked, unit, near, len(rows), page, pages, None, Cell(), sum(wanted.values(), Fit()))


def _holds(standing: Standing, status: str) -> bool:
    return not status or standing.status == status or (status == "expiring" and standing.expiring)


def _when(row: Standee) -> date:
    return row.standing.due_on or row.standing.expires_on or date.max


_STANDEE_ORDERS: dict[str, Callable[[Standee], Any]] = {
    "agency": lambda row: row.card.agency.casefold(),
    "status": lambda row: (_URGENCY[row.standing.status], _when(row)),
    "date": _when,
}
_REACHER_ORDERS: dict[str, Callable[[Reacher], Any]] = {
    "agency": lambda row: row.card.agency.casefold(),
    "met": lambda row: row.fit.targets_met,
    "assessed": lambda row: row.fit.assessed_share,
}


def _ordered(rows: list[R], part: Slice, orders: dict[str, Callable[[R], Any]]) -> list[R]:
    """By what was asked for, and by name where that is equal."""
    by_name = sorted(rows, key=lambda row: (row.card.name.casefold(), row.card.id))
    order = orders.get(part.sort)
    if order is None:
        return by_name[::-1] if part.descending else by_name
    return sorted(by_name, key=order, reverse=part.descending)


def _cut(rows: list[R], part: Slice) -> tuple[list[R], int, int]:
    if part.page is None:
        return rows, 1, 1
    pages = max(1, -(-len(rows) // PAGE))
    page = min(max(part.page, 1), pages)
    return rows[(page - 1) * PAGE : page * PAGE], page, pages


def _cards(asked: Asked, wanted: Collection[int], scope: frozenset[int]) -> list[Card]:
    if not wanted:
        return []
    place = (Assignment.agency_id, Assignment.title, Assignment.family, Assignment.grade)
    rows: Any = db.session.execute(
        select(Person.id, Person.name, *place)
        .join(Assignment, Assignment.person_id == Person.id)
        .where(
            Assignment.is_primary,
            Assignment.agency_id.in_(scope),
            holds_on_as_known(Assignment, asked.day, asked.known_at),
        )
    )
    names = {id: row.name for id, row in asked.tree.rows.items()}
    return [
        Card(id, name, names[at], title, family, grade, True)
        for id, name, at, title, family, grade in rows
        if id in wanted
    ]


def _reachable(actor: Actor, asked: Asked, rows: list[R]) -> list[R]:
    """Whose own page the reader may open: people of the past may have gone where the reader does not reach."""
    today = clock.today()
    if asked.everywhere or not rows or (asked.day == today and asked.known_on is None):
        return rows
    primary = and_(Assignment.is_primary, holds_on(Assignment, today))
    ids = [row.card.id for row in rows]
    at: Any = db.session.execute(
        select(Assignment.person_id, Assignment.agency_id).where(primary, Assignment.person_id.in_(ids))
    ).all()
    seen = visible(actor.reach(PEOPLE), tree(today))
    near = {id for id, agency in at if agency in seen}
    return [_marked(row, row.card.id in near) for row in rows]


def _marked(row: R, in_reach: bool) -> R:
    return replace(row, card=replace(row.card, in_reach=in_reach))  # type: ignore[type-var]
