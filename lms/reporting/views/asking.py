"""What the address of a page asks for, and the same again as part of another address."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import request
from flask_babel import gettext as _

from lms.kernel.errors import Malformed
from lms.reporting.queries import Slice, Wish

FIRST, LAST = date(1970, 1, 1), date(2100, 12, 31)


def wish() -> Wish:
    """What the reader chose; raises Malformed for a day that is none."""
    asked = request.args
    return Wish(
        as_at=_day("as_at"),
        known_on=_day("known_on"),
        agency=asked.get("agency") or None,
        requirement=asked.get("requirement") or None,
        opened=frozenset(asked.getlist("open")),
        sort=asked.get("sort", ""),
        descending=asked.get("desc") == "1",
    )


def part(*, whole: bool = False, sort: str = "name") -> Slice:
    """Which part of a list is shown, and in which order; all of it for a file."""
    page = None if whole else request.args.get("page", 1, int)
    return Slice(request.args.get("sort") or sort, request.args.get("desc") == "1", page)


def days(chosen: Wish) -> dict[str, Any]:
    """The days of a wish for another page about the same days."""
    return {
        "as_at": chosen.as_at.isoformat() if chosen.as_at else None,
        "known_on": chosen.known_on.isoformat() if chosen.known_on else None,
    }


def whole(chosen: Wish) -> dict[str, Any]:
    """All of a wish, for the same page again."""
    return {
        **days(chosen),
        "agency": chosen.agency,
        "requirement": chosen.requirement,
        "open": sorted(chosen.opened) or None,
        "sort": chosen.sort or None,
        "desc": 1 if chosen.descending else None,
    }


def _day(name: str) -> date | None:
    text = request.args.get(name, "").strip()
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Malformed(_("“%(text)s” is not a day: write it as 2026-03-31.", text=text[:40])) from None
    if not FIRST <= day <= LAST:
        raise Malformed(_("%(day)s is too far away: choose a day from 1970 to 2100.", day=text))
    return day
