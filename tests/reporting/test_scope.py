"""Who sees what: another ministry's agencies, people, requirements and proofs are as good as absent (B3, B7)."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from lms.kernel.actor import SYSTEM
from lms.kernel.db import db, transaction
from lms.people import actions as people
from lms.requirements import actions as requirements
from lms.skills.models import Attainment
from tests.factories import Made, Make
from tests.reporting.conftest import Reader
from tests.reporting.reading import links
from tests.requirements.world import complete

CANARY = "Zxqvj"
START = date(2025, 1, 1)


@dataclass(frozen=True, slots=True)
class Two:
    """Two ministries that know nothing of each other."""

    ours: int
    theirs: int
    colleague: Made
    stranger: Made
    attainment: int
    statement: UUID


@pytest.fixture
def two(make: Make) -> Two:
    """One ministry, and another in which everything bears the canary's name."""
    ours = make.agency("OUR", parent=make.root(), name="Our ministry", kind="ministry")
    make.agency("OUR-1", parent=ours, name="Our agency")
    theirs = make.agency("THEIR", parent=make.root(), name=f"{CANARY} ministry", kind="ministry")
    colleague = make.person(agency=ours, name="Near Colleague", family="CA")
    stranger = make.person(agency=theirs, name=f"{CANARY} Stranger", family="CA", title=f"{CANARY} officer")
    for code, agency in (("ALL", make.root()), ("OURS", ours), (f"{CANARY}-R", theirs)):
        with transaction():
            requirements.create_requirement(
                actor=SYSTEM, code=code, title=f"{code} rule", target="course:security", agency_id=agency,
                effective_from=START, legal_basis=f"{code} law",
            )  # fmt: skip
    with transaction():
        complete(colleague.id, "security", date(2026, 9, 1), levels={"1.1": 3})
        complete(stranger.id, f"{CANARY.lower()}-course", date(2026, 9, 1), levels={"1.1": 3})
    row = db.session.execute(
        select(Attainment.id, Attainment.statement_id).where(Attainment.person_id == stranger.id)
    ).first()
    assert row is not None
    db.session.rollback()
    return Two(ours, theirs, colleague, stranger, row.id, row.statement_id)


def readable(answer_data: bytes, content_type: str) -> str:
    if "spreadsheet" not in content_type:
        return answer_data.decode("utf-8-sig")
    book = load_workbook(io.BytesIO(answer_data))
    return " ".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)


def crawl(client: FlaskClient, start: str) -> dict[str, str]:
    """Every page of this room that can be reached by links."""
    waiting, seen = [start], {}
    while waiting:
        url = waiting.pop().split("#")[0]
        if url in seen or not re.match(r"/(coverage|people|statements)\b", url):
            continue
        answer = client.get(url)
        assert answer.status_code == 200, url
        seen[url] = readable(answer.data, answer.content_type) + str(answer.headers)
        if answer.mimetype == "text/html":
            waiting += [url for url in links(answer.text) if "desc=1" not in url]
    return seen


def test_B7_no_page_and_no_file_bears_the_name_of_another_ministry(two: Two, reader: Reader) -> None:
    client = reader("hr_officer", two.ours)
    seen = crawl(client, "/coverage?open=all")
    assert {url: text for url, text in seen.items() if CANARY.lower() in text.lower()} == {}
    kinds = {re.sub(r"[0-9a-f-]{36}|\d+", "#", url.split("?")[0]) for url in seen}
    assert {"/people/#", "/people/#/evidence/#", "/statements/#", "/coverage/export.xlsx"} <= kinds
    assert any("OURS rule" in text for text in seen.values())


def test_the_auditor_of_the_government_sees_both_and_may_take_files(two: Two, reader: Reader, make: Make) -> None:
    client = reader("auditor", make.root())
    assert CANARY in client.get("/coverage?open=all").text
    assert CANARY.encode() in client.get("/coverage/export.csv?open=all").data
    assert client.get(f"/people/{two.stranger.id}/evidence/{two.attainment}").status_code == 200
    assert client.get(f"/statements/{two.statement}").status_code == 200


def test_B3_what_is_foreign_and_what_is_absent_look_the_same(two: Two, reader: Reader) -> None:
    client = reader("hr_officer", two.ours)
    here, there = two.colleague.id, two.stranger.id
    absent = "00000000-0000-7000-8000-000000000000"
    pairs = [
        ("/coverage?agency=THEIR", "/coverage?agency=NONE"),
        ("/coverage?agency=GOV", "/coverage?agency=NONE"),
        (f"/coverage?requirement={CANARY}-R", "/coverage?requirement=NONE"),
        ("/coverage/THEIR/ALL", "/coverage/NONE/ALL"),
        ("/coverage/GOV/ALL", "/coverage/NONE/ALL"),
        (f"/coverage/OUR/{CANARY}-R", "/coverage/OUR/NONE"),
        ("/coverage/THEIR/role-fit", "/coverage/NONE/role-fit"),
        ("/coverage/THEIR/ALL/export.csv", "/coverage/NONE/ALL/export.csv"),
        ("/coverage/THEIR/role-fit/export.xlsx", "/coverage/NONE/role-fit/export.xlsx"),
        (f"/people/{there}", "/people/2147483647"),
        (f"/people/{there}/evidence/{two.attainment}", f"/people/{there}/evidence/2147483647"),
        (f"/people/{here}/evidence/{two.attainment}", f"/people/{here}/evidence/2147483647"),
        (f"/statements/{two.statement}", f"/statements/{absent}"),
    ]
    for foreign, none in pairs:
        answers = [client.get(url) for url in (foreign, none)]
        assert [answer.status_code for answer in answers] == [404, 404], foreign
        bodies = [re.sub(r"[0-9a-f-]{36}", "", answer.text) for answer in answers]
        assert bodies[0] == bodies[1], foreign


def test_a_number_no_database_holds_is_simply_not_there(two: Two, reader: Reader) -> None:
    client = reader("hr_officer", two.ours)
    assert client.get(f"/people/{10**30}").status_code == 404
    assert client.get(f"/people/{two.colleague.id}/evidence/{10**30}").status_code == 404


def test_a_line_manager_sees_people_but_neither_proofs_nor_files(two: Two, reader: Reader) -> None:
    client = reader("line_manager", two.ours)
    page = client.get("/coverage").text
    assert "Our ministry" in page and "export" not in page
    assert client.get("/coverage/OUR/ALL").status_code == 200
    person = client.get(f"/people/{two.colleague.id}")
    assert person.status_code == 200 and "/evidence/" not in person.text
    for url in ("/coverage/export.csv", "/coverage/OUR/ALL/export.xlsx", f"/statements/{two.statement}"):
        assert client.get(url).status_code == 403
    assert client.get(f"/people/{two.colleague.id}/evidence/1").status_code == 403


@pytest.mark.parametrize("role", ["learner", "trainer"])
def test_who_has_no_part_in_coverage_is_told_so(two: Two, reader: Reader, role: str) -> None:
    client = reader(role, two.ours)
    for url in ("/coverage", "/coverage/export.csv", "/coverage/OUR/ALL", f"/people/{two.colleague.id}"):
        assert client.get(url).status_code == 403


def test_whoever_moves_away_takes_the_own_page_along(two: Two, reader: Reader, make: Make) -> None:
    with transaction():
        people.transfer(actor=SYSTEM, person_id=two.colleague.id, agency_id=two.theirs, on=date(2026, 11, 1))
    client = reader("hr_officer", two.ours)
    past = client.get("/coverage/OUR/ALL?as_at=2026-10-01").text
    assert "Near Colleague" in past and f"/people/{two.colleague.id}" not in links(past)
    assert "Near Colleague" not in client.get("/coverage/OUR/ALL").text
    assert client.get(f"/people/{two.colleague.id}").status_code == 404
    there = reader("hr_officer", two.theirs).get(f"/people/{two.colleague.id}")
    assert there.status_code == 200
    assert "Outside your area" in there.text and "Our ministry" not in there.text


def test_a_day_before_somebody_came_tells_nothing_of_where_they_were(two: Two, reader: Reader, make: Make) -> None:
    newcomer = make.person(agency=two.theirs, name="New Comer", family="CA")
    with transaction():
        people.transfer(actor=SYSTEM, person_id=newcomer.id, agency_id=two.ours, on=date(2026, 11, 1))
    own, everywhere = reader("hr_officer", two.ours), reader("auditor", make.root())
    for days in ("?as_at=2026-10-01", "?as_at=2026-10-01&known_on=2026-11-23"):
        page = own.get(f"/people/{newcomer.id}{days}")
        assert page.status_code == 200 and "ALL rule" in page.text and CANARY not in page.text
        assert f"Required of everyone in {CANARY}" in everywhere.get(f"/people/{newcomer.id}{days}").text
    assert own.get(f"/people/{two.stranger.id}?as_at=2026-10-01").status_code == 404
