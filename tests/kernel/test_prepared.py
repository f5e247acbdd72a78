"""Prepared reads: the same rows as everywhere else, whatever happened to their connection before."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import bindparam, func, literal, select
from sqlalchemy.exc import DBAPIError

from lms.agencies.actions import open_agency
from lms.agencies.models import Agency
from lms.kernel.actor import SYSTEM
from lms.kernel.db import db, reading, transaction
from lms.kernel.db.prepared import Prepared
from lms.kernel.db.session import end_unit
from tests.factories import OPENED, Make

BY_KIND = select(Agency.code, Agency.opened_on, Agency.recorded_at, Agency.closed_on).where(
    Agency.kind == bindparam("kind")
)
PREPARED = Prepared(BY_KIND.order_by(Agency.code))
WHOSE_LINE = Prepared(select(func.pg_backend_pid().label("number"), bindparam("why", type_=Agency.code.type)))


class Interrupted(Exception):
    """Something that ends a unit of work."""


@pytest.fixture
def agencies(make: Make) -> None:
    for code in ("FIN", "HEA"):
        make.agency(code, kind="ministry", parent=make.root())


def codes() -> list[str]:
    """The ministries, read anew."""
    with reading():
        return [row.code for row in PREPARED.all(kind="ministry")]


def test_a_prepared_read_gives_what_the_toolkit_gives(app: Flask, agencies: None) -> None:
    with reading():
        usual = [tuple(row) for row in db.session.execute(BY_KIND.order_by(Agency.code), {"kind": "ministry"})]
        assert [tuple(row) for row in PREPARED.all(kind="ministry")] == usual
    assert [row[0] for row in usual] == ["FIN", "HEA"]
    assert PREPARED.first(kind="unit") is None


def test_a_prepared_read_sees_what_its_own_unit_of_work_has_written(app: Flask, agencies: None, make: Make) -> None:
    top = make.root()
    with transaction():
        open_agency(actor=SYSTEM, code="JUS", name="Justice", kind="ministry", parent_id=top, on=OPENED)
        assert [row.code for row in PREPARED.all(kind="ministry")] == ["FIN", "HEA", "JUS"]


def test_prepared_reads_outlive_units_of_work_that_leave_nothing_behind(app: Flask, agencies: None) -> None:
    for _ in range(3):
        assert codes() == ["FIN", "HEA"]
        with pytest.raises(Interrupted), transaction():
            for number in range(8):  # after some times the driver prepares a statement by itself, and forgets it now
                db.session.execute(select(literal(number)))
            raise Interrupted
        db.session.rollback()
        assert codes() == ["FIN", "HEA"]


def test_an_error_of_a_prepared_read_is_one_of_the_database(app: Flask) -> None:
    wrong = Prepared(select(func.no_such_function(bindparam("value", type_=Agency.code.type))))
    with reading(), pytest.raises(DBAPIError) as caught:
        wrong.all(value="a")
    assert not caught.value.connection_invalidated
    assert codes() == []


@pytest.mark.only("postgresql")  # a file has no line that could be cut
def test_D12_a_line_that_was_cut_is_not_used_again(app: Flask, agencies: None) -> None:
    with reading():
        number = WHOSE_LINE.first(why="").number
        with db.engine.connect() as another:
            another.execute(select(func.pg_terminate_backend(number)))
        with pytest.raises(DBAPIError) as caught:
            WHOSE_LINE.all(why="")
    assert caught.value.connection_invalidated
    db.session.rollback()
    assert codes() == ["FIN", "HEA"]


def test_a_reader_s_line_waits_for_the_next_one_until_the_database_is_left(app: Flask, agencies: None) -> None:
    before = db.engine.pool.checkedout()
    for _ in range(5):
        assert codes() == ["FIN", "HEA"]
        end_unit()
    assert db.engine.pool.checkedout() <= max(before, 1)
    with reading():
        assert PREPARED.first(kind="ministry").code == "FIN"
        db.engine.dispose()
    end_unit()
    assert db.engine.pool.checkedout() == 0
