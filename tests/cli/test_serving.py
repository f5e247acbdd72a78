"""A server's processes keep little memory: told to the C library before the program starts, which is started anew."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from lms.cli import memory
from lms.cli.memory import STORES_OF_MEMORY
from tests.trust.installations import installed

OWN = {"MALLOC_ARENA_MAX": "2"}


class StartedAnew(Exception):
    """A program was started in the place of this one."""


def begun_with(process: int) -> dict[str, str]:
    """The environment with which the program of a process was started, whatever it has changed since."""
    words = Path(f"/proc/{process}/environ").read_bytes().decode().split("\0")
    return {name: value for name, _, value in (word.partition("=") for word in words)}


def workers_of(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


@pytest.mark.parametrize("own", [{}, OWN])
def test_server_and_workers_run_with_it_but_for_what_an_operator_has_set(
    own: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in STORES_OF_MEMORY:
        monkeypatch.delenv(name, raising=False)
    with installed(tmp_path, f"sqlite:///{tmp_path / 'served.db'}", **own) as one, one.running() as server:
        workers = workers_of(server.pid)
        assert workers
        for process in (server.pid, *workers):  # the first of them is the process that was started
            assert begun_with(process).items() >= {**STORES_OF_MEMORY, **own}.items()


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Begins a command in an environment; gives what is started in the place of the program, if anything."""

    def start(path: str, words: list[str], environ: dict[str, str]) -> None:
        raise StartedAnew(path, words, environ)

    def begin(asked: list[str], environ: dict[str, str], program: list[str] | None = None) -> tuple[Any, ...] | None:
        with monkeypatch.context() as patched:
            patched.setattr(sys, "argv", ["/usr/bin/lms", *asked])
            patched.setattr(sys, "orig_argv", program or ["python3", "-X", "utf8", "/usr/bin/lms", *asked])
            patched.setattr(os, "environ", environ)
            patched.setattr(os, "execve", start)
            try:
                memory.serve_with_little()
            except StartedAnew as instead:
                return instead.args
        return None

    return begin


def test_it_is_the_same_command_of_the_same_program(begun: Any) -> None:
    path, words, environ = begun(["serve", "--port", "8123"], {"LMS_VAR": "there", **OWN})
    assert path == sys.executable
    assert words == [sys.executable, "-X", "utf8", "/usr/bin/lms", "serve", "--port", "8123"]
    assert environ == {**STORES_OF_MEMORY, "LMS_VAR": "there", **OWN}


def test_it_is_started_once(begun: Any) -> None:
    assert begun(["serve"], begun(["serve"], {})[2]) is None


def test_no_other_command_is_started_anew(begun: Any) -> None:
    assert begun(["db", "upgrade"], {}) is None and begun([], {}) is None


def test_nor_is_a_program_that_runs_ours_within_itself(begun: Any) -> None:
    assert begun(["serve"], {}) is not None
    assert begun(["serve"], {}, program=["python3", "-m", "pytest", "tests"]) is None
