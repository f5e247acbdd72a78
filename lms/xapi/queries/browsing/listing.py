"""Pages of statements, newest first, each a range of one index: the thousandth costs what the first does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import func, select

from lms.kernel.db import run
from lms.xapi.models import StatementRow
from lms.xapi.queries.browsing import asked
from lms.xapi.queries.browsing.asked import Sought, Wish
from lms.xapi.queries.browsing.lines import Line, lines
from lms.xapi.queries.browsing.paging import AT_ONCE, Page, page
from lms.xapi.queries.browsing.people import names_of
from lms.xapi.rules import order
from lms.xapi.rules.callings import called

COUNTED = 1000  # beyond this, nobody counts how many match
__all__ = ["AT_ONCE", "COUNTED", "Listing", "listing"]
_row: Any = StatementRow.__table__


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page. `older` and `newer` are the numbers from which its neighbours go on.

    `count` stops after COUNTED; it is None where nobody counted, as no index finds what was asked for. There looking
    may stop before the page is full: `looked_to` is the moment of what it came to. `unknown` is what was asked for
    that is not on record at all: "person", "agent", "activity". `person` and `agent` are the names of those asked for,
    `activity` what is known of the activity asked for.
    """

    lines: Sequence[Line]
    older: int | None
    newer: int | None
    count: int | None
    looked_to: datetime | None
    unknown: frozenset[str]
    person: str
    agent: str
    activity: Mapping[str, Any]


def listing(wish: Wish, language: str) -> Listing:
    """The page that was asked for. The caller has made sure that the record may be seen."""
    known = asked.keys(wish)
    sought = asked.sought(wish, known)
    found = Page([]) if sought is None else page(wish, sought)
    names = names_of({wish.person_id}) if wish.person_id is not None else {}
    agent, definition = known.texts.get("agent"), known.texts.get("activity")
    nobody = {"person"} if wish.person_id is not None and not names else set()
    return Listing(
        lines=lines(found.rows, language),
        older=found.older,
        newer=found.newer,
        count=_count(found, sought),
        looked_to=None if found.edge is None else order.moment_of(found.edge),
        unknown=asked.nowhere_met(wish, known) & {"agent", "activity"} | nobody,
        person=names.get(wish.person_id or 0, ""),
        agent=called(orjson.loads(agent)) if agent else "",
        activity=orjson.loads(definition) if definition else {},
    )


def _count(found: Page, sought: Sought | None) -> int | None:
    if sought is None or (found.older is None and found.newer is None):
        return len(found.rows)
    if not found.may_be_counted:
        return None
    some = select(_row.c.seq).where(*sought.all).limit(COUNTED + 1).subquery()
    return run(select(func.count()).select_from(some)).scalar() or 0
