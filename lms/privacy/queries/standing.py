"""Holds and rules worked out on the tree of agencies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select

from lms.agencies.models import Agency
from lms.agencies.queries import edges
from lms.kernel import clock
from lms.kernel.db import run
from lms.people.models import Assignment
from lms.xapi.queries import retention
from lms.xapi.queries.retention import HoldRow
from lms.xapi.rules.retention import Due, Held, due


def held() -> Held:
    """What may not go now. An agency's hold reaches over whatever stood beneath it on any day."""
    found = retention.holds()
    below = _below() if any(hold.agency_id is not None for hold in found) else {}
    agencies: set[int] = set()
    for hold in found:
        if hold.agency_id is not None:
            agencies |= _under(hold.agency_id, below)
    return Held(
        persons=frozenset(hold.person_id for hold in found if hold.person_id is not None),
        agencies=frozenset(agencies),
        classes=frozenset(hold.record_class for hold in found if hold.record_class is not None),
    )


def lets_go() -> list[Due]:
    """What the rules in force let go now."""
    rules = [retention.terms(row) for row in retention.rules()]
    return due(rules, _parents(), clock.now()) if rules else []


def hold_on(person_id: int, seqs: Sequence[int]) -> HoldRow | None:
    """The first hold that keeps a person, or one of some statements, from being erased."""
    found = retention.holds()
    if not found:
        return None
    marks = list(retention.marked(seqs))
    persons = {person_id, *(mark.person_id for mark in marks)}
    places = _worked_in(person_id) | {mark.agency_id for mark in marks}
    classes = {mark.record_class for mark in marks}
    below = _below()
    for hold in found:
        reached = hold.agency_id is not None and bool(_under(hold.agency_id, below) & places)
        if reached or hold.person_id in persons - {None} or hold.record_class in classes:
            return hold
    return None


def _worked_in(person_id: int) -> set[int | None]:
    return set(run(select(Assignment.agency_id).where(Assignment.person_id == person_id)).scalars())


def _parents() -> Mapping[int, int | None]:
    """What each agency last stood under, closed ones included."""
    found: dict[int, int | None] = dict.fromkeys(run(select(Agency.id)).scalars())
    for edge in sorted(edges(), key=lambda edge: edge.starts_on):
        if edge.starts_on <= clock.today():
            found[edge.child] = edge.parent
    return found


def _below() -> Mapping[int, Sequence[int]]:
    found: dict[int, list[int]] = {}
    for edge in edges():
        found.setdefault(edge.parent, []).append(edge.child)
    return found


def _under(agency_id: int, below: Mapping[int, Iterable[int]]) -> set[int]:
    """An agency and whatever stood beneath it on any day."""
    found: set[int] = set()
    waiting = [agency_id]
    while waiting:
        at = waiting.pop()
        if at not in found:
            found.add(at)
            waiting += below.get(at, ())
    return found
