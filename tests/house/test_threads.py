"""The clock stands still in tests, but not for a thread that one of them starts itself."""

from __future__ import annotations

import ast
from contextvars import copy_context
from functools import partial
from pathlib import Path
from threading import Event

import pytest
from flask import Flask, g

from lms.kernel import clock
from tests import together as doing
from tests.conftest import NOW
from tests.house.source import ROOT
from tests.together import meanwhile, together

STARTING = {"Thread", "Timer", "ThreadPool", "ThreadPoolExecutor", "start_new_thread", "to_thread", "run_in_executor"}
MAY = {"tests/together.py", "tests/trust/killing.py"}  # the latter writes to a server in a process of its own


def starts(source: str) -> list[str]:
    """The ways of starting a thread that a source names."""
    said = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name):
                said.append(name.rpartition(".")[2])
    return [name for name in said if name in STARTING]


def name_of(path: Path) -> str:
    """Where a file is within the project."""
    return path.relative_to(ROOT).as_posix()


def test_only_tests_together_starts_threads() -> None:
    found = {name_of(path) for path in (ROOT / "tests").rglob("*.py") if starts(path.read_text("utf-8"))}
    assert found == MAY, "Do it with tests.together: a thread of one's own reads the machine's clock."


@pytest.mark.parametrize(
    "source",
    [
        "import threading\nthreading.Thread(target=print)",
        "from threading import Thread as T",
        "import concurrent.futures\nconcurrent.futures.ThreadPoolExecutor(2)",
        "from multiprocessing.pool import ThreadPool",
        "import _thread\n_thread.start_new_thread(print, ())",
    ],
)
def test_every_way_of_starting_a_thread_is_seen(source: str) -> None:
    assert starts(source)
    assert not starts("import threading\nthreading.Event().wait(1)")


@pytest.mark.only("sqlite")
def test_whoever_works_beside_sees_the_clock_of_who_asks_and_nothing_else(app: Flask) -> None:
    g.mine = 1
    assert together(clock.now, clock.now) == [NOW, NOW]
    assert together(lambda: g.get("mine"), app=app) == [None]
    with meanwhile(copy_context) as beside:
        assert len(beside.result(5)) == 1, "the clock alone"


def test_what_goes_wrong_beside_goes_wrong_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong() -> None:
        raise SystemExit(4)

    with pytest.raises(SystemExit):
        together(clock.now, wrong)
    with pytest.raises(SystemExit), meanwhile(wrong):
        pass
    ended = Event()
    monkeypatch.setattr(doing, "PATIENCE", 0.01)
    with pytest.raises(AssertionError, match="still at it"), meanwhile(partial(ended.wait, 20)):
        pass
    ended.set()
