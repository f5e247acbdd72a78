"""What is kept of the record stays right while others write and ask at the same time."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from lms.agencies.actions import open_agency
from lms.agencies.models import Agency
from lms.kernel.actor import SYSTEM
from lms.kernel.db import db, reading, transaction
from lms.people import actions as people
from lms.reporting.queries.record import keeping, record_now
from tests.reporting.conftest import Reads
from tests.reporting.living import TODAY, Life
from tests.reporting.test_kept_figures import DAYS, figures, from_scratch, kept
from tests.together import meanwhile, together


@pytest.mark.only("postgresql")  # a SQLite reader sees one moment throughout
def test_what_came_between_two_statements_is_not_lost(
    life: Life, reads: Reads, monkeypatch: pytest.MonkeyPatch, app: Flask
) -> None:
    """Reads of PostgreSQL are snapshots of their own; somebody else may commit after each of them."""
    life.happen(life.attain)
    kept(TODAY)
    for name in ("news", "found_of", "holdings", "look"):
        life.happen(life.attain)
        step = getattr(keeping, name)

        def disturbed(*given: Any, step: Any = step, name: str = name) -> Any:
            monkeypatch.setattr(keeping, name, step)
            found = step(*given)
            _elsewhere(app, lambda: [life.happen(life.attain), life.happen(life.correct)])
            return found

        monkeypatch.setattr(keeping, name, disturbed)
        kept(TODAY)
        assert getattr(keeping, name) is step
        assert kept(*DAYS) == from_scratch(*DAYS), name
    assert len(reads) <= 2, "only a row that ended just then costs reading everything anew"


@pytest.mark.only("postgresql")
def test_an_agency_opened_between_two_statements_counts_its_people(
    life: Life, monkeypatch: pytest.MonkeyPatch, app: Flask
) -> None:
    kept(TODAY)
    life.happen(life.hire)
    step, made = keeping.news, list[int]()

    def disturbed(*given: Any) -> Any:
        monkeypatch.setattr(keeping, "news", step)
        _elsewhere(app, lambda: made.append(_opened_late()))
        return step(*given)

    monkeypatch.setattr(keeping, "news", disturbed)
    kept(TODAY)
    with transaction():
        person = people.register_person(actor=SYSTEM, hr_number="LATE", name="Late Comer")
        people.assign(actor=SYSTEM, person_id=person, agency_id=made[0], family="CA", starts_on=date(2024, 1, 1))
    assert kept(*DAYS) == from_scratch(*DAYS)


def _opened_late() -> int:
    top = db.session.scalar(select(Agency.id).where(Agency.code == "GOV"))
    with transaction():
        return open_agency(actor=SYSTEM, code="LATE", name="Late", kind="agency", parent_id=top, on=date(2020, 1, 1))


@pytest.mark.only("sqlite")
def test_whoever_still_sees_an_earlier_moment_costs_nobody_a_read_of_everything(
    life: Life, reads: Reads, app: Flask
) -> None:
    """A reader of SQLite keeps the moment at which it began; a reader of PostgreSQL has none."""
    kept(TODAY)
    began, may_go_on = threading.Event(), threading.Event()

    def early() -> tuple[Any, int]:
        with reading():
            db.session.execute(select(Agency.id)).all()
            began.set()
            assert may_go_on.wait(20)
            return record_now(), figures(TODAY)[0][0].headcount

    with meanwhile(early, app=app) as seen:
        assert began.wait(20)
        before = from_scratch(TODAY)[0][0][0].headcount
        life.happen(life.hire)
        now = kept(TODAY)[0][0][0].headcount
        count = len(reads)
        may_go_on.set()
    assert seen.result() == (None, before) and now == before + 1 and len(reads) == count
    assert kept(*DAYS) == from_scratch(*DAYS)


def test_threads_that_ask_at_the_same_time_are_told_the_same(app: Flask, life: Life, reads: Reads) -> None:
    for _ in range(3):
        life.happen()
        wanted = from_scratch(*DAYS)
        db.session.remove()
        assert together(*[lambda: kept(*DAYS)] * 8, app=app) == [wanted] * 8
    assert len(reads) == 1


def _elsewhere(app: Flask, deed: Any) -> None:
    """Let something happen in a unit of work of another thread."""
    together(deed, app=app)
