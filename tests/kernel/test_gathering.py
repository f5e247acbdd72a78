"""What comes while somebody writes is written next, by one for all; and nobody pays for another one's mistake."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.exc import OperationalError

from lms.kernel.db import db, gathering, reading, run
from lms.kernel.db.gathering import Gathering
from lms.kernel.errors import Busy, Conflict
from lms.xapi.models import Verb
from tests.together import meanwhile, wait_until

KIND = "kind"
OTHERS = ["b", "c", "d", "e"]


class Writer:
    """Writes a verb for each who asks; `may_go_on` holds it up, and "bad" is refused."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.may_go_on = Event()

    def __call__(self, asked: Sequence[str]) -> list[str]:
        self.calls.append(list(asked))
        assert self.may_go_on.wait(20)
        for iri in asked:
            run(insert(Verb), {"iri": iri})
            if iri == "bad":
                raise Conflict("It is bad.")
        return [iri.upper() for iri in asked]


@pytest.fixture
def writer(app: Flask) -> Writer:
    return Writer()


def gathered(writer: Writer, *, most: int = 9, at_once: int = 1) -> Gathering[str, str]:
    return Gathering(writer, most=most, at_once=at_once)


def are_waiting(among: Gathering[str, str], many: int) -> bool:
    return len(among._queues[KIND].waiting) == many


def asked_at_once(app: Flask, writer: Writer, among: Gathering[str, str], others: Sequence[str]) -> list[object]:
    """What becomes of those who ask one after the other while "a" is being written."""

    def ask(iri: str) -> object:
        try:
            return among.ask(KIND, iri)
        except Exception as error:
            return error

    with ExitStack() as everybody:
        first = everybody.enter_context(meanwhile(partial(ask, "a"), app))
        wait_until(lambda: len(writer.calls) == 1)
        begun = []
        for number, iri in enumerate(others, start=1):
            begun.append(everybody.enter_context(meanwhile(partial(ask, iri), app)))
            wait_until(partial(are_waiting, among, number))
        writer.may_go_on.set()
        return [one.result(20) for one in (first, *begun)]


def kept() -> set[str]:
    with reading():
        return set(db.session.scalars(select(Verb.iri)))


def test_who_is_alone_writes_alone(writer: Writer) -> None:
    writer.may_go_on.set()
    alone = gathered(writer)
    assert [alone.ask(KIND, "a"), alone.ask(KIND, "b")] == ["A", "B"]
    assert writer.calls == [["a"], ["b"]]
    assert kept() == {"a", "b"}
    assert alone._queues == {}, "nothing is held of those who are gone"


def test_who_comes_meanwhile_is_written_together(app: Flask, writer: Writer) -> None:
    among = gathered(writer)
    assert asked_at_once(app, writer, among, OTHERS) == ["A", "B", "C", "D", "E"]
    assert writer.calls == [["a"], OTHERS]
    assert kept() == {"a", *OTHERS}
    assert among._queues == {}


def test_no_more_than_so_many_are_written_together(app: Flask, writer: Writer) -> None:
    assert asked_at_once(app, writer, gathered(writer, most=3), OTHERS) == ["A", "B", "C", "D", "E"]
    assert writer.calls == [["a"], ["b", "c", "d"], ["e"]]


def test_what_is_wrong_with_one_of_them_is_told_to_that_one(app: Flask, writer: Writer) -> None:
    found = asked_at_once(app, writer, gathered(writer), ["b", "bad", "c"])
    assert [found[0], found[1], found[3]] == ["A", "B", "C"]
    assert isinstance(found[2], Conflict)
    assert writer.calls == [["a"], ["b", "bad", "c"], ["b"], ["bad"], ["c"]]
    assert kept() == {"a", "b", "c"}


def test_where_the_database_cannot_say_nothing_is_written_again(
    app: Flask, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep, kept_so_far = gathering.keep_unit, list[int]()

    def cut_off() -> None:
        keep()
        kept_so_far.append(1)
        if len(kept_so_far) > 1:
            raise OperationalError("COMMIT", None, Exception("the connection was lost"))

    monkeypatch.setattr(gathering, "keep_unit", cut_off)
    found = asked_at_once(app, writer, gathered(writer), ["b", "c"])
    assert found[0] == "A"
    assert all(isinstance(one, OperationalError) for one in found[1:])
    assert writer.calls == [["a"], ["b", "c"]]


def test_what_keeps_everybody_from_writing_is_not_tried_for_each(app: Flask) -> None:
    class Waits(Writer):
        def __call__(self, asked: Sequence[str]) -> list[str]:
            super().__call__(asked)
            raise Busy()

    waits = Waits()
    found = asked_at_once(app, waits, gathered(waits), OTHERS)
    assert all(isinstance(one, Busy) for one in found)
    assert waits.calls == [["a"], OTHERS]
    assert kept() == set()


def test_other_kinds_do_not_wait(app: Flask, writer: Writer) -> None:
    among = gathered(writer)
    with meanwhile(lambda: among.ask("one", "a"), app) as one:
        wait_until(lambda: len(writer.calls) == 1)
        with meanwhile(lambda: among.ask("other", "b"), app) as other:
            wait_until(lambda: len(writer.calls) == 2)
            writer.may_go_on.set()
    assert (one.result(), other.result()) == ("A", "B")


def test_several_write_at_a_time_where_they_may(app: Flask, writer: Writer) -> None:
    among = gathered(writer, at_once=2)
    with meanwhile(lambda: among.ask(KIND, "a"), app), meanwhile(lambda: among.ask(KIND, "b"), app):
        wait_until(lambda: len(writer.calls) == 2)
        writer.may_go_on.set()
    assert kept() == {"a", "b"}
    assert among._queues == {}


def test_whose_turn_does_not_come_gives_up_and_is_not_written(
    app: Flask, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "PATIENCE", 0.01)
    among = gathered(writer)
    with meanwhile(lambda: among.ask(KIND, "a"), app):
        wait_until(lambda: len(writer.calls) == 1)
        with pytest.raises(Busy):
            among.ask(KIND, "b")
        writer.may_go_on.set()
    assert writer.calls == [["a"]]
    assert kept() == {"a"}
