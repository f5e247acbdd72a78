"""One unit of work on every way to the database: what is written past the toolkit is kept and undone with the rest."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from itertools import permutations
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, PendingRollbackError

from lms.kernel.audit import AuditEvent
from lms.kernel.db import afterwards, db, reading, run, transaction, unit
from lms.kernel.db.engine import WriterQueue
from lms.kernel.db.fresh import FreshRows
from lms.kernel.db.line import Line, _waiting
from lms.kernel.db.prepared import Prepared
from lms.kernel.db.quiet import writers_of
from lms.kernel.db.session import connection_here, is_begun
from lms.kernel.errors import Busy
from lms.xapi.actions import shelving, terms
from lms.xapi.models import Verb
from tests.together import together

VERBS = FreshRows(Verb, ("iri",))
COUNT = Prepared(select(func.count().label("many")).select_from(Verb))


def by_line(name: str) -> None:
    VERBS.add_all([{"iri": f"urn:{name}"}])


def by_constant(name: str) -> None:
    run(insert(Verb), [{"iri": f"urn:{name}"}])


def by_session(name: str) -> None:
    db.session.add(Verb(iri=f"urn:{name}"))


def by_touch(name: str) -> None:
    """The toolkit's connection is asked for, and nothing is done with it."""
    connection_here()


WAYS = {"line": by_line, "constant": by_constant, "session": by_session, "touch": by_touch}
ORDERS = [order for length in (1, 2, 3, 4) for order in permutations(WAYS, length)]


def kept() -> set[str]:
    with transaction():
        return {iri.removeprefix("urn:") for iri in db.session.scalars(select(Verb.iri))}


@pytest.fixture
def in_turn(app: Flask) -> Iterator[Callable[[tuple[str, ...]], set[str]]]:
    def go(order: tuple[str, ...]) -> set[str]:
        for name in order:
            WAYS[name](f"{name}-{'-'.join(order)}")
        return {f"{name}-{'-'.join(order)}" for name in order if name != "touch"}

    yield go
    assert not is_begun()


def test_D8_whatever_the_ways_all_of_it_is_kept(in_turn: Callable[[tuple[str, ...]], set[str]]) -> None:
    expected: set[str] = set()
    for order in ORDERS:
        with transaction():
            expected |= in_turn(order)
        db.session.remove()
    assert kept() == expected and len(expected) > 100


def test_D8_whatever_the_ways_none_of_it_stays_behind(in_turn: Callable[[tuple[str, ...]], set[str]]) -> None:
    for order in ORDERS:
        with pytest.raises(ZeroDivisionError), transaction():
            in_turn(order)
            raise ZeroDivisionError
        db.session.remove()
    assert kept() == set()


def test_a_savepoint_holds_what_goes_past_the_toolkit_as_well(in_turn: Callable[[tuple[str, ...]], set[str]]) -> None:
    with transaction():
        by_line("before")
        savepoint = db.session.begin_nested()
        in_turn(("line", "constant", "session"))
        savepoint.rollback()
        by_line("after")
    assert kept() == {"before", "after"}


@pytest.mark.parametrize("way", [by_line, by_constant])
def test_once_undone_a_unit_of_work_writes_nothing_more(app: Flask, way: Callable[[str], None]) -> None:
    """A word alone, without the others of its unit, would be kept at once on PostgreSQL."""
    with pytest.raises(PendingRollbackError), transaction():
        by_line("first")
        db.session.add_all([Verb(iri="urn:same"), Verb(iri="urn:same")])
        with pytest.raises(IntegrityError):
            db.session.flush()
        way("second")
    assert kept() == set()


@pytest.mark.only("postgresql")
@pytest.mark.parametrize("way", WAYS)
def test_a_transaction_that_failed_is_not_taken_for_kept(app: Flask, way: str) -> None:
    """The database answers such a commit by undoing everything; what was noted of it is not handed on either."""
    with pytest.raises(PendingRollbackError, match="had failed"), transaction():
        WAYS[way]("first")
        db.session.flush()
        terms.verb_keys(["urn:noted"])
        with pytest.raises(DBAPIError):
            unit.line_here().fetch("select 1 / $1::integer", ["0"])
    assert kept() == set()
    with transaction():
        assert terms.verb_keys(["urn:noted"])["urn:noted"] in db.session.scalars(select(Verb.id)).all()


@pytest.mark.only("postgresql")
@pytest.mark.parametrize("way", ["line", "constant", "session"])
def test_D12_after_a_lost_connection_nothing_is_written_alone(app: Flask, way: str) -> None:
    with pytest.raises(PendingRollbackError), transaction():
        by_line("first")
        with db.engine.connect() as other:
            number = unit.line_here().fetch("select pg_backend_pid()", [])[0][0]
            other.exec_driver_sql(f"select pg_terminate_backend({number})")
        with pytest.raises(DBAPIError):
            by_line("second")
        WAYS[way]("third")
        db.session.flush()
    assert kept() == set()


PAGES = ("page_count", "freelist_count", "page_size")  # what other tests have left free would be filled first


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("way", ["line", "constant", "session"])
@pytest.mark.parametrize("fails", ["line", "constant"])
def test_D8_after_a_full_disk_nothing_is_written_alone(app: Flask, way: str, fails: str) -> None:
    """SQLite undoes the whole transaction by itself, and would take what comes next for one of its own."""
    with pytest.raises(PendingRollbackError), transaction():
        by_constant("first")
        driver = unit.line_here()._driver
        pages, free, size = [driver.execute(f"pragma {word}").fetchone()[0] for word in PAGES]
        driver.execute(f"pragma max_page_count={pages}")
        with pytest.raises(OperationalError, match="full"):
            WAYS[fails]("x" * (free + 100) * size)
        WAYS[way]("third")
        db.session.flush()
    assert kept() == set()
    with transaction():
        by_line("later")  # neither the file nor the pen is held by anybody
    assert kept() == {"later"}


def test_a_rollback_that_fails_leaves_nothing_to_the_next_unit(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        by_session("first")
        db.session.flush()
        monkeypatch.setattr(db.engine.dialect, "do_rollback", lambda raw: 1 / 0)
        raise OSError
    monkeypatch.undo()
    with transaction():
        by_line("second")
    assert kept() == {"second"}


def test_a_line_whose_pool_is_no_more_is_not_taken_up(app: Flask) -> None:
    with transaction():
        by_line("one")
        line = unit.line_here()
    old = db.engine.pool
    db.engine.dispose()
    assert db.engine.pool is not old
    _waiting(db.engine).append(line)  # as if it had been left in that very moment
    with transaction():
        assert unit.line_here() is not line
        by_line("two")
    assert kept() == {"one", "two"}


def test_nothing_is_stored_by_who_only_reads(app: Flask) -> None:
    rows = [{"iri": "urn:x"}]
    with reading(), pytest.raises(unit.WriteWhileReading):
        VERBS.add_all(rows)
    with reading(), pytest.raises(unit.WriteWhileReading):
        shelving.shelve([])
    assert kept() == set()


def test_moments_without_a_zone_are_refused_however_many_come(app: Flask) -> None:
    deeds = FreshRows(AuditEvent, ("at", "actor", "action"))
    with pytest.raises(ValueError, match="no time zone"), transaction():
        deeds.add_all([{"at": datetime(2026, 1, 1), "actor": "system", "action": "x"}])


@pytest.mark.only("sqlite")
def test_the_pen_goes_on_while_many_take_up_each_other_s_lines(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever leaves a line behind has let go of it before: the next one may be writing on it already."""
    leave, passing = WriterQueue.leave, threading.Event()

    def slowly(queue: WriterQueue) -> None:
        leave(queue)
        passing.wait(0.002)

    monkeypatch.setattr(WriterQueue, "leave", slowly)

    def write_on(name: int) -> None:
        for number in range(25):
            with app.app_context(), transaction():
                by_line(f"{name}-{number}")

    together(*[partial(write_on, name) for name in range(4)])
    assert len(kept()) == 100


def test_a_line_is_taken_up_again_and_holds_nothing_of_before(app: Flask) -> None:
    with transaction():
        by_line("one")
        line = unit.line_here()
    with transaction():
        by_line("two")
        assert unit.line_here() is line
    with pytest.raises(ZeroDivisionError), transaction():
        by_line("three")
        assert unit.line_here() is line
        raise ZeroDivisionError
    with transaction():
        assert COUNT.first().many == 2
        assert unit.line_here() is line


def test_notes_end_with_their_unit_and_are_handed_on_only_where_it_was_kept(app: Flask) -> None:
    told: list[dict[str, Any]] = []
    unit.when_kept(lambda noted: told.append(dict(noted)))
    try:
        with transaction():
            by_line("one")
            unit.notes()["what"] = 1
        with pytest.raises(ZeroDivisionError), transaction():
            assert unit.notes() == {}
            by_line("two")
            unit.notes()["what"] = 2
            raise ZeroDivisionError
        assert unit.notes() == {}
    finally:
        unit._when_kept.pop()
    assert [noted["what"] for noted in told] == [1]


def test_what_is_meant_for_afterwards_has_a_unit_of_its_own(app: Flask) -> None:
    with transaction():
        by_line("one")
        afterwards(lambda: by_line("two"))
    assert kept() == {"one", "two"}


@pytest.mark.only("sqlite")
def test_the_pen_is_handed_on_whatever_happened(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    writers = writers_of(db.engine)
    assert writers is not None
    for order in ORDERS[:12]:
        with pytest.raises(ZeroDivisionError), transaction():
            for name in order:
                WAYS[name](name)
            raise ZeroDivisionError
        assert writers.is_idle, order
    db.engine.dispose()
    monkeypatch.setattr(Line, "_command", lambda line, text: (_ for _ in ()).throw(Busy()))
    with pytest.raises(Busy), transaction():
        by_line("never")
    monkeypatch.undo()
    assert writers.is_idle
    with transaction():
        by_line("at last")
    assert writers.is_idle
    assert kept() == {"at last"}
