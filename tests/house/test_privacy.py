"""Every column says whether it is personal (row J1, goal S11)."""

from __future__ import annotations

from flask import Flask

from lms.kernel.db import db


def test_every_column_is_tagged(session_app_any: Flask) -> None:
    untagged = [
        f"{table.name}.{column.name}"
        for table in db.metadata.sorted_tables
        for column in table.columns
        if column.info.get("privacy") not in {"personal", "none"}
    ]
    assert untagged == []


def test_a_table_with_a_person_in_it_has_personal_columns(session_app_any: Flask) -> None:
    tables = [table for table in db.metadata.sorted_tables if "person_id" in table.columns]
    assert len(tables) >= 8
    assert all(table.columns["person_id"].info["privacy"] == "personal" for table in tables)
