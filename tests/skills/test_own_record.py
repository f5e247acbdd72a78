"""My record says what no longer counts, and who told what was learnt elsewhere."""

from __future__ import annotations

import re
from html import unescape

from flask.testing import FlaskClient

from lms.xapi.rules import verbs
from tests.factories import Make
from tests.house.pages import faults
from tests.skills.elsewhere import build


def _words(page: str) -> str:
    assert faults(page) == []
    return re.sub(r"\s+", " ", unescape(re.sub("<[^>]+>", " ", page)))


def test_a_withdrawn_recognition_is_not_shown_as_held(make: Make, client: FlaskClient) -> None:
    world = build(make, client)
    world.say(world.amina, verbs.PASSED, hours=-3)
    number = world.recognise(hours=-2)
    make.sign_in(client, world.amina)
    before = _words(client.get("/record").text)
    assert "No longer counts" not in before
    assert "Told by: Academy" in before
    world.withdraw(number, hours=-1)
    page = client.get("/record").text
    after = _words(page)
    assert "No longer counts since 23 November 2026: the recognition was withdrawn" in after
    assert "Expired" not in after
    assert "Valid without end" not in after
    proof = re.search(r'href="(/record/evidence/\d+)"', page)
    assert proof is not None
    assert "No longer counts since" in _words(client.get(proof[1]).text)


def test_a_withdrawn_word_is_told_apart_from_a_withdrawn_recognition(make: Make, client: FlaskClient) -> None:
    world = build(make, client)
    said = world.say(world.amina, verbs.PASSED, hours=-3)
    world.recognise(hours=-2)
    world.void(said, hours=-1)
    make.sign_in(client, world.amina)
    found = _words(client.get("/record").text)
    assert "No longer counts since 23 November 2026: what was said was withdrawn" in found
    assert "the recognition was withdrawn" not in found


def test_what_was_taken_part_in_elsewhere_stands_with_who_told_it(make: Make, client: FlaskClient) -> None:
    world = build(make, client)
    make.sign_in(client, world.amina)
    assert "as others say" not in _words(client.get("/record").text)
    thing = {"id": "https://academy.example/courses/9", "definition": {"name": {"en": "Safe lifting"}}}
    world.say(world.amina, verbs.COMPLETED, hours=-3, object=thing)
    found = _words(client.get("/record").text)
    assert "1 activity, as others say" in found
    assert re.search(r"Safe lifting 23 November 2026 Took part Academy", found)
