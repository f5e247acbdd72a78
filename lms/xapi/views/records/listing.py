"""The list of statements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from lms.web.guards import allowed, current_actor
from lms.xapi import policy
from lms.xapi.actions import looking
from lms.xapi.queries import browsing
from lms.xapi.queries.browsing import COUNTED, LOOKED_AT, Day, Listing, Something
from lms.xapi.views.records import asking, wording
from lms.xapi.views.records.asking import Asked, Meant
from lms.xapi.views.records.blueprint import blueprint

QUARTERS = 4  # lines of the chart's grid


@blueprint.get("")
@allowed(policy.SEE, scope="everywhere")
def statements() -> ResponseReturnValue:
    """What is on record, newest first, and how much came in of late."""
    asked = asking.asked()
    if asked.onward:
        return redirect(asked.onward)
    found = browsing.listing(asked.wish, wording.language()) if asked.is_clear else None
    asking.tell_unknown(asked, found.unknown if found else set())
    if asked.form.errors:
        return _shown(asked, None), 422
    people = sorted({line.person_id for line in found.lines if line.person_id}) if found else []
    actor = current_actor()
    looking.note_look(actor=actor, subject=("record", "statements"), why="statements", shown={"people": people})
    return _shown(asked, found)


def _shown(asked: Asked, found: Listing | None) -> str:
    return render_template(
        "records/statements.html",
        asked=asked,
        page_errors=asked.form.errors,
        words=wording,
        which=_which(asked),
        **_volume(asked),
        **(_page(asked, found) if found else {}),
    )


def _page(asked: Asked, found: Listing) -> dict[str, Any]:
    chips = asking.chips(asked, found)
    return {
        "found": found,
        "chips": chips,
        "how_many": _how_many(found),
        "looked": _looked(found),
        "older": asking.address(asked.kept, older=found.older) if found.older is not None else None,
        "newer": asking.address(asked.kept, newer=found.newer) if found.newer is not None else None,
    }


def _which(asked: Asked) -> Callable[[Meant, Something], str]:
    """The list with one of those that may be meant."""

    def address(meant: Meant, one: Something) -> str:
        typed = "activity" if meant.part == "activity" else "who"
        return asking.address({**asked.kept, typed: None, meant.part: one.key})

    return address


def _how_many(found: Listing) -> str:
    count = found.count
    if count is None:
        return str(_("Statements, newest first"))
    if count > COUNTED:
        return str(_("More than %(count)s statements, newest first", count=wording.number(COUNTED)))
    said = ngettext("%(count)s statement", "%(count)s statements, newest first", count, count=wording.number(count))
    return str(said)


def _looked(found: Listing) -> str:
    """How far was looked, where that was not far enough for a whole page; nothing where it was."""
    if found.looked_to is None:
        return ""
    count, moment = wording.number(LOOKED_AT), wording.moment(found.looked_to)
    words = _(
        "Looked through %(count)s statements, to %(moment)s. The pages beside this one go on from there.",
        count=count,
        moment=moment,
    )
    return str(words)


def _volume(asked: Asked) -> dict[str, Any]:
    """The chart of the last days, above the first page of all statements."""
    if asked.form.errors or asked.kept or asked.wish.older or asked.wish.newer:
        return {}
    days = browsing.per_day()
    highest = max(day.statements for day in days)
    return {
        "days": days,
        "points": [(wording.short_day(day.day), day.statements) for day in days],
        "top": _top(highest),
        "total": sum(day.statements for day in days),
        "today": days[-1],
        "busiest": max(days, key=_busy),
    }


def _busy(day: Day) -> int:
    return day.statements


def _top(highest: int) -> int:
    """The upper end of the scale: round, and a whole number at every line of the grid."""
    step = 1
    while step * QUARTERS < highest:
        step = step * 2 if str(step)[0] in "15" else step // 2 * 5
    return step * QUARTERS
