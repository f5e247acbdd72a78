"""What a reader of the record asks for, and the ranges of indexes that it means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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
NAMES = {OURS: OWN_AUTHORITY, LAUNCHED: LAUNCH, IMPORTED: "import"}  # of accounts that no key belongs to


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be shown; `sender` is OURS, LAUNCHED, IMPORTED or a key, `end` the last day, and both days are UTC.

    `older` than a number, or `newer` than one: the page beside the one whose edge it was.
    """

    person_id: int | None = None
    agent_id: int | None = None
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


def keys(wish: Wish) -> Keys:
    """The keys of an activity, an agent, a sender and a verb; what nobody ever named is left out."""
    wanted = list(_wanted(wish))
    rows = run(union_all(*wanted)).all() if wanted else []
    return Keys({kind: number for kind, number, _ in rows}, {kind: text for kind, _, text in rows})


def conditions(wish: Wish, known: Keys) -> list[Condition] | None:
    """What holds of those meant, so that the database goes along one index; None where nothing can be meant.

    The filter that finds fewest leads. Where those are few, the others are asked of them: nothing is added to their
    columns, and the database takes that for something no index knows. Else it chooses for itself.
    """
    asked = {"activity": wish.activity, "agent": wish.agent_id, "sender": wish.sender, "verb": wish.verb}
    if any(value and kind not in known.numbers for kind, value in asked.items()):
        return None
    filters = [(column, value) for column, value in _filters(wish, known) if value is not None]
    return [*_led(filters), *_days(wish), *([] if wish.withdrawn else [_row.c.voided_by.is_(None)])]


def _filters(wish: Wish, known: Keys) -> list[Filter]:
    return [
        (_row.c.registration, wish.registration),
        (_row.c.person_id, wish.person_id),
        (_row.c.actor_id, known.numbers.get("agent")),
        (_row.c.activity_id, known.numbers.get("activity")),
        (_row.c.verb_id, known.numbers.get("verb")),
        (_row.c.authority_id, known.numbers.get("sender")),
    ]


def _led(filters: list[Filter]) -> list[Condition]:
    """The filters, led by the one that finds fewest; nobody counts beyond MANY."""
    plain: list[Condition] = [column == value for column, value in filters]
    if len(filters) < 2:
        return plain
    each = []
    for place, (column, value) in enumerate(filters):
        some = select(_row.c.seq).where(column == value).limit(MANY).subquery()
        each.append(select(literal(place).label("place"), func.count().label("found")).select_from(some))
    found, lead = min((found, place) for place, found in run(union_all(*each)))
    if found == MANY:
        return plain
    others = [_unindexed(column) == value for place, (column, value) in enumerate(filters) if place != lead]
    return [plain[lead], *others]


def _unindexed(column: Any) -> Any:
    """A column of keys as something to be looked at row by row; a registration is no number, and leads anyway."""
    return column if column is _row.c.registration else column + 0


def _days(wish: Wish) -> Iterator[Condition]:
    if wish.begin is not None:
        yield _row.c.seq >= first_of(wish.begin)
    if wish.end is not None:
        yield _row.c.seq < first_of(wish.end + timedelta(days=1))


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
