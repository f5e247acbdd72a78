"""Finding statements by what they have in common, as ranges of indexes: the thousandth page costs what the first does.

Every filter is a few places where a statement may be found: a column of its own, or a link. The filter that finds the
fewest leads; from each of its places come as many statements as a page needs, and the other filters are asked of those.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, join, or_, select, true, union

from lms.kernel.db import run
from lms.kernel.db.unit import dialect
from lms.xapi.models import Activity, Agent, Inherited, Link, StatementRow, Verb
from lms.xapi.rules import order
from lms.xapi.rules.facets import Kind
from lms.xapi.rules.parameters import Filters

_row: Any = StatementRow.__table__
_link: Any = Link.__table__
_inherited: Any = Inherited.__table__
Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Place:
    """Where statements may be found: a table with its numbers in order, and what holds of those meant."""

    seq: Any
    holds: Condition

    @property
    def is_own(self) -> bool:
        """Whether it is a column of the statement itself."""
        return self.seq is _row.c.seq


Way = Sequence[Place]


def matching(filters: Filters, *, reader: str | None) -> Sequence[Any]:
    """One statement more than a page holds: number and payload, in the order asked for.

    `reader` is the authority whose statements alone may be seen, by its identifier; None where all may.
    """
    ways = list(_ways(filters))
    known = [way for way in ways if way is not None]
    if len(known) < len(ways):  # something was asked for that no statement ever named
        return []
    conditions: list[Condition] = [_row.c.voided_by.is_(None)]
    if reader is not None:
        key = _key(Agent, Agent.ifi, reader)
        if key is None:
            return []
        known.append([Place(_row.c.seq, _row.c.authority_id == key)])
    return run(_page(known, conditions, filters)).all()


def _page(ways: Sequence[Way], conditions: list[Condition], filters: Filters) -> Select[Any, Any]:
    lead, *others = ways or [[Place(_row.c.seq, _row.c.seq > 0)]]
    asked = [*conditions, *(_also(way) for way in others)]
    branches = [_branch(place, asked, filters) for place in lead]
    if len(branches) == 1:
        return branches[0]
    found = union(*(select(branch.subquery()) for branch in branches)).subquery()
    return _first(select(found), found.c.seq, filters)


def _branch(place: Place, asked: Sequence[Condition], filters: Filters) -> Select[Any, Any]:
    """As many statements from one place as a page needs."""
    within = [place.holds, *_range(filters, place.seq)]
    wanted = select(_row.c.seq, _row.c.payload)
    if place.is_own:
        return _first(wanted.where(*within, *asked), place.seq, filters)
    if dialect() == "sqlite":
        joined = wanted.join_from(place.seq.table, _row, _row.c.seq == place.seq)
        return _first(joined.where(*within, *asked), place.seq, filters)
    # one after the other along the links: left to itself, the planner takes a range that is said of both tables for
    # two that meet by chance, and prepares for far fewer statements than there are
    each = wanted.where(_row.c.seq == place.seq, *asked).limit(1).lateral()
    linked = select(each.c.seq, each.c.payload).select_from(join(place.seq.table, each, true()))
    return _first(linked.where(*within), place.seq, filters)


def _first(wanted: Select[Any, Any], seq: Any, filters: Filters) -> Select[Any, Any]:
    return wanted.order_by(seq.asc() if filters.ascending else seq.desc()).limit(filters.limit + 1)


def _also(way: Way) -> Condition:
    """That a statement is found on another way as well."""
    return or_(*(p.holds if p.is_own else exists().where(p.seq == _row.c.seq, p.holds).correlate(_row) for p in way))


def _range(filters: Filters, seq: Any) -> list[Condition]:
    """What was stored since, until, and beyond the page before, as numbers."""
    found = []
    if filters.since is not None:
        found.append(seq >= order.after(filters.since))
    if filters.until is not None:
        found.append(seq < order.after(filters.until))
    if filters.beyond is not None:
        found.append(seq > filters.beyond if filters.ascending else seq < filters.beyond)
    return found


def _ways(filters: Filters) -> Iterator[Way | None]:
    """The filters as ways to find statements, those first that usually find fewest; None for what nobody named."""
    if filters.registration is not None:
        other = _inherited.alias()
        inherited = Place(other.c.seq, other.c.registration == filters.registration)
        yield [Place(_row.c.seq, _row.c.registration == filters.registration), inherited]
    if filters.agent is not None:
        yield _by_agent(_key(Agent, Agent.ifi, filters.agent), filters.related_agents)
    if filters.activity is not None:
        yield _by_activity(_key(Activity, Activity.iri, filters.activity), filters.related_activities)
    if filters.verb is not None:
        key = _key(Verb, Verb.iri, filters.verb)
        yield None if key is None else [Place(_row.c.seq, _row.c.verb_id == key), _linked(Kind.VERB, key)]


def _by_agent(key: int | None, related: bool) -> Way | None:
    if key is None:
        return None
    way = [Place(_row.c.seq, _row.c.actor_id == key), _linked(Kind.AGENT, key)]
    if related:
        way += [Place(_row.c.seq, _row.c.authority_id == key), _linked(Kind.RELATED_AGENT, key)]
    return way


def _by_activity(key: int | None, related: bool) -> Way | None:
    if key is None:
        return None
    way = [Place(_row.c.seq, _row.c.activity_id == key), _linked(Kind.ACTIVITY, key)]
    if related:
        way.append(_linked(Kind.RELATED_ACTIVITY, key))
    return way


def _linked(kind: Kind, key: int) -> Place:
    link = _link.alias()
    return Place(link.c.seq, and_(link.c.kind == int(kind), link.c.key == key))


def _key(model: Any, column: Any, text: str) -> int | None:
    found: int | None = run(select(model.id).where(column == text)).scalar()
    return found
