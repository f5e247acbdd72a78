"""Prepared reads: the same rows as everywhere else, whatever happened to their connection before."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from flask import Flask
from sqlalchemy import Column, Integer, MetaData, Table, bindparam, func, literal, select
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


CUT_ALL_OTHERS = (
    "select pg_terminate_backend(pid) from pg_stat_activity"
    " where pid <> pg_backend_pid() and datname = current_database() and backend_type = 'client backend'"
)


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


@pytest.mark.only("postgresql")
def test_D12_when_all_lines_are_cut_one_reader_notices_and_the_others_do_not(app: Flask, agencies: None) -> None:
    with ExitStack() as together, reading():
        for _ in range(3):
            together.enter_context(app.app_context())
            WHOSE_LINE.first(why="")
    with db.engine.connect() as another:
        another.exec_driver_sql(CUT_ALL_OTHERS)
    failed = 0
    for _ in range(5):
        try:
            assert codes() == ["FIN", "HEA"]
        except DBAPIError:
            failed += 1
            end_unit()
    assert failed <= 1


@pytest.mark.only("postgresql")
def test_a_column_that_has_another_type_since_is_read_all_the_same(app: Flask) -> None:
    scratch = Table("scratch", MetaData(), Column("id", Integer))
    prepared = Prepared(select(scratch.c.id))
    with db.engine.begin() as connection:
        connection.exec_driver_sql("create table scratch (id integer)")
        connection.exec_driver_sql("insert into scratch values (7)")
    try:
        for kind in ("integer", "bigint", "varchar(9)"):
            with db.engine.begin() as connection:
                connection.exec_driver_sql(f"alter table scratch alter column id type {kind}")
            with reading():
                assert [str(row.id) for row in prepared.all()] == ["7"]
    finally:
        end_unit()
        with db.engine.begin() as connection:
            connection.exec_driver_sql("drop table scratch")
