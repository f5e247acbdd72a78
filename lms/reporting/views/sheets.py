"""Pages as tables for files: the same rows in the same order, counts as numbers, rates in percent as shown."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from flask_babel import gettext as _

from lms.reporting.formats import Sheet, Value
from lms.reporting.queries import Line, Matrix, People, Reacher, Standee
from lms.reporting.rules import Cell, Fit, round_half_up
from lms.reporting.views import wording


def of_matrix(found: Matrix) -> Sheet:
    """The table of agencies."""
    columns = [_("Code"), _("Agency"), _("Staff"), _("Full-time equivalents")]
    for row in found.requirements:
        columns += [
            _("%(what)s: hold it, percent", what=row.title),
            _("%(what)s: hold it", what=row.title),
            _("%(what)s: required", what=row.title),
            _("%(what)s: of those due, percent", what=row.title),
        ]
    columns += [_("Role fit, percent"), _("Fit for their role"), _("With targets"), _("Targets assessed, percent")]
    columns += [_("Targets assessed"), _("Targets")]
    return Sheet(_("Coverage"), columns, [_agency(found, line) for line in found.lines])


def of_cell(found: People[Standee]) -> Sheet:
    """The people of a cell."""
    columns = [_("Name"), _("Agency"), _("Title"), _("Grade"), _("Status"), _("Due on"), _("Holds it through")]
    rows = [_standee(row) for row in found.rows]
    return Sheet(found.requirement.title if found.requirement else "", columns, rows)


def of_fit(found: People[Reacher]) -> Sheet:
    """The people of an agency by role fit."""
    columns = [_("Name"), _("Agency"), _("Title"), _("Grade"), _("Targets met"), _("Targets assessed"), _("Targets")]
    return Sheet(_("Role fit"), columns, [_reacher(row) for row in found.rows])


def _agency(found: Matrix, line: Line) -> list[Value]:
    name = line.agency.name if line.agency else _("Agency not open on this day")
    row: list[Value] = [line.agency.code if line.agency else "", name, line.headcount, round_half_up(line.full_time)]
    for requirement in found.requirements:
        row += _cell(line.cells[requirement.code])
    return row + _fit(line.fit)


def _cell(cell: Cell) -> list[Value]:
    return [_percent(cell.current_rate), cell.met, cell.obliged, _percent(cell.compliance_of_due)]


def _fit(fit: Fit) -> list[Value]:
    rates = _percent(fit.role_fit), _percent(fit.assessed_share)
    return [rates[0], fit.fully_fit, fit.people, rates[1], fit.pairs_assessed, fit.pairs]


def _percent(rate: Fraction | None) -> Decimal | None:
    return None if rate is None else round_half_up(rate * 100)


def _standee(row: Standee) -> list[Value]:
    card, standing = row.card, row.standing
    until = wording.last_day(standing)
    return [card.name, card.agency, card.title, card.grade, wording.chip(standing)[1], standing.due_on, until]


def _reacher(row: Reacher) -> list[Value]:
    card, fit = row.card, row.fit
    return [card.name, card.agency, card.title, card.grade, fit.pairs_met, fit.pairs_assessed, fit.pairs]
