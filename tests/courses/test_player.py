"""The player, as a browser gets it: going through the steps of a course that one has begun, and leaving it."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

from flask.testing import FlaskClient
from sqlalchemy import select

from courses.models import CourseStep, Enrolment
from lms.kernel.db import db
from tests.courses.conftest import Folder, Published, small
from tests.courses.test_pages import begun, page
from tests.factories import Make


def test_whoever_goes_through_all_lessons_finishes_the_course(reader: FlaskClient, published: Published) -> None:
    published()
    at = begun(reader)
    base = at.rpartition("/")[0]
    assert at.endswith("/lesson-1")
    text = page(reader, at)
    assert "Step 1 of 3" in text and "Finish and go on" in text and 'aria-current="page">' in text
    assert 'src="media/modules/10-first/media/square.svg"' in text
    for following in ("lesson-2", "lesson-3", "done"):
        answer = reader.post(at)
        assert (answer.status_code, answer.headers["Location"]) == (303, f"{base}/{following}")
        at = answer.headers["Location"]
    party = page(reader, at)
    assert "You finished One thing" in party and "counts as taking part" in party
    again = reader.post(f"{base}/lesson-3")
    assert again.headers["Location"] == at, "a reply that was lost is given again"
    assert "Review" in page(reader, "/courses/one-thing")
    assert reader.get(base).headers["Location"] == f"{base}/done"


def test_a_step_can_be_skipped_and_is_asked_for_at_the_end(reader: FlaskClient, published: Published) -> None:
    published()
    base = begun(reader).rpartition("/")[0]
    assert reader.post(f"{base}/lesson-3").headers["Location"] == f"{base}/lesson-1"
    assert reader.get(f"{base}/done").headers["Location"] == base
    assert reader.get(base).headers["Location"] == f"{base}/lesson-1"


def test_a_check_is_shown_by_the_room_of_questions(
    reader: FlaskClient, published: Published, library: Callable[[str], Folder]
) -> None:
    published(library("sec-201"))
    base = begun(reader, "sec-201").rpartition("/")[0]
    registration = base.rpartition("/")[2]
    key = db.session.scalar(select(CourseStep.key).where(CourseStep.kind == "quiz"))
    assert reader.get(f"{base}/{key}").headers["Location"] == f"/learn/quizzes/{registration}/{key}"
    assert reader.post(f"{base}/{key}").status_code == 409


def test_reading_changes_nothing(reader: FlaskClient, published: Published) -> None:
    published()
    at = begun(reader)
    before = db.session.execute(select(Enrolment.__table__)).all()
    for url in (at, at.rpartition("/")[0], "/courses/one-thing", "/find"):
        reader.get(url)
    assert db.session.execute(select(Enrolment.__table__)).all() == before


def test_leaving_brings_the_start_button_back(reader: FlaskClient, published: Published) -> None:
    published()
    at = begun(reader)
    assert reader.post(f"{at.rpartition('/')[0]}/leave").headers["Location"] == "/courses/one-thing"
    assert ">Start<" in page(reader, "/courses/one-thing")
    assert reader.get(at).headers["Location"] == "/courses/one-thing"
    assert reader.post(at).status_code == 409


def test_a_newer_version_is_announced_to_whoever_has_begun(reader: FlaskClient, published: Published) -> None:
    published()
    at = begun(reader)
    published(small(lessons=2))
    assert "You stay on the one you began" in page(reader, "/courses/one-thing")
    assert "Step 1 of 3" in page(reader, at)


def test_B3_a_foreign_enrolment_looks_like_none(
    reader: FlaskClient, published: Published, client: FlaskClient, make: Make, government: int
) -> None:
    published()
    at = begun(reader)
    other = client.application.test_client()
    make.sign_in(other, make.person(agency=government))
    for path in ("/lesson-1", "/done", "", "/media/modules/10-first/media/square.svg"):
        bodies = []
        for base in (at.rpartition("/")[0], f"/learn/{uuid4()}"):
            answer = other.get(base + path)
            assert answer.status_code == 404
            bodies.append(re.sub(r"[0-9a-f-]{36}", "", answer.get_data(as_text=True)))
        assert bodies[0] == bodies[1]
    assert other.post(at).status_code == 404 and other.post(f"{at.rpartition('/')[0]}/leave").status_code == 404


def test_D4_media_cannot_run_and_sources_do_not_leave(reader: FlaskClient, published: Published) -> None:
    published()
    base = begun(reader).rpartition("/")[0]
    answer = reader.get(f"{base}/media/modules/10-first/media/square.svg")
    assert answer.content_type.startswith("image/svg+xml") and b"<svg" in answer.data
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff" and answer.headers["Cache-Control"] == "no-store"
    part = reader.get(f"{base}/media/modules/10-first/media/square.svg", headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.data) == (206, b"<svg")
    for path in ("modules/10-first/01.md", "course.yaml", "modules/10-first/media/square.svg.yaml", "../course.yaml"):
        assert reader.get(f"{base}/media/{path}").status_code == 404
