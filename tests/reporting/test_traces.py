"""Each look at named people and each file leaves a trace that says who, at whom and why (J6)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from lms.kernel import ids
from lms.kernel.audit import AuditEvent
from lms.kernel.db import db, transaction
from lms.people.queries import stamp
from lms.xapi import record
from lms.xapi.rules import verbs
from lms.xapi.rules.facts import Draft, Thing
from lms.xapi.statements import extension, iri
from tests.reporting.conftest import Reader
from tests.reporting.reading import links
from tests.requirements.world import AS_AT, World


def traces() -> list[Any]:
    found = db.session.execute(
        select(AuditEvent).where(AuditEvent.action.in_(["looked", "exported"])).order_by(AuditEvent.id)
    ).scalars()
    rows = [(row.actor, row.action, row.subject_kind, row.subject_id, row.why, row.after) for row in found]
    db.session.rollback()
    return rows


def test_J6_every_page_that_names_people_writes_a_line(world: World, reader: Reader) -> None:
    client = reader("hr_officer", world.agencies["GOV"])
    client.get("/coverage")
    assert traces() == []
    person = world.people["P05"]
    proof = next(url for url in links(client.get(f"/people/{person}").text) if "/evidence/" in url)
    statement = next(url for url in links(client.get(proof).text) if url.startswith("/statements/"))
    client.get(statement)
    client.get("/coverage/TAX/SEC?status=met&as_at=2026-03-31")
    client.get("/coverage/TAX/role-fit")
    found = traces()
    assert [row[1:4] for row in found] == [
        ("looked", "person", str(person)),
        ("looked", "person", str(person)),
        ("looked", "person", str(person)),
        ("looked", "cell", "TAX/SEC"),
        ("looked", "cell", "TAX/role-fit"),
    ]
    assert all(row[0].startswith("p-") and row[4] for row in found)
    assert found[3][5] == {"people": [person], "status": "met", "page": 1}


def test_J6_what_was_not_there_leaves_no_line(world: World, reader: Reader) -> None:
    client = reader("hr_officer", world.agencies["FIN"])
    assert client.get(f"/people/{world.people['P12']}").status_code == 404
    assert traces() == []


def test_F7_each_file_is_noted_with_what_it_held(world: World, reader: Reader) -> None:
    client = reader("hr_officer", world.agencies["GOV"])
    client.get("/coverage/export.csv?as_at=2026-03-31")
    client.get("/coverage/HLT/SEC/export.xlsx?as_at=2026-03-31&status=exempt")
    table, people = traces()
    assert table[1] == people[1] == "exported"
    assert table[5] == {"file": "coverage-2026-03-31.csv", "rows": 3}
    held = {"file": "coverage-HLT-SEC-exempt-2026-03-31.xlsx", "rows": 1, "people": [world.people["P07"]]}
    assert people[5] == held


def test_the_single_answers_of_a_quiz_are_kept_back(world: World, reader: Reader) -> None:
    person, registration = world.people["P12"], ids.new()
    course = Thing(iri=iri("courses", "security"), type=verbs.COURSE, name={"en": "Security"})
    asked = Thing(iri=iri("courses", "security", "questions", "q1"), type=verbs.INTERACTION, name={"en": "Bait"})
    same: dict[str, Any] = {"stamp": stamp(person, AS_AT), "registration": registration, "grouping": (course,)}
    with transaction():
        answer = record(Draft(verb=verbs.ANSWERED, object=asked, result={"response": "a", "success": False}, **same))
        record(Draft(verb=verbs.COMPLETED, object=course, extensions=_tested(), **same))
    client = reader("auditor", world.agencies["GOV"])
    proof = next(url for url in links(client.get(f"/people/{person}").text) if "/evidence/" in url)
    page = client.get(proof).text
    assert "Bait" not in page and "1 answer belongs to this, which only the learner sees." in page
    assert client.get(f"/statements/{answer.id}").status_code == 404


def _tested() -> dict[str, Any]:
    return {extension("assurance"): "tested", extension("competences"): []}
