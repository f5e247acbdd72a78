"""`lms records rebuild --check` as an operator runs it: it finds, changes nothing, and leaves nothing in the folder."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from courses import actions
from lms.app import create_app
from lms.kernel.db import db, transaction
from tests.cli.test_courses import on_disk
from tests.commands import Run
from tests.courses.conftest import small
from tests.factories import Make


@pytest.fixture
def file(lms: Run, government: Make, tmp_path: Path) -> Iterator[Path]:
    """The database of an installation in which somebody has begun a course."""
    assert lms("courses", "import", on_disk(small(), tmp_path / "course"), "--publish").code == 0
    with create_app().app_context():
        learner = government.person(roles=["learner"])
        with transaction():
            actions.enrol(actor=government.actor(learner), person_id=learner.id, slug="one-thing")
        yield tmp_path / "var" / "cadre.db"
        db.session.remove()
        db.engine.dispose()


def test_a_check_that_finds_nothing_ends_well(lms: Run, file: Path) -> None:
    ended = lms("records", "rebuild", "--check", "--json")
    assert (ended.code, ended.json) == (0, {"statements": 1, "differences": 0, "examples": []})


def test_a_planted_difference_is_found_left_as_it_is_and_mended_by_a_rebuild(lms: Run, file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("update enrolment set steps_done = 2")
        connection.commit()
    beside = sorted(path.name for path in file.parent.iterdir())
    for _ in range(2):
        ended = lms("records", "rebuild", "--check", "--json")
        assert (ended.code, ended.json["differences"]) == (1, 1)
        assert "courses: 1 rows lacking, 1 too many" in ended.json["examples"][0]
    assert sorted(path.name for path in file.parent.iterdir()) == beside
    assert lms("records", "rebuild", "--json").json["differences"] == 1
    assert lms("records", "rebuild", "--check").code == 0


def test_a_file_that_was_just_restored_is_checked_as_well(lms: Run, file: Path) -> None:
    copy = file.with_name("restored.db")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(f"vacuum into '{copy}'")
    with create_app().app_context():
        db.engine.dispose()
    for part in file.parent.glob("cadre.db*"):
        part.unlink()
    copy.rename(file)
    assert lms("records", "rebuild", "--check").code == 0
