"""Pages along one index, newest first; what no index finds is looked for a stretch at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, select

from lms.kernel.db import run
from lms.xapi.models import StatementRow
from lms.xapi.queries.browsing.asked import LOOKED_AT, Sought, Wish
from lms.xapi.queries.browsing.lines import COLUMNS

AT_ONCE = 25
_row: Any = StatementRow.__table__
_NEWEST: Any = _row.c.seq.desc()


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, newest first, and the numbers from which the pages beside it go on.

    `edge` is the number at which looking stopped before the page was full; None where the page is whole. All that match
    may be counted where that takes no long look.
    """

    rows: Sequence[Any]
    older: int | None = None
    newer: int | None = None
    edge: int | None = None
    may_be_counted: bool = True


def page(wish: Wish, sought: Sought) -> Page:
    """The page that was asked for."""
    end = None if sought.is_dense else _edge(sought, _NEWEST)
    if end is None:  # a way as short as that is looked through whole
        sought = replace(sought, is_dense=True)
    found = None if wish.newer is None else _newer(wish.newer, sought)
    if found is None and (wish.newer is not None or wish.older is None):
        found = _page(sought, end)  # also where hardly any are newer: what is newest, and not a page cut short
    if found is None:
        found = _older(wish.older or 0, sought)
    return replace(found, may_be_counted=sought.is_dense)


def _newer(beyond: int, sought: Sought) -> Page | None:
    """The page above a number; None where it would not be full because nothing is newer."""
    part = sought.within(above=beyond)
    edge = None if sought.is_dense else _edge(part, _row.c.seq)
    rows = run(_rows(part.within(below=edge)).order_by(_row.c.seq)).all()
    if len(rows) > AT_ONCE:
        rows = rows[:AT_ONCE][::-1]
        return Page(rows, rows[-1].seq, rows[0].seq)
    if edge is None:
        return None
    return Page(rows[::-1], rows[0].seq if rows else beyond + 1, edge - 1, edge)


def _older(beyond: int, sought: Sought) -> Page:
    """The page below a number."""
    part = sought.within(below=beyond)
    found = _page(part, None if sought.is_dense else _edge(part, _NEWEST))
    return replace(found, newer=found.rows[0].seq if found.rows else beyond - 1)


def _page(part: Sought, edge: int | None) -> Page:
    """The newest of a part, but nothing from the edge on."""
    rows = run(_rows(part.within(above=edge)).order_by(_NEWEST)).all()
    shown = rows[:AT_ONCE]
    if len(rows) > AT_ONCE:
        return Page(shown, shown[-1].seq)
    return Page(shown, None if edge is None else edge + 1, None, edge)


def _rows(part: Sought) -> Select[*tuple[Any, ...]]:
    """One row more than a page holds."""
    return select(*COLUMNS).where(*part.all).limit(AT_ONCE + 1)


def _edge(part: Sought, order: Any) -> int | None:
    """The number after so many that are looked at; None where there are not so many on the way."""
    wanted = select(_row.c.seq).where(*part.on_the_way).order_by(order).offset(LOOKED_AT).limit(1)
    found: int | None = run(wanted).scalar()
    return found
