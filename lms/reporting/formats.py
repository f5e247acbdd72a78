"""A table as a CSV or XLSX file in which nothing is ever a formula (rows F1, F7)."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Final

Value = str | int | Decimal | date | None
_STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
# What XML cannot carry, and the two that look like it to spreadsheet programs.
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_REPLACED: Final = "\ufffd"
_LONGEST: Final = 32767
_WIDEST: Final = 60
_SHEET_NAME: Final = re.compile(r"[\[\]:*?/\\']")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its title, the names of its columns, and its rows."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Value]]


def as_csv(sheet: Sheet) -> bytes:
    """The table as CSV with a byte order mark; a text that could start a formula gets a quote before it."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([_guarded(name) for name in sheet.columns])
    writer.writerows([[_plain(value) for value in row] for row in sheet.rows])
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(sheet: Sheet, made_at: datetime) -> bytes:
    """The table as a workbook with one sheet; texts are stored as texts, whatever they look like."""
    from xlsxwriter import Workbook  # by the first who exports: it is forty modules, and most workers need none

    out = BytesIO()
    as_text = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = Workbook(out, {"in_memory": True, **as_text})
    book.set_properties({"title": _legal(sheet.title), "created": made_at.replace(tzinfo=None)})
    page = book.add_worksheet(_SHEET_NAME.sub(" ", _legal(sheet.title)).strip()[:31] or None)
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    for column, name in enumerate(sheet.columns):
        page.write_string(0, column, _legal(name), bold)
        page.set_column(column, column, _width(name, [row[column] for row in sheet.rows]))
    for number, row in enumerate(sheet.rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                page.write_string(number, column, _legal(value)[:_LONGEST])
            elif isinstance(value, date):
                page.write_datetime(number, column, value, day)
            elif value is not None:
                page.write_number(number, column, value)
    page.freeze_panes(1, 0)
    book.close()
    return out.getvalue()


def _plain(value: Value) -> str:
    if value is None:
        return ""
    return _guarded(value) if isinstance(value, str) else str(value)


def _guarded(text: str) -> str:
    legal = _legal(text)
    return f"'{legal}" if text.startswith(_STARTS_A_FORMULA) or text.lstrip().startswith(_STARTS_A_FORMULA) else legal


def _legal(text: str) -> str:
    return _ILLEGAL.sub(_REPLACED, text)


def _width(name: str, values: Sequence[Value]) -> int:
    return min(max(len(str(value or "")) for value in (name, *values)) + 2, _WIDEST)
