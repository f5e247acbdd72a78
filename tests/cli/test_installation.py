"""The record's export, the demonstration over data of one's own, and what serving says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from courses import actions
from lms.app import create_app
from lms.cli import serving
from lms.kernel.db import transaction
from tests.cli.test_courses import on_disk
from tests.commands import Run
from tests.courses.conftest import small
from tests.factories import Make


@pytest.fixture
def recorded(lms: Run, government: Make, tmp_path: Path) -> int:
    """Somebody has begun a course; the number of statements."""
    assert lms("courses", "import", on_disk(small(), tmp_path / "course"), "--publish").code == 0
    with create_app().app_context():
        learner = government.person(roles=["learner"])
        with transaction():
            actions.enrol(actor=government.actor(learner), person_id=learner.id, slug="one-thing")
    return len(lms("records", "export").out.splitlines())


def test_statements_are_written_into_a_file_and_counted(lms: Run, recorded: int, tmp_path: Path) -> None:
    target = tmp_path / "statements.jsonl"
    ended = lms("records", "export", "--json", "--to", target)
    assert (ended.code, ended.json) == (0, {"statements": recorded}) and recorded > 0
    assert len([json.loads(line) for line in target.read_text("utf-8").splitlines()]) == recorded
    assert lms("records", "export", "--to", target).out == f"statements: {recorded}\n"


@pytest.mark.parametrize(
    ("since", "all_of_them"),
    [
        ("2026-11-23T07:00:00Z", True),
        ("2026-11-23T10:00:00+01:00", True),
        ("2026-11-23", True),
        ("2026-11-23T10:00:00Z", False),
        ("2026-11-23T07:00:00-03:00", False),
    ],
)
def test_statements_are_asked_for_since_a_moment(lms: Run, recorded: int, since: str, all_of_them: bool) -> None:
    ended = lms("records", "export", "--json", "--since", since)
    assert (ended.code, len(ended.out.splitlines())) == (0, recorded if all_of_them else 0)


def test_a_moment_that_is_none_is_used_wrongly(lms: Run) -> None:
    ended = lms("records", "export", "--since", "yesterday")
    assert ended.code == 2 and "2026-11-23T07:00:00Z" in ended.err


def test_the_demonstration_is_not_loaded_over_data(lms: Run, government: Make) -> None:
    ended = lms("demo", "load", "--json")
    assert ended.code == 1
    assert ended.json == {"refused": "This database already holds data: give LMS_VAR or DATABASE_URL of an empty one."}


def test_serving_says_its_address_and_where_it_keeps_things(
    lms: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Server:
        def __init__(self, *target: Any, **settings: Any) -> None:
            return None

        def serve(self) -> None:
            return None

    monkeypatch.setattr(serving, "Granian", Server)
    monkeypatch.setattr(serving, "_work_on", lambda: None)
    ended = lms("serve", "--port", "8123")
    assert ended.out == f"Cadre is at http://127.0.0.1:8123 (LMS_VAR is {tmp_path / 'var'})\n"
