"""Each page asks the database a fixed number of questions, and figures are never stale."""

from __future__ import annotations

from datetime import date

import pytest

from lms.kernel.actor import SYSTEM
from lms.kernel.db import db, transaction
from lms.people import actions as people
from lms.reporting import queries
from lms.requirements import actions as requirements
from lms.skills import actions as skills
from tests.counting import Counting
from tests.factories import Make
from tests.reporting.conftest import Reader
from tests.reporting.reading import links
from tests.requirements.world import complete

MOST = 10


@pytest.fixture
def unit(make: Make) -> int:
    """An agency under a requirement."""
    agency = make.agency("BIG", parent=make.root())
    with transaction():
        skills.load_frameworks(actor=SYSTEM)
        requirements.create_requirement(
            actor=SYSTEM, code="SEC", title="Security", target="course:security", agency_id=agency,
            effective_from=date(2026, 1, 1),
        )  # fmt: skip
    return agency


def staff(agency: int, count: int, first: int) -> list[int]:
    """People who work in an agency; every third holds what is required."""
    found = []
    with transaction():
        for number in range(first, first + count):
            id = people.register_person(actor=SYSTEM, hr_number=f"N{number}", name=f"Person {number}")
            people.assign(actor=SYSTEM, person_id=id, agency_id=agency, starts_on=date(2024, 1, 1), family="CA")
            if number % 3 == 0:
                complete(id, "security", date(2026, 9, 1), levels={"1.1": 3})
            found.append(id)
    return found


def test_pages_ask_equally_often_for_5_and_for_200_people(unit: int, reader: Reader, count_queries: Counting) -> None:
    client = reader("hr_officer", unit)
    first = staff(unit, 5, 0)[0]
    proof = next(url for url in links(client.get(f"/people/{first}").text) if "/evidence/" in url)
    pages = ("/coverage?open=all", "/coverage/BIG/SEC", "/coverage/BIG/role-fit", f"/people/{first}", proof)
    pages += ("/coverage/BIG/SEC/export.csv", "/coverage/export.xlsx")

    def counts(after: int) -> list[int]:
        found: list[int] = []
        client.get(pages[0])  # a worker that has the record, as after its first page
        for page in pages:
            staff(unit, 1, after + len(found))  # so that nothing is known from before
            with count_queries() as sent:
                assert client.get(page).status_code == 200
            assert len(sent) <= MOST, (page, sent)
            found.append(len(sent))
        return found

    few = counts(1000)
    staff(unit, 195, 100)
    assert counts(2000) == few


def test_what_is_known_already_is_not_read_again(unit: int, reader: Reader, count_queries: Counting) -> None:
    client = reader("hr_officer", unit)
    staff(unit, 5, 0)
    client.get("/coverage")
    with count_queries() as sent:
        client.get("/coverage?open=all")
    assert len(sent) <= 6


def test_figures_follow_every_change_at_once(unit: int, make: Make) -> None:
    def cell() -> tuple[int, int, int]:
        found = queries.matrix(SYSTEM).whole["SEC"]
        db.session.rollback()
        return found.headcount, found.met, found.excused

    first, second, third = staff(unit, 3, 1)
    assert cell() == (3, 1, 0)
    with transaction():
        complete(first, "security", date(2026, 9, 1))
    assert cell() == (3, 2, 0)
    make.absence(second, date(2026, 11, 1))
    assert cell() == (3, 2, 1)
    with transaction():
        people.transfer(actor=SYSTEM, person_id=third, agency_id=make.root(), on=date(2026, 11, 1))
    found = queries.matrix(SYSTEM)
    assert [line.own["SEC"].met for line in found.lines] == [0, 1]
    staff(unit, 1, 4)
    assert cell()[0] == 4
