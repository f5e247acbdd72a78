"""Sentences about a day in its tense: what was on a day past, what is today, what a day to come would find."""

from __future__ import annotations

from typing import Literal

from flask_babel import gettext as _
from flask_babel import ngettext

from lms.kernel import clock
from lms.reporting.queries import Headline
from lms.reporting.queries.asked import Asked
from lms.reporting.rules import Cell, Fit
from lms.reporting.views import wording

Tense = Literal["past", "today", "to_come"]


def tense(asked: Asked) -> Tense:
    """The tense of a day; what was known of today at an earlier moment is past as well."""
    today = clock.today()
    if asked.day > today:
        return "to_come"
    return "today" if asked.day == today and asked.known_on is None else "past"


def headline(asked: Asked, found: Headline) -> dict[str, str]:
    """How many of those due hold it, and what presses."""
    cell, what, now = found.cell, found.requirement.title, tense(asked)
    if not cell.due:
        nobody = {
            "past": _("Nobody was due for %(what)s on that day.", what=what),
            "today": _("Nobody is due for %(what)s yet.", what=what),
            "to_come": _("Nobody would be due for %(what)s on that day.", what=what),
        }
        return {"rate": "", "words": nobody[now]}
    said = {"staff": wording.number(cell.due), "what": what, "rest": _pressing(now, found)}
    words = {
        "past": _("of %(staff)s staff due for %(what)s held it on that day; %(rest)s.", **said),
        "today": _("of %(staff)s staff due for %(what)s hold it today; %(rest)s.", **said),
        "to_come": _(
            "of %(staff)s staff due for %(what)s would hold it on that day if nothing is renewed; %(rest)s.", **said
        ),
    }
    return {"rate": wording.percent(cell.compliance_of_due), "words": words[now]}


def people(asked: Asked, cell: Cell) -> str:
    """How many of the people of a cell hold it."""
    rates = {"rate": wording.percent(cell.current_rate), "due": wording.percent(cell.compliance_of_due)}
    words = {
        "past": _("%(rate)s held it on that day, %(due)s of those due.", **rates),
        "today": _("%(rate)s hold it now, %(due)s of those due.", **rates),
        "to_come": _("%(rate)s would hold it if nothing is renewed, %(due)s of those due.", **rates),
    }
    return str(words[tense(asked)])


def fit(asked: Asked, found: Fit) -> str:
    """How many people reach every target of their role."""
    counts = {"part": wording.number(found.fully_fit), "all": wording.number(found.people)}
    words = {
        "past": _("met every target of their role: %(part)s of %(all)s people.", **counts),
        "today": _("meet every target of their role: %(part)s of %(all)s people.", **counts),
        "to_come": _("would meet every target of their role: %(part)s of %(all)s people.", **counts),
    }
    return str(words[tense(asked)])


def hold_it(asked: Asked) -> str:
    """What the card of those who hold it is called."""
    words = {"past": _("Held it"), "today": _("Hold it now"), "to_come": _("Would hold it if nothing is renewed")}
    return str(words[tense(asked)])


def expire(asked: Asked, days: int) -> str:
    """What the card of those whose attainment soon runs out is called."""
    words = {
        "past": _("Were to expire within %(days)s days", days=days),
        "today": _("Expire within %(days)s days", days=days),
        "to_come": _("Would expire within %(days)s days", days=days),
    }
    return str(words[tense(asked)])


def large_figure(asked: Asked) -> str:
    """What the large figure of each cell of the table counts."""
    words = {
        "past": _("Large figure: people who held it on that day, of all who had to."),
        "today": _("Large figure: people who hold it now, of all who must."),
        "to_come": _("Large figure: people who would hold it if nothing is renewed, of all who must."),
    }
    return str(words[tense(asked)])


def _pressing(now: Tense, found: Headline) -> str:
    """How many are overdue, and how many soon will be where what is attained runs out."""
    rule = found.requirement.terms.recurrence
    late = _late(now, found.cell.overdue)
    return late if rule.mode == "none" else f"{late}, {_soon(now, found.cell.expiring, rule.window_days)}"


def _late(now: Tense, people: int) -> str:
    count = wording.number(people)
    words = {
        "past": ngettext("%(count)s was overdue", "%(count)s were overdue", people, count=count),
        "today": ngettext("%(count)s is overdue", "%(count)s are overdue", people, count=count),
        "to_come": ngettext("%(count)s would be overdue", "%(count)s would be overdue", people, count=count),
    }
    return str(words[now])


def _soon(now: Tense, people: int, days: int) -> str:
    said = {"count": wording.number(people), "days": days}
    past = ngettext(
        "%(count)s was to expire within %(days)s days", "%(count)s were to expire within %(days)s days", people, **said
    )
    today = ngettext("%(count)s expires within %(days)s days", "%(count)s expire within %(days)s days", people, **said)
    to_come = ngettext(
        "%(count)s would expire within %(days)s days", "%(count)s would expire within %(days)s days", people, **said
    )
    return str({"past": past, "today": today, "to_come": to_come}[now])
