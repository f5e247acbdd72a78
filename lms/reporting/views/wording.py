"""Figures, days and statuses as people read them."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from flask_babel import format_date, format_datetime, format_decimal, ngettext
from flask_babel import gettext as _

from lms.kernel import clock
from lms.reporting.queries import Matrix
from lms.reporting.queries.asked import Asked
from lms.reporting.queries.person import PersonPage, Stay
from lms.reporting.rules import round_half_up
from lms.requirements.rules import Standing
from lms.skills.queries import AttainmentRow

CHIPS = {
    "overdue": "overdue",
    "in_grace": "grace",
    "not_yet_due": "not_yet",
    "met": "met",
    "expiring": "expiring",
    "excused": "exempt",
    "exempt": "exempt",
    "not_applicable": "unknown",
}
_DAY = timedelta(1)


def number(count: int) -> str:
    """A count with its thousands apart."""
    return str(count) if count < 1000 else str(format_decimal(count))


def full_time(share: Fraction) -> str:
    """Full-time equivalents with one decimal."""
    return str(format_decimal(round_half_up(share), format="#,##0.0"))


def percent(rate: Fraction | None) -> str:
    """A rate with one decimal; without a denominator there is no figure."""
    if rate is None:
        return str(_("n/a"))
    return str(_("%(number)s%%", number=format_decimal(round_half_up(rate * 100), "#,##0.0")))


def day(value: date | None) -> str:
    """A day."""
    return str(format_date(value, "d MMM y")) if value else ""


def status(name: str) -> str:
    """The name of a status."""
    names: dict[str, str] = {
        "overdue": _("Overdue"),
        "in_grace": _("In grace"),
        "not_yet_due": _("Not yet due"),
        "met": _("Holds it"),
        "expiring": _("Expires soon"),
        "excused": _("Long absence"),
        "exempt": _("Exempt"),
        "not_applicable": _("Not required"),
    }
    return names[name]


def chip(standing: Standing) -> tuple[str, str]:
    """A standing as a chip: its colour family and its name."""
    name = "expiring" if standing.expiring else standing.status
    return CHIPS[name], status(name)


def when(standing: Standing) -> str:
    """By when, or until when."""
    if standing.status == "met":
        if standing.expires_on is None:
            return str(_("for good"))
        return str(_("through %(day)s", day=day(standing.expires_on - _DAY)))
    if standing.due_on is None:
        return ""
    if standing.status == "overdue":
        late = standing.days_overdue
        last = day(standing.due_on)
        return str(ngettext("due %(day)s, %(num)s day ago", "due %(day)s, %(num)s days ago", late, day=last))
    return str(_("due %(day)s", day=day(standing.due_on)))


def last_day(standing: Standing) -> date | None:
    """The last day covered, where there is one."""
    return standing.expires_on - _DAY if standing.status == "met" and standing.expires_on else None


def last_of(end: date) -> str:
    """The last day before an end."""
    return day(end - _DAY)


def assurance(word: str) -> str:
    """How something was shown."""
    names: dict[str, str] = {
        "self": _("Own word"),
        "participation": _("Taking part"),
        "tested": _("Test"),
        "verified": _("Assessor"),
        "certified": _("Certificate"),
    }
    return names[word]


def validity(row: AttainmentRow, counts: bool, on: date) -> str:
    """Whether and until when an attainment counts, as of a day."""
    if row.revoked_at is not None:
        return str(_("Withdrawn"))
    if row.expires_on is None:
        return str(_("for good"))
    if not counts and row.expires_on <= on:
        last = last_of(row.expires_on)
        return str(_("until %(day)s, over now", day=last) if on == clock.today() else _("until %(day)s", day=last))
    return str(_("through %(day)s", day=last_of(row.expires_on)))


def kind(stay: Stay) -> str:
    """What sort of assignment somebody has."""
    names: dict[str, str] = {
        "substantive": _("Main post") if stay.is_primary else _("Further post"),
        "acting": _("Acting"),
        "secondment_in": _("Seconded in"),
        "seconded_out": _("Seconded out"),
    }
    share = "" if stay.fte_percent == 100 else f", {_('%(number)s%%', number=stay.fte_percent)}"
    return names.get(stay.kind, stay.kind) + share


def as_at(asked: Asked) -> str:
    """For which day and moment of knowledge figures hold."""
    said = _("As at %(day)s", day=format_date(asked.day, "d MMMM y"))
    if asked.known_on is not None:
        known = format_date(asked.known_on, "d MMMM y")
        return str(_("%(as_at)s, as known at the end of %(day)s", as_at=said, day=known))
    moment = format_datetime(clock.now(), "d MMMM y, HH:mm 'UTC'")
    return str(_("%(as_at)s, with everything on record by %(moment)s", as_at=said, moment=moment))


def as_at_of_person(found: PersonPage) -> str:
    """For which day somebody's page holds, and that looking at it is logged."""
    if found.known_on is None:
        return str(_("As at %(day)s. Looking at this page is logged.", day=day(found.day)))
    days = {"day": day(found.day), "known": day(found.known_on)}
    return str(_("As at %(day)s, as known at the end of %(known)s. Looking at this page is logged.", **days))


def place(found: Matrix) -> str:
    """What the figures are about: the agency chosen, or the topmost ones in reach."""
    if found.agency is not None:
        return found.agency.name
    tops = [line.agency.name for line in found.lines if line.depth == 0 and line.agency is not None]
    return ", ".join(tops)
