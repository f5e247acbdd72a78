"""The catalogue and the course page, as a browser gets them."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import select

from courses.models import Course, CourseVersion, Enrolment
from lms.kernel import clock
from lms.kernel.db import db, transaction
from tests.counting import Counting
from tests.courses.conftest import Folder, Published, changed, small
from tests.factories import Make


def page(client: FlaskClient, url: str, status: int = 200) -> str:
    """A page that keeps the rules of every page: one h1, and the title starts with it."""
    response = client.get(url)
    text = response.get_data(as_text=True)
    assert response.status_code == status, (url, response.status_code, text[:800])
    if status == 200:
        keeps_the_rules(text)
    return text


def keeps_the_rules(text: str) -> None:
    headings = re.findall(r"<h1[^>]*>(.*?)</h1>", text, re.DOTALL)
    title = re.search(r"<title>(.*?)</title>", text, re.DOTALL)
    assert len(headings) == 1 and title is not None
    assert unescape(title[1]).removeprefix("Error: ").startswith(unescape(headings[0]))
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids)), ids
    assert " style=" not in text and "\ue000" not in text


def begun(client: FlaskClient, slug: str = "one-thing") -> str:
    """Press Start; gives the address of the first step."""
    response = client.post(f"/courses/{slug}/enrol")
    assert response.status_code == 303
    return str(response.headers["Location"])


def test_a_course_is_found_by_word_accent_topic_level_and_length(
    reader: FlaskClient, published: Published, library: Callable[[str], Folder]
) -> None:
    published(library("sec-201"))
    published(small(title="Sécurité au quotidien"))
    both = page(reader, "/find")
    assert "2 courses" in both and both.count('class="cd-card__link"') == 2
    assert "1 course<" in page(reader, "/find?q=SECURITE")
    assert "1 course<" in page(reader, "/find?q=accounts+devices")
    narrowed = page(reader, "/find?topic=security&minutes=60&level=Intermediate")
    assert "Data protection and security awareness" in narrowed and "1 course<" in narrowed
    nothing = page(reader, "/find?q=100%25_")
    assert "No course fits all of that" in nothing
    assert "1 course<" in page(reader, "/find?minutes=30")


def test_the_course_page_says_what_it_is_and_has_one_button(
    reader: FlaskClient, published: Published, library: Callable[[str], Folder]
) -> None:
    published(library("sec-201"))
    text = page(reader, "/courses/sec-201")
    assert text.count(">Start<") == 1 and "Continue" not in text
    for words in ("SEC-201", "Recognise and report phishing", "Intermediate, level 3", "CC-BY-4.0", "12 months"):
        assert words in text, words
    assert "You finish the course by going through 5 lessons and passing 1 check." in text
    assert 'href="/learn/' not in text
    begun(reader, "sec-201")
    text = page(reader, "/courses/sec-201")
    assert text.count(">Continue") == 1 and ">Start<" not in text
    assert "minutes left" in text and text.count('href="/learn/') == 7


def test_D11_learners_who_have_come_as_far_share_a_page_but_nothing_of_each_other(
    app: Flask, make: Make, published: Published, government: int
) -> None:
    published(small())
    seen: dict[str, str] = {}
    registrations: dict[str, str] = {}
    for name in ("Amina Haddad", "Bo <i>Larsen"):
        client = app.test_client()
        make.sign_in(client, make.person(name=name, agency=government))
        registrations[name] = begun(client).split("/")[2]
        seen[name] = page(client, "/courses/one-thing")
    for name, other in (tuple(seen), tuple(reversed(seen))):
        assert str(escape(name)) in seen[name] and str(escape(other)) not in seen[name]
        assert registrations[name] in seen[name] and registrations[other] not in seen[name]


def test_a_step_that_one_finishes_stays_open_for_the_other(
    app: Flask, make: Make, published: Published, government: int
) -> None:
    published(small())
    clients = [app.test_client() for _ in range(2)]
    for number, client in enumerate(clients):
        make.sign_in(client, make.person(name=f"Learner {number}", agency=government))
        first = begun(client)
    before = page(clients[0], "/courses/one-thing")
    assert clients[1].post(first).status_code == 303
    assert page(clients[1], "/courses/one-thing").count("outline__state--done") == 1
    assert before.count("outline__state--done") == 0
    assert page(clients[0], "/courses/one-thing").count("outline__state--done") == 0


def test_D4_texts_of_a_course_are_inert(reader: FlaskClient, published: Published) -> None:
    evil = "<script>alert(1)</script>"
    files = small(title=f"Title {evil}")
    files = changed(files, "modules/10-first/01.md", "title: Lesson 1", f"title: Lesson {evil}")
    published(changed(files, "modules/10-first/01.md", "Words to read.", f"Words {evil} [x](javascript:alert(1))"))
    at = begun(reader)
    for url in ("/find", "/courses/one-thing", at):
        text = page(reader, url)
        assert "alert(1)</script>" not in text and 'href="javascript' not in text
        assert "&lt;script&gt;" in text


def test_pages_answer_by_role(client: FlaskClient, make: Make, published: Published, government: int) -> None:
    published()
    assert client.get("/find").status_code == 302
    auditor = make.person(agency=government, roles=["auditor"])
    make.sign_in(client, auditor)
    assert ">Start<" not in page(client, "/courses/one-thing")
    assert client.post("/courses/one-thing/enrol").status_code == 403
    assert client.get("/studio").status_code == 200 and client.get("/studio/import").status_code == 403
    assert client.get("/courses/no-such-course").status_code == 404


def many_courses(numbers: range, owner: int, person: int) -> None:
    """Published courses that the person has begun, straight into the tables: what counts is how they are read."""
    now = clock.now()
    with transaction():
        for number in numbers:
            course = Course(slug=f"c-{number}", code=f"C-{number}", owner_agency_id=owner, created_at=now)
            db.session.add(course)
            db.session.flush()
            values: dict[str, Any] = {"state": "published", "sha256": f"{number:064}", "imported_at": now}
            version = CourseVersion(course_id=course.id, number=1, title=f"Course {number}", minutes=5, **values)
            db.session.add(version)
            db.session.flush()
            course.published_version_id = version.id
            taken = {"course_id": course.id, "version_id": version.id, "registration": uuid4()}
            db.session.add(Enrolment(person_id=person, opened_at=now, last_at=now, **taken))


def test_lists_cost_the_same_for_five_rows_and_two_hundred(
    client: FlaskClient, make: Make, government: int, count_queries: Counting
) -> None:
    person = make.person(agency=government, roles=["trainer"])
    make.sign_in(client, person)
    counts: dict[str, list[int]] = {"/find": [], "/studio": [], "/studio?page=2": []}
    for numbers in (range(5), range(5, 200)):
        many_courses(numbers, government, person.id)
        for url, found in counts.items():
            page(client, "/find")  # versions are read once per worker
            with count_queries() as sent:
                text = page(client, url)
            assert f"{numbers.stop} courses" in text
            found.append(len(sent))
    assert all(few == many <= 10 for few, many in counts.values()), counts


def test_the_course_page_of_twenty_steps_costs_few_statements(
    reader: FlaskClient, published: Published, count_queries: Counting
) -> None:
    published(small(lessons=20))
    at = begun(reader)
    for _ in range(3):
        at = reader.post(at).headers["Location"]
    for url in ("/courses/one-thing", at):
        page(reader, url)
        with count_queries() as sent:
            text = page(reader, url)
        assert text.count("cd-outline__state--done") == 3
        assert len(sent) <= 5, sent


def test_a_withdrawn_course_is_only_there_for_whoever_took_it(
    reader: FlaskClient, published: Published, make: Make, government: int
) -> None:
    published()
    begun(reader)
    with transaction():
        course = db.session.execute(select(Course)).scalar_one()
        course.retired_at = clock.now()
    assert "Continue" in page(reader, "/courses/one-thing")
    other = reader.application.test_client()
    make.sign_in(other, make.person(agency=government))
    assert other.get("/courses/one-thing").status_code == 404
    assert "No course fits" in page(other, "/find")
    assert other.post("/courses/one-thing/enrol").status_code == 404
