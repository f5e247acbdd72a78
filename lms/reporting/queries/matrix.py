"""Agencies × requirements, each with everything beneath it, and role fit beside them (docs/rules.md, section 2.5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TypeVar

from lms.agencies.queries import AgencyRow, Tree
from lms.kernel.actor import Actor
from lms.reporting.queries.asked import Asked, ask, asked_requirements, named_requirement
from lms.reporting.queries.places import places
from lms.reporting.queries.standings import Fits, Standings, fits, standings
from lms.reporting.rules import Cell, Fit, Targets, Totals, tree_totals
from lms.requirements.queries import RequirementRow
from lms.skills.queries import targets

EVERY = "all"
C = TypeVar("C", int, Cell, Fit, Fraction)
_Ranks = Mapping[int, Fraction | None]


@dataclass(frozen=True, slots=True)
class Wish:
    """What the reader of a coverage page chose.

    `opened` are codes of agencies whose units are shown, or "all"; siblings are ordered by name, or by `sort`: the code
    of a requirement, "fit" or "assessed".
    """

    as_at: date | None = None
    known_on: date | None = None
    agency: str | None = None
    requirement: str | None = None
    opened: frozenset[str] = frozenset()
    sort: str = ""
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """An agency with its cells by requirement, alone (`own`) and with everything beneath it (`cells`).

    `headcount` are its people and those beneath it, `full_time` the full-time equivalents of all their posts.
    `agency` is None for people whose agency is not open that day. `beneath` counts the agencies directly under it.
    """

    agency: AgencyRow | None
    depth: int
    beneath: int
    is_open: bool
    own: Mapping[str, Cell]
    cells: Mapping[str, Cell]
    own_fit: Fit
    fit: Fit
    headcount: int
    full_time: Fraction


@dataclass(frozen=True, slots=True)
class Matrix:
    """The figures of a day; `whole` and `fit` are the sums over everything that was asked for.

    `offered` are all requirements the reader may choose from, `requirements` those that are shown.
    """

    asked: Asked
    agency: AgencyRow | None
    scope: frozenset[int]
    offered: tuple[RequirementRow, ...]
    requirements: tuple[RequirementRow, ...]
    lines: tuple[Line, ...]
    whole: Mapping[str, Cell]
    fit: Fit
    standings: Standings
    targets: Targets


def matrix(actor: Actor, wish: Wish | None = None) -> Matrix:
    """The coverage of every agency within the actor's reach; raises NotThere for an agency or requirement beyond it."""
    wish = wish or Wish()
    asked = ask(actor, wish.as_at, wish.known_on)
    agency = asked.agency(wish.agency) if wish.agency else None
    scope = asked.seen if agency is None else asked.tree.subtree([agency.id])
    offered = asked_requirements(asked, scope)
    rows = offered if wish.requirement is None else [_named(asked, wish.requirement, scope, offered)]
    wanted = targets(asked.day)
    found, reached = standings(asked, list({row.code: row for row in (*offered, *rows)}.values())), fits(asked, wanted)
    lost = _lost(asked) if agency is None and asked.everywhere else frozenset()
    return Matrix(
        asked=asked,
        agency=agency,
        scope=scope | lost,
        offered=tuple(offered),
        requirements=tuple(rows),
        lines=tuple(_lines(asked, scope, lost, wish, found, reached)),
        whole={code: _sum(own, scope | lost) for code, own in found.own.items()},
        fit=sum((reached.own[id] for id in scope | lost if id in reached.own), Fit()),
        standings=found,
        targets=wanted,
    )


def _named(asked: Asked, code: str, scope: frozenset[int], offered: Sequence[RequirementRow]) -> RequirementRow:
    found = next((row for row in offered if row.code == code), None)
    return found or named_requirement(asked, code, scope)


def _lost(asked: Asked) -> frozenset[int]:
    """Agencies that people are assigned to although they are not open that day: nobody is dropped."""
    return frozenset(places(asked).by_agency) - asked.tree.rows.keys()


def _sum(own: Mapping[int, Cell], scope: frozenset[int]) -> Cell:
    return sum((own[id] for id in scope if id in own), Cell())


def _lines(
    asked: Asked, scope: frozenset[int], lost: frozenset[int], wish: Wish, found: Standings, reached: Fits
) -> Iterator[Line]:
    tree, placed = asked.tree, places(asked)
    counted = {id: len(ids) for id, ids in placed.by_agency.items()}
    above = {id: parent if parent in scope else None for id, parent in tree.parents.items() if id in scope}
    cells = {code: tree_totals(above, _only(own, scope), Cell()) for code, own in found.own.items()}
    fit = tree_totals(above, _only(reached.own, scope), Fit())
    heads = tree_totals(above, _only(counted, scope), 0)
    hours = tree_totals(above, _only(placed.full_time, scope), Fraction(0))
    for id, depth, is_open in _shown(tree, above, wish, _ranks(wish, cells, fit)):
        theirs = {code: totals[id] for code, totals in cells.items()}
        place = depth, len(tree.children(id)), is_open
        yield _line(tree.rows[id], place, theirs, fit[id], (heads[id].with_descendants, hours[id].with_descendants))
    if lost:
        total = {code: _sum(own, lost) for code, own in found.own.items()}
        beside = sum((reached.own.get(id, Fit()) for id in lost), Fit())
        share = sum((placed.full_time.get(id, Fraction(0)) for id in lost), Fraction(0))
        yield Line(None, 0, 0, False, total, total, beside, beside, sum(counted[id] for id in lost), share)


def _only(own: Mapping[int, C], scope: frozenset[int]) -> dict[int, C]:
    return {id: counts for id, counts in own.items() if id in scope}


def _line(
    agency: AgencyRow,
    place: tuple[int, int, bool],
    cells: Mapping[str, Totals[Cell]],
    fit: Totals[Fit],
    staff: tuple[int, Fraction],
) -> Line:
    own = {code: total.own for code, total in cells.items()}
    total = {code: total.with_descendants for code, total in cells.items()}
    return Line(agency, *place, own, total, fit.own, fit.with_descendants, *staff)


def _ranks(wish: Wish, cells: Mapping[str, Mapping[int, Totals[Cell]]], fit: Mapping[int, Totals[Fit]]) -> _Ranks:
    """By what siblings are ordered: the rate of a requirement, role fit, or how much is assessed."""
    if wish.sort in cells:
        return {id: total.with_descendants.current_rate for id, total in cells[wish.sort].items()}
    if wish.sort == "fit":
        return {id: total.with_descendants.role_fit for id, total in fit.items()}
    if wish.sort == "assessed":
        return {id: total.with_descendants.assessed_share for id, total in fit.items()}
    return {}


def _shown(tree: Tree, above: Mapping[int, int | None], wish: Wish, ranks: _Ranks) -> Iterator[tuple[int, int, bool]]:
    """The topmost agencies with what stands directly beneath them, and beneath those only where they are opened."""
    tops = [id for id, _ in tree.walk() if id in above and above[id] is None]
    waiting = [(id, 0) for id in reversed(_ordered(tops, wish, ranks))]
    while waiting:
        id, depth = waiting.pop()
        below = tree.children(id)
        is_open = bool(below) and (depth == 0 or EVERY in wish.opened or tree.rows[id].code in wish.opened)
        yield id, depth, is_open
        if is_open:
            waiting.extend((child, depth + 1) for child in reversed(_ordered(below, wish, ranks)))


def _ordered(siblings: list[int], wish: Wish, ranks: _Ranks) -> list[int]:
    """Siblings by rank, those without a figure last; by name without ranks."""
    if not ranks:
        return siblings[::-1] if wish.descending else siblings
    known = [(rank, id) for id in siblings if (rank := ranks.get(id)) is not None]
    known.sort(key=lambda pair: pair[0], reverse=wish.descending)
    return [*(id for _, id in known), *(id for id in siblings if ranks.get(id) is None)]
