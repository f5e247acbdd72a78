"""What a reader of the record asks for, and the ranges of indexes that it means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, literal, select, union_all

from lms.kernel.db import run
from lms.xapi.models import Activity, Agent, StatementRow, Verb
from lms.xapi.policy import LAUNCH
from lms.xapi.rules import order
from lms.xapi.rules.agents import OWN_AUTHORITY, identifier
from lms.xapi.rules.iris import account

OURS, LAUNCHED, IMPORTED = "own", "launched", "imported"
_row: Any = StatementRow.__table__
Condition = ColumnElement[bool]
Filter = tuple[Any, Any]
MANY = 10_000
NO_NUMBER = 2**63 - 1  # beyond that of any statement
LOOKED_AT = 10_000  # statements for one page, where no index finds what is asked for
NAMES = {OURS: OWN_AUTHORITY, LAUNCHED: LAUNCH, IMPORTED: "import"}  # of accounts that no key belongs to


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be shown; `sender` is OURS, LAUNCHED, IMPORTED or a key, `end` the last day, and both days are UTC.

    `agencies` are the numbers of those to which people belonged when they did something. `older` than a number, or
    `newer` than one: the page beside the one whose edge it was.
    """

    person_id: int | None = None
    agent_id: int | None = None
    agencies: frozenset[int] | None = None
    verb: str = ""
    activity: str = ""
    sender: str = ""
    registration: UUID | None = None
    begin: date | None = None
    end: date | None = None
    withdrawn: bool = False
    older: int | None = None
    newer: int | None = None


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys under which the record knows what was asked for; `texts` is what is known of each."""

    numbers: dict[str, int]
    texts: dict[str, str]


@dataclass(frozen=True, slots=True)
class Sought:
    """What holds of those meant: `way` is an index, `besides` is asked of each row that stands there.

    Their numbers lie between `above` and `below`. It is dense where a page is found near its beginning, or the way is
    short; else looking goes on for ever.
    """

    way: list[Condition]
    besides: list[Condition]
    is_dense: bool
    above: int
    below: int

    def within(self, *, above: int | None = None, below: int | None = None) -> Sought:
        """The part above or below a number. SQLite goes along one bound at each end, so there is never another."""
        higher = self.above if above is None else max(self.above, above)
        lower = self.below if below is None else min(self.below, below)
        return replace(self, above=higher, below=lower)

    @property
    def on_the_way(self) -> list[Condition]:
        """What an index finds."""
        return [*self.way, _row.c.seq > self.above, _row.c.seq < self.below]

    @property
    def all(self) -> list[Condition]:
        """Everything that holds."""
        return [*self.on_the_way, *self.besides]


def keys(wish: Wish) -> Keys:
    """The keys of an activity, an agent, a sender and a verb; what nobody ever named is left out."""
    wanted = list(_wanted(wish))
    rows = run(union_all(*wanted)).all() if wanted else []
    return Keys({kind: number for kind, number, _ in rows}, {kind: text for kind, _, text in rows})


def sought(wish: Wish, known: Keys) -> Sought | None:
    """What holds of those meant, so that the database goes along one index; None where nothing can be meant.

    The filter that finds fewest leads. Where those are few, the others are asked of them: nothing is added to their
    columns, and the database takes that for something no index knows. Else it chooses for itself.
    """
    if nowhere_met(wish, known):
        return None
    filters = [(column, value) for column, value in _filters(wish, known) if value is not None]
    besides: list[Condition] = [] if wish.withdrawn else [_row.c.voided_by.is_(None)]
    if wish.agencies is not None:
        besides.append(_row.c.agency_id.in_(sorted(wish.agencies)))  # which no index knows
    elif len(filters) < 2:
        return Sought([column == value for column, value in filters], besides, True, *_days(wish))
    way, is_few = _led(filters)
    return Sought(way, besides, is_few or wish.agencies is None, *_days(wish))


def nowhere_met(wish: Wish, known: Keys) -> frozenset[str]:
    """What was asked for that no statement ever named."""
    asked = {"activity": wish.activity, "agent": wish.agent_id, "sender": wish.sender, "verb": wish.verb}
    return frozenset(kind for kind, value in asked.items() if value and kind not in known.numbers)


def _filters(wish: Wish, known: Keys) -> list[Filter]:
    return [
        (_row.c.registration, wish.registration),
        (_row.c.person_id, wish.person_id),
        (_row.c.actor_id, known.numbers.get("agent")),
        (_row.c.activity_id, known.numbers.get("activity")),
        (_row.c.verb_id, known.numbers.get("verb")),
        (_row.c.authority_id, known.numbers.get("sender")),
    ]


def _led(filters: list[Filter]) -> tuple[list[Condition], bool]:
    """The filters, led by the one that finds fewest, and whether it finds few."""
    lead = _lead(filters)
    if lead is None:
        return [column == value for column, value in filters], False
    others = [_unindexed(column) == value for place, (column, value) in enumerate(filters) if place != lead]
    column, value = filters[lead]
    return [column == value, *others], True


def _lead(filters: list[Filter]) -> int | None:
    """The place of the filter that finds fewest; None where each finds many, and nobody counts beyond MANY."""
    each = []
    for place, (column, value) in enumerate(filters):
        some = select(_row.c.seq).where(column == value).limit(MANY).subquery()
        each.append(select(literal(place).label("place"), func.count().label("found")).select_from(some))
    counted = run(union_all(*each)).all() if each else []
    found, lead = min(((found, place) for place, found in counted), default=(MANY, 0))
    return None if found == MANY else lead


def _unindexed(column: Any) -> Any:
    """A column of keys as something to be looked at row by row; a registration is no number, and leads anyway."""
    return column if column is _row.c.registration else column + 0


def _days(wish: Wish) -> tuple[int, int]:
    """Between which numbers is what was stored on the days asked for."""
    above = 0 if wish.begin is None else first_of(wish.begin) - 1
    return above, NO_NUMBER if wish.end is None else first_of(wish.end + timedelta(days=1))


def first_of(day: date) -> int:
    """The least number of what is stored on a day."""
    return order.number(datetime.combine(day, time(), UTC))


def sender_account(sender: str) -> str:
    """The account name that stands as the authority of a sender."""
    return NAMES.get(sender, f"key:{sender}")


def _wanted(wish: Wish) -> Iterator[Select[Any, Any, Any]]:
    if wish.verb:
        yield select(literal("verb").label("kind"), Verb.id, Verb.iri).where(Verb.iri == wish.verb)
    if wish.activity:
        yield select(literal("activity"), Activity.id, Activity.definition).where(Activity.iri == wish.activity)
    if wish.sender:
        known = identifier(account(sender_account(wish.sender)))
        yield select(literal("sender"), Agent.id, Agent.payload).where(Agent.ifi == known)
    if wish.agent_id is not None:
        yield select(literal("agent"), Agent.id, Agent.payload).where(Agent.id == wish.agent_id)
