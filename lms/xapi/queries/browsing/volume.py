"""How many statements were stored on each of the last days; a day that is over is counted once by each worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, literal, select, union_all

from lms.kernel import clock
from lms.kernel.db import db, run
from lms.kernel.db.unit import dialect
from lms.xapi.models import StatementRow
from lms.xapi.queries.browsing.asked import first_of

DAYS = 30
LATENESS = timedelta(hours=1)  # by which everything that was begun on a day has been stored
_row: Any = StatementRow.__table__
_counted: dict[tuple[str, date], int] = {}


@dataclass(frozen=True, slots=True)
class Day:
    """A day (UTC), and how many statements were stored on it."""

    day: date
    statements: int


def per_day() -> list[Day]:
    """The last days, today's as far as it has come. The caller has made sure that the record may be seen."""
    today, here = clock.today(), db.engine.url.render_as_string()
    days = [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    fresh = _counts([day for day in days if (here, day) not in _counted])
    over = {(here, day): count for day, count in fresh.items() if _is_over(day)}
    if over:
        forget(here, before=days[0])
        _counted.update(over)
    return [Day(day, fresh[day] if day in fresh else _counted[here, day]) for day in days]


def forget(here: str | None = None, *, before: date = date.max) -> None:
    """Count days anew when they are asked for next."""
    for key in [key for key in _counted if key[1] < before and here in (None, key[0])]:
        del _counted[key]


def _is_over(day: date) -> bool:
    return clock.now() >= datetime.combine(day + timedelta(days=1), time(), UTC) + LATENESS


def _counts(days: Sequence[date]) -> dict[date, int]:
    """All in one read."""
    along = _along()
    each = [
        select(literal(place).label("place"), func.count().label("statements"))
        .select_from(_row)
        .where(*along, _row.c.seq >= first_of(day), _row.c.seq < first_of(day + timedelta(days=1)))
        for place, day in enumerate(days)
    ]
    return {days[place]: count for place, count in run(union_all(*each)).tuples()}


def _along() -> list[ColumnElement[bool]]:
    """What keeps SQLite to an index far narrower than the statements: that of authorities, who are few.

    There the statements themselves are what is in the order of their numbers.
    """
    if dialect() != "sqlite":
        return []
    first = select(func.min(_row.c.authority_id).label("id")).cte("authorities", recursive=True)
    beyond = select(func.min(_row.c.authority_id)).where(_row.c.authority_id > first.c.id).scalar_subquery()
    known = first.union_all(select(beyond).where(first.c.id.is_not(None)))
    return [_row.c.authority_id.in_(select(known.c.id))]
