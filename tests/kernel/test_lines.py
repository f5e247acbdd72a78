"""One unit of work on every way to the database: what is written past the toolkit is kept and undone with the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import permutations
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError, PendingRollbackError

from lms.kernel.db import afterwards, db, run, transaction, unit
from lms.kernel.db.fresh import FreshRows
from lms.kernel.db.line import Line
from lms.kernel.db.prepared import Prepared
from lms.kernel.db.quiet import writers_of
from lms.kernel.db.session import connection_here, is_begun
from lms.kernel.errors import Busy
from lms.xapi.models import Verb

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


def test_once_undone_a_unit_of_work_writes_nothing_more(app: Flask) -> None:
    """A word alone, without the others of its unit, would be kept at once on PostgreSQL."""
    with pytest.raises(PendingRollbackError), transaction():
        by_line("first")
        db.session.add_all([Verb(iri="urn:same"), Verb(iri="urn:same")])
        with pytest.raises(IntegrityError):
            db.session.flush()
        by_line("second")
    with pytest.raises(PendingRollbackError), transaction():
        by_line("first")
        db.session.add_all([Verb(iri="urn:same"), Verb(iri="urn:same")])
        with pytest.raises(IntegrityError):
            db.session.flush()
        by_constant("second")
    assert kept() == set()


@pytest.mark.only("postgresql")
@pytest.mark.parametrize("touched", [True, False])
def test_a_transaction_that_failed_is_not_taken_for_kept(app: Flask, touched: bool) -> None:
    with pytest.raises(DBAPIError, match=r"nothing of this transaction was kept|transaction is aborted"), transaction():
        if touched:
            connection_here()
        by_line("first")
        with pytest.raises(DBAPIError):
            unit.line_here().fetch("select 1 / $1::integer", ["0"])
    assert kept() == set()


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
