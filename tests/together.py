"""Tests in which several do something at the same moment: each in a thread, under the clock of the one who asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import partial
from threading import Barrier, Event, Thread
from time import monotonic
from typing import TypeVar

from flask import Flask

from lms.kernel import clock

T = TypeVar("T")
PATIENCE = 120.0  # seconds until those who are still at it are given up


def together(*works: Callable[[], T], app: Flask | None = None, clock_goes: bool = False) -> list[T]:
    """What each came back with, in their order, after all began at one moment; what one raised is raised.

    Where an application is given, each works in a unit of work of its own. Those who store statements beside each
    other need a clock that goes: under one that stands, history is lived again, and by one alone.
    """
    gate = Barrier(len(works))

    def after_all_came(work: Callable[[], T]) -> T:
        gate.wait(PATIENCE)
        return work()

    moment = None if clock_goes else _standing()
    begun = [_begun(partial(after_all_came, work), app, moment) for work in works]
    wait(begun, PATIENCE)
    return [_outcome(one) for one in begun]


@contextmanager
def meanwhile(work: Callable[[], T], app: Flask | None = None, *, clock_goes: bool = False) -> Iterator[Future[T]]:
    """Something goes on beside what is done within, and has ended afterwards; what it raised is raised."""
    begun = _begun(work, app, None if clock_goes else _standing())
    try:
        yield begun
    finally:
        wait([begun], PATIENCE)
        _outcome(begun)


def wait_until(true: Callable[[], bool]) -> None:
    """Look again and again until something has come about beside."""
    end = monotonic() + PATIENCE
    while not true():
        assert monotonic() < end, "It never came about."
        Event().wait(0.001)


def _standing() -> datetime | None:
    """Where the clock stands for who asks; None where it goes."""
    return clock.now() if clock.stands() else None


def _begun(work: Callable[[], T], app: Flask | None, moment: datetime | None) -> Future[T]:
    """What a thread will have come back with; of all that is set for who asks, it is told the moment alone."""
    future: Future[T] = Future()

    def go() -> None:
        try:
            with ExitStack() as around:
                if moment:
                    around.enter_context(clock.at(moment))
                if app:
                    around.enter_context(app.app_context())
                outcome = work()
        except BaseException as trouble:
            future.set_exception(trouble)
        else:
            future.set_result(outcome)

    Thread(target=go, daemon=True).start()  # whoever never ends does not keep the tests from ending
    return future


def _outcome(begun: Future[T]) -> T:
    """What one came back with, or what it raised."""
    if not begun.done():
        raise AssertionError(f"After {PATIENCE:.0f} seconds one was still at it: do they wait for each other?")
    return begun.result()
