"""The administrator's page about learning elsewhere says what to do next, and does it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from lms.xapi.rules import verbs
from tests.factories import Make
from tests.reporting.reading import Tables
from tests.skills.elsewhere import COURSE, ELSEWHERE, Elsewhere, build

LIST = "/records/recognition"
CHOSEN = {
    "activity": ELSEWHERE,
    "reach": "exact",
    "sender": "",
    "target": COURSE,
    "level": "",
    "assurance": "tested",
    "why": "Same syllabus, same test.",
}


@pytest.fixture
def world(make: Make, client: FlaskClient) -> Elsewhere:
    found = build(make, client)
    make.sign_in(client, found.administrator)
    return found


def test_an_empty_page_says_what_will_stand_there(world: Elsewhere) -> None:
    page = world.client.get(LIST).text
    assert "Nothing waits for a decision" in page
    assert "everything from outside counts as taking part" in page


def test_from_what_was_seen_to_a_decision_and_back(world: Elsewhere) -> None:
    world.say(world.amina, object={"id": ELSEWHERE, "definition": {"name": {"en": "Safe at work"}}})
    page = world.client.get(LIST)
    assert Tables(page.text).tables[0][1][:4] == [f"Safe at work {ELSEWHERE}", "Academy", "1", "1"]
    asked = world.client.get(f"{LIST}/new", query_string={"activity": ELSEWHERE})
    assert f'value="{ELSEWHERE}"' in asked.text
    assert world.client.post(f"{LIST}/new", data=CHOSEN).status_code == 303
    page = world.client.get(LIST)
    assert "Nothing waits for a decision" in page.text
    row = Tables(page.text).tables[0][1]
    assert row[:3] == [ELSEWHERE, "Anybody", "One thing Passed a test"]
    assert row[4:6] == ["1", "Same syllabus, same test."]
    (row_of,) = world.attained(world.amina)[1:]
    assert row_of[:2] == (COURSE, 2)
    address = f"{LIST}/1/withdraw"
    assert "Same syllabus" in world.client.get(address).text
    assert world.client.post(address, data={"why": ""}).status_code == 422
    assert world.client.post(address, data={"why": "The test leaked."}).status_code == 303
    page = world.client.get(LIST)
    assert [table[0][0] for table in Tables(page.text).tables] == ["Activity", "Activity"]
    assert Tables(page.text).tables[1][1][-1] == "The test leaked."
    assert "was withdrawn on" in world.client.get(address).text
    assert world.client.post(address, data={"why": "Again."}).status_code == 409


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"activity": ""}, "Enter the address of the activity"),
        ({"activity": "courses/7"}, "IRI"),
        ({"target": ""}, "Choose what it counts as"),
        ({"target": "course:unknown"}, "There is no such course or competence: choose one from the list"),
        ({"target": "1.1"}, "Choose a level"),
        ({"level": "3"}, "A course has no level"),
        ({"assurance": ""}, "Choose how sure we can be"),
        ({"sender": "somebody"}, "Nobody of that name sends anything: choose one from the list"),
        ({"reach": "wide"}, "Choose whether this activity is meant or all that begin like it"),
        ({"assurance": "sure"}, "Choose how sure we can be"),
        ({"target": "1.1", "level": "99"}, "There is no such level: choose one from the list"),
        ({"activity": "a" * 1001}, "Enter an address of at most 1,000 characters"),
        ({"why": "w" * 2001}, "Give the reason in at most 2,000 characters"),
        ({"why": " "}, "Give the reason"),
        ({"activity": "https://x", "reach": "beginning"}, "Give more of the beginning"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(world: Elsewhere, change: dict[str, Any], told: str) -> None:
    answer = world.client.post(f"{LIST}/new", data={**CHOSEN, **change})
    assert answer.status_code == 422
    assert "There is a problem" in answer.text and told in answer.text
    assert not re.search("Not a valid|Field must|Field cannot", answer.text)
    assert "<title>Error: " in answer.text


def test_a_competence_and_all_that_begins_alike(world: Elsewhere) -> None:
    chosen = {"activity": "https://academy.example/", "reach": "beginning", "target": "1.1", "level": "4"}
    assert world.client.post(f"{LIST}/new", data={**CHOSEN, **chosen}).status_code == 303
    world.say(world.boris, verbs.PASSED, hours=1)
    assert [row[0] for row in world.attained(world.boris)] == ["1.1", f"activity:{ELSEWHERE}"]
    text = world.client.get(LIST).text
    assert "and all that begins like this" in text and ", level 4" in text


def test_a_person_s_page_keeps_what_others_say_apart(world: Elsewhere) -> None:
    world.say(world.amina)
    text = world.client.get(f"/people/{world.amina.id}").text
    assert "Elsewhere, as others say" in text and ELSEWHERE in text


def test_an_unknown_decision_is_not_there(world: Elsewhere) -> None:
    assert world.client.get(f"{LIST}/77/withdraw").status_code == 404
    assert world.client.post(f"{LIST}/77/withdraw", data={"why": "So."}).status_code == 404
