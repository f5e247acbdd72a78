"""A month of statements as a partition: made ahead, filled by the moment of storing, and asked like one table."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import text

from lms.kernel import clock
from lms.kernel.db import db, transaction
from lms.kernel.errors import Refused
from lms.xapi import record
from lms.xapi.actions.partitions import make_ahead
from tests.conftest import NOW
from tests.xapi.conftest import Lrs
from tests.xapi.drafts import draft

NAMES = ["xapi_statement_2026_12", "xapi_statement_2027_01"]


@pytest.fixture
def months(app: Flask) -> object:
    with transaction():
        made = make_ahead(2)
    yield made
    with transaction():
        for name in NAMES:
            db.session.execute(text(f"drop table if exists {name}"))


def rows_of(name: str) -> int:
    with transaction():
        found: int = db.session.execute(text(f"select count(*) from only {name}")).scalar_one()
        return found


@pytest.mark.only("postgresql")
def test_months_are_made_once_and_filled_by_the_moment_of_storing(months: list[str], lrs: Lrs) -> None:
    assert months == NAMES
    with transaction():
        assert make_ahead(2) == []
    moments = [NOW, datetime(2026, 11, 30, 23, 59, 59, 999999, UTC), datetime(2026, 12, 1, tzinfo=UTC)]
    moments += [datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)]
    ids = []
    for moment in moments:
        with clock.at(moment), transaction():
            ids.append(str(record(draft()).id))
    assert [rows_of(name) for name in ("xapi_statement_rest", *NAMES)] == [2, 2, 1]
    assert lrs.ids() == ids[::-1]
    assert lrs.ids(since="2026-11-30T23:59:59.999999Z", ascending="true") == ids[2:]
    assert lrs.ids(until="2026-12-01T00:00:00Z", limit=2) == [ids[2], ids[1]]


@pytest.mark.only("sqlite")
def test_a_sqlite_file_keeps_all_statements_in_one_table(app: Flask) -> None:
    with pytest.raises(Refused, match="PostgreSQL"), transaction():
        make_ahead(1)
