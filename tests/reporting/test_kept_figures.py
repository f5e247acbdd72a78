"""What is kept of the record gives the same figures as reading all of it, whatever happened since."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select, update

from lms.app import create_app
from lms.kernel import clock
from lms.kernel.actor import SYSTEM
from lms.kernel.db import db, reading, transaction
from lms.people.models import Assignment
from lms.reporting import queries
from lms.reporting.queries import Slice, Wish, asked
from lms.reporting.queries.record import record_now
from lms.reporting.queries.shelf import Shelf
from lms.requirements.models import Fulfilment
from lms.settings import read
from lms.skills.models import Attainment
from lms.xapi.actions.rebuild import rebuild
from tests.reporting.conftest import Reads
from tests.reporting.living import TODAY, Life

DAYS = (TODAY, TODAY - timedelta(200), TODAY + timedelta(90))
EVERYTHING = frozenset({queries.EVERY})


def figures(day: date) -> Any:
    """Everything that pages and files say of a day."""
    found = queries.overview(SYSTEM, Wish(day, opened=EVERYTHING))
    shown, whole = found.matrix, Slice(page=None)
    cells = [
        [(row.card, row.standing) for row in queries.people_of_cell(SYSTEM, Wish(day), "GOV", row.code, "", whole).rows]
        for row in shown.requirements
    ]
    fits = [(row.card, row.fit) for row in queries.people_of_fit(SYSTEM, Wish(day), "GOV", whole).rows]
    return shown.lines, shown.whole, shown.fit, found.headline, found.trend, cells, fits


def kept(*days: date) -> Any:
    """The figures as pages see them."""
    with reading():
        try:
            return [figures(day) for day in days]
        finally:
            db.session.rollback()


def from_scratch(*days: date) -> Any:
    """The figures as a unit of work sees them that may write: nothing kept is used."""
    asked._shelf = Shelf(24)
    try:
        assert record_now() is None
        return [figures(day) for day in days]
    finally:
        db.session.rollback()


@pytest.mark.parametrize("seed", [1, 2])
def test_after_every_change_the_figures_are_those_worked_out_from_scratch(app: Flask, reads: Reads, seed: int) -> None:
    life = Life(seed)
    kept(*DAYS)
    happened = []
    for _ in range(25):
        happened.append(life.happen())
        assert kept(*DAYS) == from_scratch(*DAYS), happened
    assert len(reads) == 1, "everything was read anew although few people changed"


def test_each_deed_by_itself_is_noticed(life: Life, reads: Reads) -> None:
    kept(TODAY)
    for deed in [*life.deeds, life.require, life.hire, life.attain]:
        life.happen(deed)
        assert kept(*DAYS) == from_scratch(*DAYS), deed.__name__
    assert len(reads) == 1


def test_what_is_asked_of_one_agency_or_one_requirement_is_cut_from_the_same_figures(life: Life) -> None:
    long_ago = date(2023, 6, 1)  # nothing was required then
    wishes = [Wish(TODAY, agency="A"), Wish(TODAY, requirement="SEC", agency="B"), Wish(long_ago, requirement="SEC")]
    for _ in range(3):
        life.happen()
        found = []
        for unit_of_work in (reading, transaction):
            with unit_of_work():
                shown = [queries.matrix(SYSTEM, wish) for wish in wishes]
                found.append([(one.lines, one.whole, one.fit) for one in shown])
                db.session.rollback()
        assert found[0] == found[1]


def test_another_tree_of_agencies_is_read_anew(life: Life, reads: Reads) -> None:
    kept(TODAY)
    for number in range(3):
        life.happen(life.reorganise)
        life.happen(life.attain)
        assert kept(*DAYS) == from_scratch(*DAYS)
        assert len(reads) == number + 2


def test_a_row_that_ended_and_nothing_else_is_noticed(life: Life, reads: Reads) -> None:
    before = kept(TODAY)
    with transaction():
        last = db.session.scalar(select(Assignment.id).where(Assignment.is_primary).limit(1))
        db.session.execute(update(Assignment).where(Assignment.id == last).values(withdrawn_at=clock.now()))
    after = kept(TODAY)
    assert after[0][0][0].headcount == before[0][0][0].headcount - 1
    assert after == from_scratch(TODAY)
    assert len(reads) == 1


def test_a_row_whose_number_is_lower_than_the_last_is_noticed(life: Life, reads: Reads) -> None:
    """On PostgreSQL, who is given a number first may commit last."""
    numbers = select(Attainment.id, Attainment.person_id).order_by(Attainment.id.desc())
    life.happen(life.attain)
    life.happen(life.attain)
    kept(TODAY)
    with transaction():
        id, person = db.session.execute(numbers).all()[0]
        values = db.session.execute(select(Attainment.__table__).where(Attainment.id == id)).mappings().one()
        late = {**values, "id": id + 2, "person_id": person, "target": "1.3"}
        db.session.execute(insert(Attainment).values(late))
    kept(TODAY)
    with transaction():
        db.session.execute(insert(Attainment).values({**late, "id": id + 1, "target": "5.3", "level": 6}))
    assert kept(*DAYS) == from_scratch(*DAYS)
    assert len(reads) == 1


def test_rows_that_are_gone_are_read_anew(life: Life, reads: Reads) -> None:
    for _ in range(4):
        life.happen(life.attain)
    kept(TODAY)
    with transaction():
        db.session.execute(delete(Fulfilment))
        db.session.execute(delete(Attainment))
    assert kept(*DAYS) == from_scratch(*DAYS)
    assert len(reads) == 2


def test_what_a_rebuild_corrected_is_seen(life: Life, reads: Reads) -> None:
    for _ in range(4):
        life.happen(life.attain)
    with transaction():
        db.session.execute(update(Attainment).values(level=1))
    kept(TODAY)
    with transaction():
        assert rebuild(actor=SYSTEM, check=False).differences
    assert kept(*DAYS) == from_scratch(*DAYS)
    kept(*DAYS)
    assert len(reads) == 2


def test_what_is_never_committed_is_never_kept(life: Life) -> None:
    before = kept(TODAY)
    with pytest.raises(RuntimeError, match="not this time"), transaction():
        life.hire()
        assert figures(TODAY)[0][0].headcount == before[0][0][0].headcount + 1
        raise RuntimeError("not this time")
    assert kept(TODAY) == before
    life.happen(life.hire)
    assert kept(*DAYS) == from_scratch(*DAYS)


@pytest.fixture
def elsewhere(tmp_path: Path, app: Flask) -> Iterator[Flask]:
    """A second installation in this process, with as many rows of everything."""
    environ = {"LMS_VAR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path / 'other.db'}", "LMS_SECRET_KEY": "test"}
    other = create_app(read(environ))
    with other.app_context():
        db.create_all()
    yield other
    with other.app_context():
        db.session.remove()
        db.engine.dispose()


def test_two_installations_in_one_process_never_mix(app: Flask, elsewhere: Flask) -> None:
    here = Life(seed=5)
    with elsewhere.app_context():
        there = Life(seed=6)
    for _ in range(4):
        assert kept(*DAYS) == from_scratch(*DAYS)
        here.happen(here.attain)
        with elsewhere.app_context():
            there.happen(there.attain)
            assert kept(*DAYS) == from_scratch(*DAYS)


def test_a_database_emptied_and_filled_alike_is_another_one(app: Flask, databases: Any, reads: Reads) -> None:
    for seed in (5, 6):
        databases.begin_anew()
        Life(seed)
        assert kept(*DAYS) == from_scratch(*DAYS)
    assert len(reads) == 2
