"""The coverage page put together: figures as words and addresses, so that the template only lays them out."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any
from urllib.parse import quote, urlencode

from flask import url_for
from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from lms.kernel import clock
from lms.reporting.queries import Headline, Line, Matrix, Overview, Point, Wish
from lms.reporting.rules import Cell, Fit
from lms.reporting.views import asking, tenses, wording
from lms.requirements.queries import RequirementRow

SHARES = (("met", "met"), ("not_yet_due", "not_yet"), ("in_grace", "grace"), ("overdue", "overdue"))
Address = Callable[..., str]


def page(found: Overview, chosen: Wish) -> dict[str, Any]:
    """Everything that the template of the coverage page reads."""
    shown = found.matrix
    return {
        "wish": chosen,
        "whole_wish": asking.whole(chosen),
        "place": wording.place(shown),
        "as_at": wording.as_at(shown.asked),
        "day": shown.asked.day.isoformat(),
        "agencies": _agencies(shown),
        "offered": shown.offered,
        "requirements": shown.requirements,
        "filters": _filters(shown, chosen),
        "lines": _lines(shown, chosen),
        "foremost": found.headline.requirement.title if found.headline else "",
        "headline": tenses.headline(shown.asked, found.headline) if found.headline else None,
        "large_figure": tenses.large_figure(shown.asked),
        "tiles": _tiles(shown, found.headline, chosen) if found.headline else [],
        "late": _late(found.headline) if found.headline else [],
        "shares": _shares(found.headline) if found.headline else [],
        "trend": [_point(point) for point in found.trend],
        "trend_line": [(_month(point), _share(point.cell.current_rate)) for point in found.trend],
    }


def _tiles(shown: Matrix, headline: Headline, chosen: Wish) -> list[dict[str, Any]]:
    cell = headline.cell
    people = _behind(shown, headline.requirement, chosen)
    of = {"part": wording.number(cell.met), "all": wording.number(cell.obliged)}
    due = {"part": wording.number(cell.met), "all": wording.number(cell.due)}
    tiles = [
        _tile(
            "chart",
            wording.percent(cell.current_rate),
            tenses.hold_it(shown.asked),
            _("%(part)s of %(all)s required", **of),
        ),
        _tile("check", wording.percent(cell.compliance_of_due), _("Of those due"), _("%(part)s of %(all)s due", **due)),
        _tile("warning", wording.number(cell.overdue), _("Overdue"), _oldest(headline), people("overdue"), "bad"),
    ]
    if headline.requirement.terms.recurrence.mode != "none":
        tiles.append(_expiry_tile(shown, headline, people("expiring")))
    return [*tiles, _fit_tile(shown, chosen)]


def _expiry_tile(shown: Matrix, headline: Headline, url: str | None) -> dict[str, Any]:
    near = {days: wording.number(count) for days, count in headline.expiring.items()}
    note = _("%(first)s within 30, %(last)s within 90", first=near[30], last=near[90])
    label = tenses.expire(shown.asked, headline.requirement.terms.recurrence.window_days)
    return _tile("clock", wording.number(headline.cell.expiring), label, note, url, "warn")


def _oldest(headline: Headline) -> str:
    longest = headline.ageing.longest
    return ngettext("the longest for %(num)s day", "the longest for %(num)s days", longest) if longest else ""


def _fit_tile(shown: Matrix, chosen: Wish) -> dict[str, Any]:
    unit = _unit(shown)
    url = url_for("reporting.role_fit", agency=unit, **asking.days(chosen)) if unit and shown.fit.people else None
    note = _("%(share)s of their targets assessed", share=wording.percent(shown.fit.assessed_share))
    return _tile("target", wording.percent(shown.fit.role_fit), _("Fit for their role"), note, url)


def _tile(
    icon_name: str, value: str, label: str, note: str, url: str | None = None, tone: str | None = None
) -> dict[str, Any]:
    return {"value": value, "label": label, "note": note, "tone": tone, "url": url, "icon_name": icon_name}


def _behind(shown: Matrix, row: RequirementRow, chosen: Wish) -> Callable[[str], str | None]:
    """The address of the people with a status, where one agency stands for everything shown."""
    unit = _unit(shown)
    place = {"agency": unit, "requirement": row.code, **asking.days(chosen)}
    return lambda status: url_for("reporting.cell", status=status, **place) if unit else None


def _unit(shown: Matrix) -> str | None:
    tops = [line.agency.code for line in shown.lines if line.depth == 0 and line.agency is not None]
    return tops[0] if len(tops) == 1 else None


def _late(headline: Headline) -> list[tuple[str, str]]:
    ages = headline.ageing
    return [
        (_("1 to 30 days"), wording.number(ages.up_to_30)),
        (_("31 to 90 days"), wording.number(ages.up_to_90)),
        (_("91 to 180 days"), wording.number(ages.up_to_180)),
        (_("Over 180 days"), wording.number(ages.over_180)),
    ]


def _shares(headline: Headline) -> list[tuple[str, str, int]]:
    cell = headline.cell
    parts = [(tone, wording.status(name), getattr(cell, name)) for name, tone in SHARES]
    return [*parts, ("exempt", _("Exempt or long absence"), cell.exempt + cell.excused)]


def _agencies(shown: Matrix) -> list[tuple[str, str]]:
    """The agencies to choose from, indented as they stand."""
    seen, tree = shown.asked.seen, shown.asked.tree
    rows = [(tree.rows[id], depth) for id, depth in tree.walk() if id in seen]
    least = min((depth for _row, depth in rows), default=0)
    return [(row.code, "\u2003" * (depth - least) + row.name) for row, depth in rows]


def _filters(shown: Matrix, chosen: Wish) -> list[tuple[str, str]]:
    """What was chosen, each with the address that takes it back."""
    asked, present = shown.asked, asking.whole(chosen)
    said: list[tuple[str, str | None]] = [
        ("agency", _("Agency: %(name)s", name=shown.agency.name) if shown.agency else None),
        ("requirement", _("Required: %(name)s", name=shown.requirements[0].title) if chosen.requirement else None),
        ("as_at", _("Day: %(day)s", day=wording.day(asked.day)) if asked.day != clock.today() else None),
        ("known_on", _("Known by: %(day)s", day=wording.day(asked.known_on)) if asked.known_on else None),
    ]
    return [(words, url_for("reporting.coverage", **{**present, name: None})) for name, words in said if words]


def _lines(shown: Matrix, chosen: Wish) -> list[dict[str, Any]]:
    """One row for each agency; addresses are put together by hand, as there are hundreds."""
    days = {name: value for name, value in asking.days(chosen).items() if value}
    query = f"?{urlencode(days)}" if days else ""
    root = url_for("reporting.coverage")

    def address(*parts: str) -> str:
        return "/".join((root, *(quote(part, safe="") for part in parts))) + query

    return [_line(shown, line, chosen, address) for line in shown.lines]


def _line(shown: Matrix, line: Line, chosen: Wish, address: Address) -> dict[str, Any]:
    code = line.agency.code if line.agency else None
    return {
        "name": line.agency.name if line.agency else _("Agency not open on this day"),
        "code": code,
        "depth": line.depth,
        "toggle": _toggle(line, chosen),
        "is_open": line.is_open,
        "beneath": line.beneath,
        "headcount": wording.number(line.headcount),
        "full_time": wording.full_time(line.full_time),
        "cells": [_cell(row, line.cells[row.code], code, address) for row in shown.requirements],
        "fits": _fits(line.fit, code, address),
    }


def _toggle(line: Line, chosen: Wish) -> str | None:
    """The address that shows or hides what stands beneath an agency; the topmost ones are always open."""
    if line.agency is None or not line.beneath or line.depth == 0 or "all" in chosen.opened:
        return None
    code = line.agency.code
    opened = chosen.opened - {code} if line.is_open else chosen.opened | {code}
    present = {**asking.whole(chosen), "open": sorted(opened) or None}
    return url_for("reporting.coverage", **present, _anchor=f"agency-{code}")


def _cell(row: RequirementRow, cell: Cell, code: str | None, address: Address) -> dict[str, Any]:
    share = _share(cell.current_rate)
    if share is None:
        return {"title": row.title, "heat": None, "rate": _("n/a"), "of": "", "due": "", "url": None}
    return {
        "title": row.title,
        "heat": share,
        "rate": wording.percent(cell.current_rate),
        "of": _("%(part)s of %(all)s", part=wording.number(cell.met), all=wording.number(cell.obliged)),
        "due": _("Due: %(rate)s", rate=wording.percent(cell.compliance_of_due)) if cell.due else "",
        "url": address(code, row.code) if code else None,
    }


def _fits(fit: Fit, code: str | None, address: Address) -> list[dict[str, Any]]:
    url = address(code, "role-fit") if code and fit.people else None
    people = _("%(part)s of %(all)s", part=wording.number(fit.fully_fit), all=wording.number(fit.people))
    pairs = _("%(part)s of %(all)s", part=wording.number(fit.pairs_assessed), all=wording.number(fit.pairs))
    return [
        {"title": _("Role fit"), "heat": _share(fit.role_fit), "rate": wording.percent(fit.role_fit), "of": people}
        | {"url": url},
        {"title": _("Assessed"), "heat": None, "rate": wording.percent(fit.assessed_share), "of": pairs, "url": url},
    ]


def _share(rate: Fraction | None) -> float | None:
    return None if rate is None else float(100 * rate)


def _month(point: Point) -> str:
    return str(format_date(point.day, "MMM yy"))


def _point(point: Point) -> dict[str, str]:
    cell = point.cell
    return {
        "iso": point.day.isoformat(),
        "day": wording.day(point.day),
        "current": wording.percent(cell.current_rate),
        "due": wording.percent(cell.compliance_of_due),
        "met": wording.number(cell.met),
        "obliged": wording.number(cell.obliged),
        "overdue": wording.number(cell.overdue),
    }
