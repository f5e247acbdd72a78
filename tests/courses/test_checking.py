"""Holding what follows from the record against it keeps nobody from saving, and changes nothing whatever happens."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from psycopg.errors import DiskFull, InsufficientPrivilege
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import OperationalError

from courses import queries
from courses.actions.projection import CourseProjector
from courses.models import Enrolment, StepProgress
from lms.cli.looking import looking
from lms.kernel.actor import SYSTEM, Actor
from lms.kernel.db import db, reading, shadows, transaction
from lms.kernel.db.shadows import Unshadowed
from lms.kernel.errors import Refused
from lms.people.models import Person
from lms.skills.actions.projection import SkillProjector
from lms.xapi.actions.rebuild import RebuildResult, rebuild
from lms.xapi.rules.facts import Fact
from tests.courses.conftest import Published
from tests.courses.test_enrolments import enrolled, finish
from tests.factories import Made, Make
from tests.together import together


@pytest.fixture
def actor(make: Make, learner: Made) -> Actor:
    return make.actor(learner)


@pytest.fixture
def taken(published: Published, actor: Actor) -> UUID:
    """A course that somebody has begun."""
    published()
    registration = enrolled(actor)
    finish(actor, registration, "lesson-1")
    return registration


def checked() -> RebuildResult:
    with looking():
        return rebuild(actor=SYSTEM, check=True)


def rows() -> list[tuple[object, ...]]:
    """What stands in the room."""
    with reading():
        enrolments = db.session.execute(select(Enrolment.id, Enrolment.state, Enrolment.steps_done))
        steps = db.session.execute(select(StepProgress.id, StepProgress.step_key, StepProgress.done_at))
        return [*map(tuple, enrolments), *map(tuple, steps)]


def once_cleared(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Have something done while a check is under way, once the rooms' rows are written in it."""
    clear = CourseProjector.clear

    def cleared(self: CourseProjector) -> None:
        clear(self)
        act()

    monkeypatch.setattr(CourseProjector, "clear", cleared)


def test_while_a_check_is_under_way_a_learner_saves_at_once(
    app: Flask, taken: UUID, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def elsewhere() -> None:
        together(lambda: finish(actor, taken, "lesson-2"), app=app)

    before = checked()
    with monkeypatch.context() as meanwhile:
        once_cleared(meanwhile, elsewhere)
        assert checked() == before, "what was saved meanwhile is not looked at"
    assert queries.enrolment(actor, taken).done == {"lesson-1", "lesson-2"}
    after = checked()
    assert (after.statements, after.differences) == (before.statements + 2, [])  # opened, and finished


def test_a_row_that_does_not_follow_is_found(taken: UUID) -> None:
    with transaction():
        db.session.execute(update(Enrolment).values(steps_done=3))
    before = rows()
    (found,) = checked().differences
    assert (found.projector, found.lacking, found.too_many) == ("courses", 1, 1)
    assert rows() == before


def test_a_check_sees_the_tables_themselves_again_afterwards(taken: UUID) -> None:
    before = rows()
    with looking():
        assert rebuild(actor=SYSTEM, check=True) == rebuild(actor=SYSTEM, check=True)
        known = db.session.scalars(select(StepProgress.id)).all()
        if db.engine.dialect.name == "sqlite":
            left = db.session.execute(text("select count(*) from sqlite_temp_master"))
        else:
            left = db.session.execute(text("select count(*) from pg_class where relnamespace = pg_my_temp_schema()"))
        assert left.scalar_one() == 0
    assert list(known) == [row[0] for row in before if row[1] == "lesson-1"]
    assert rows() == before


def test_a_check_that_breaks_leaves_nothing_behind(app: Flask, taken: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    before = rows()
    with monkeypatch.context() as broken:
        broken.setattr(CourseProjector, "project", lambda self, fact: 1 / 0)
        with transaction(), pytest.raises(ZeroDivisionError):
            rebuild(actor=SYSTEM, check=True)
        with pytest.raises(ZeroDivisionError):
            checked()
    assert rows() == before
    assert checked().differences == []


def test_a_room_that_writes_what_it_does_not_clear_is_not_let(taken: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    def project(self: SkillProjector, fact: Fact) -> None:
        db.session.execute(update(Person).values(name="Changed"))

    monkeypatch.setattr(SkillProjector, "project", project)
    with pytest.raises(Unshadowed, match="person has no shadow"):
        checked()
    with reading():
        wanted = select(func.count()).select_from(Person).where(Person.name == "Changed")
        assert db.session.scalar(wanted) == 0


def test_what_is_written_past_the_toolkit_is_refused_by_the_database(
    taken: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    def project(self: SkillProjector, fact: Fact) -> None:
        db.session.execute(text("update person set name = 'Changed'"))

    monkeypatch.setattr(SkillProjector, "project", project)
    with pytest.raises(Exception, match=r"(?i)read-?only"):
        checked()


@pytest.mark.parametrize(
    ("error", "told"), [(InsufficientPrivilege(), "grant it TEMPORARY"), (DiskFull(), "make room on it")]
)
def test_a_database_without_room_for_shadows_is_said_in_plain_words(
    taken: UUID, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
) -> None:
    def refuse(*_: object) -> None:
        raise OperationalError("create temporary table", {}, error)

    monkeypatch.setattr(shadows, "_copy", refuse)
    with pytest.raises(Refused, match=told):
        checked()
