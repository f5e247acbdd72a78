"""Why somebody must learn something, in a sentence of the language of the page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from flask_babel import format_date, gettext, ngettext

from lms.requirements.queries.rows import RequirementRow
from lms.requirements.rules import Standing

_DAY = timedelta(1)


def _(text: str, **values: str) -> str:
    """The text in the language of the page."""
    return str(gettext(text, **values))


def required_of(row: RequirementRow, family_titles: Mapping[str, str]) -> str:
    """Of whom it is required, and because of what: "Required of everyone in …, because of …"."""
    if row.families:
        families = ", ".join(family_titles.get(code, code) for code in row.families)
        whom = _("everyone in %(agency)s who works in: %(families)s", agency=row.agency, families=families)
    else:
        whom = _("everyone in %(agency)s", agency=row.agency)
    if row.legal_basis:
        return _("Required of %(whom)s, because of %(basis)s", whom=whom, basis=row.legal_basis)
    return _("Required of %(whom)s", whom=whom)


def when(standing: Standing, grace_days: int) -> str:
    """By when, or until when: "due 30 Nov 2026"."""
    match standing.status:
        case "met" if standing.expires_on is not None:
            return _("you hold it through %(day)s", day=day_words(standing.expires_on - _DAY))
        case "met":
            return _("you hold it for good")
        case "excused":
            return _("not due while you are absent")
        case "exempt":
            return _("you are exempt for now")
    return _by_when(standing, grace_days)


def reason(row: RequirementRow, standing: Standing, family_titles: Mapping[str, str]) -> str:
    """The whole sentence."""
    whom, by = required_of(row, family_titles), when(standing, row.terms.grace_days)
    return _("%(whom)s; %(when)s.", whom=whom, when=by) if by else _("%(whom)s.", whom=whom)


def day_words(day: date) -> str:
    """A day as people read it: "30 Nov 2026"."""
    return str(format_date(day, "d MMM y"))


def _by_when(standing: Standing, grace_days: int) -> str:
    if standing.due_on is None:
        return ""
    day = day_words(standing.due_on)
    match standing.status:
        case "not_yet_due":
            return _("due %(day)s", day=day)
        case "in_grace":
            last = day_words(standing.due_on + timedelta(grace_days))
            return _("was due %(day)s, with grace until %(last)s", day=day, last=last)
    late = standing.days_overdue
    return str(ngettext("was due %(day)s, %(num)s day ago", "was due %(day)s, %(num)s days ago", late, day=day))
