"""Files in which nothing is a formula, whatever people are called (F1, F7)."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook

from lms.kernel.actor import SYSTEM
from lms.kernel.db import transaction
from lms.reporting.formats import Sheet, as_csv, as_xlsx
from lms.requirements import actions as requirements
from lms.skills import actions as skills
from tests.factories import Make
from tests.reporting.conftest import Reader

NASTY = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1+1", "=cmd|' /C calc'!A0", "http://x.example")
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def cells(data: bytes) -> list[list[Any]]:
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    formulas = [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f" or cell.hyperlink]
    assert formulas == []
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_F1_no_cell_of_a_workbook_is_a_formula_and_texts_are_preserved() -> None:
    rows = cells(as_xlsx(Sheet("Names", ("Name", "=Head"), [(text, 1) for text in NASTY]), NOW))
    assert rows[0] == ["Name", "=Head"]
    # how the format itself writes a carriage return; spreadsheet programs read it back
    assert [row[0] for row in rows[1:]] == [text.replace("\r", "_x000D_") for text in NASTY]


def test_F1_texts_that_could_start_a_formula_get_a_quote_in_csv() -> None:
    data = as_csv(Sheet("Names", ("Name", "=Head"), [(text, -1) for text in NASTY]))
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["Name", "'=Head"]
    assert [row[0] for row in rows[1:]] == [*(f"'{text}" for text in NASTY[:-1]), NASTY[-1]]
    assert {row[1] for row in rows[1:]} == {"-1"}


def test_F7_characters_that_no_file_can_carry_are_replaced() -> None:
    sheet = Sheet(
        "a/b\x00[c]", ("Name",), [("nul\x00 bell\x07 half\ud800 last\uffff",), ("_x0041_",), ("long" * 9000,)]
    )
    rows = cells(as_xlsx(sheet, NOW))
    assert rows[1][0] == "nul\ufffd bell\ufffd half\ufffd last\ufffd"
    assert rows[2][0] == "_x0041_" and len(rows[3][0]) == 32767
    assert "nul\ufffd bell\ufffd" in as_csv(sheet).decode("utf-8-sig")


def test_numbers_and_days_stay_numbers_and_days() -> None:
    row = (Decimal("55.6"), 5, None, date(2026, 3, 31))
    assert cells(as_xlsx(Sheet("", ("a", "b", "c", "d"), [row]), NOW))[1] == [55.6, 5, None, datetime(2026, 3, 31)]
    assert as_csv(Sheet("", ("a", "b", "c", "d"), [row])).decode("utf-8-sig").splitlines()[1] == "55.6,5,,2026-03-31"


@pytest.fixture
def hostile(make: Make) -> int:
    """An agency and people whose names are formulas."""
    agency = make.agency("A.B-1", parent=make.root(), name='=HYPERLINK("http://x.example")')
    make.person(agency=agency, name="=1+1", title="@title", grade="-G2", family="CA")
    with transaction():
        skills.load_frameworks(actor=SYSTEM)
        requirements.create_requirement(
            actor=SYSTEM, code="A-b", title="=rule()", target="course:x", agency_id=agency,
            effective_from=date(2026, 1, 1),
        )  # fmt: skip
    return agency


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_F1_files_of_hostile_names_hold_no_formula(hostile: int, reader: Reader, form: str) -> None:
    client = reader("hr_officer", hostile)
    for url in ("/coverage/export", "/coverage/A.B-1/A-b/export", "/coverage/A.B-1/role-fit/export"):
        answer = client.get(f"{url}.{form}")
        assert answer.status_code == 200, url
        if form == "xlsx":
            assert any("=" in str(value) for row in cells(answer.data) for value in row)
        else:
            rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
            assert [c for row in rows for c in row if c.startswith(("=", "+", "-", "@"))] == []


def test_F7_the_name_of_a_file_is_made_of_plain_letters(hostile: int, reader: Reader) -> None:
    answer = reader("hr_officer", hostile).get("/coverage/A.B-1/A-b/export.csv?status=overdue")
    wanted = 'attachment; filename="coverage-A-B-1-A-b-overdue-2026-11-23.csv"'
    assert answer.headers["Content-Disposition"] == wanted
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert reader("hr_officer", hostile).get("/coverage/export.pdf").status_code == 404
