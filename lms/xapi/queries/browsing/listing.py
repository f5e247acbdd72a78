"""Pages of statements, newest first, each a range of one index: the thousandth costs what the first does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
from sqlalchemy import func, select

from lms.kernel.db import run
from lms.xapi.models import StatementRow
from lms.xapi.queries.browsing import asked
from lms.xapi.queries.browsing.asked import Condition, Wish
from lms.xapi.queries.browsing.lines import COLUMNS, Line, lines
from lms.xapi.queries.browsing.people import names_of
from lms.xapi.rules.callings import called

AT_ONCE = 25
COUNTED = 1000  # beyond this, nobody counts how many match
_row: Any = StatementRow.__table__


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page. `older` and `newer` are the numbers from which its neighbours go on; `count` stops after COUNTED.

    `person` and `agent` are the names of those asked for, `activity` what is known of the activity asked for.
    """

    lines: Sequence[Line]
    older: int | None
    newer: int | None
    count: int
    person: str
    agent: str
    activity: Mapping[str, Any]


def listing(wish: Wish, language: str) -> Listing:
    """The page that was asked for. The caller has made sure that the record may be seen."""
    known = asked.keys(wish)
    holds = asked.conditions(wish, known)
    rows, older, newer = ([], False, False) if holds is None else _page(wish, holds)
    person = names_of({wish.person_id}) if wish.person_id is not None else {}
    agent, definition = known.texts.get("agent"), known.texts.get("activity")
    return Listing(
        lines=lines(rows, language),
        older=rows[-1].seq if older else None,
        newer=rows[0].seq if newer else None,
        count=len(rows) if holds is None or not (older or newer) else _count(holds),
        person=person.get(wish.person_id or 0, ""),
        agent=called(orjson.loads(agent)) if agent else "",
        activity=orjson.loads(definition) if definition else {},
    )


def _page(wish: Wish, holds: Sequence[Condition]) -> tuple[Sequence[Any], bool, bool]:
    """Rows, newest first, and whether there are older and newer ones."""
    wanted = select(*COLUMNS).where(*holds).limit(AT_ONCE + 1)
    if wish.newer is not None:
        rows = run(wanted.where(_row.c.seq > wish.newer).order_by(_row.c.seq)).all()
        if len(rows) > AT_ONCE:
            return rows[:AT_ONCE][::-1], True, True
        wish = replace(wish, newer=None, older=None)  # hardly any: what is newest, and not a page cut short
    if wish.older is not None:
        wanted = wanted.where(_row.c.seq < wish.older)
    rows = run(wanted.order_by(_row.c.seq.desc())).all()
    return rows[:AT_ONCE], len(rows) > AT_ONCE, bool(rows) and wish.older is not None


def _count(holds: Sequence[Condition]) -> int:
    some = select(_row.c.seq).where(*holds).limit(COUNTED + 1).subquery()
    return run(select(func.count()).select_from(some)).scalar() or 0
