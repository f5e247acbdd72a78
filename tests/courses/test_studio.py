"""The trainer's studio: bringing a course in, reading the report, publishing, discarding, downloading."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from courses import actions
from courses.formats import archive
from courses.models import Course, CourseVersion
from lms.kernel.actor import SYSTEM
from lms.kernel.db import db, transaction
from lms.skills.actions import load_frameworks
from tests.courses.conftest import SQUARE, Folder, Published, changed, small
from tests.courses.test_pages import keeps_the_rules, page
from tests.factories import Made, Make


@pytest.fixture
def studio(client: FlaskClient, make: Make, trainer: Made) -> FlaskClient:
    make.sign_in(client, trainer)
    return client


def send_zip(client: FlaskClient, files: Folder, name: str = "one-thing.zip", owner: str = "") -> tuple[int, str, str]:
    """Upload a folder as a ZIP; gives status, where it leads, and the page."""
    raw = archive.write_zip({f"folder/{path}": content for path, content in files.items()})
    return send(client, MultiDict([("archive", (io.BytesIO(raw), name)), ("owner", owner)]))


def send(client: FlaskClient, parts: MultiDict[str, object]) -> tuple[int, str, str]:
    answer = client.post("/studio/import", data=parts, content_type="multipart/form-data")
    return answer.status_code, answer.headers.get("Location", ""), answer.get_data(as_text=True)


def versions() -> int:
    return db.session.scalar(select(func.count()).select_from(CourseVersion)) or 0


def test_an_empty_studio_says_what_to_do(studio: FlaskClient) -> None:
    assert "No course yet" in page(studio, "/studio")
    assert "webkitdirectory" in page(studio, "/studio/import")


def test_a_zip_becomes_a_draft_that_is_read_published_and_found(
    studio: FlaskClient, library: Callable[[str], Folder]
) -> None:
    status, at, _ = send_zip(studio, library("sec-201"))
    assert status == 303
    draft = page(studio, at)
    assert "Draft" in draft and "How attacks reach people" in draft and "0 courses" in page(studio, "/find")
    for step in re.findall(rf'href="({at}/steps/[^"]+)"', draft):
        assert "cd-prose" in page(studio, step)
    media = studio.get(f"{at}/steps/media/modules/10-how-attacks-reach-people/media/suspicious-mail.svg")
    assert media.status_code == 200 and media.headers["Content-Security-Policy"].startswith("sandbox")
    assert archive.read_zip(studio.get(f"{at}/folder.zip").data) == library("sec-201")
    assert "Read the draft and publish it" in page(studio, "/studio")
    answer = studio.post(f"{at}/publish", data={"note": "First <b>version</b>"})
    assert (answer.status_code, answer.headers["Location"]) == (303, at)
    assert "1 course<" in page(studio, "/find")
    assert "First &lt;b&gt;version" in page(studio, "/studio/courses/sec-201")
    assert f"{at}/publish" not in page(studio, at)
    assert studio.post(f"{at}/publish", data={"note": "x" * 2001}).status_code == 422


def test_publishing_speaks_of_an_earlier_version_only_where_there_is_one(studio: FlaskClient) -> None:
    for lessons, stays in ((2, False), (3, True)):
        _, at, _ = send_zip(studio, small(lessons=lessons))
        said = studio.post(f"{at}/publish", data={"note": ""}, follow_redirects=True).get_data(as_text=True)
        assert "The course is published" in said
        assert ("begun an earlier version stays on it" in said) is stays


def test_a_folder_is_taken_as_browsers_send_it(studio: FlaskClient) -> None:
    parts: MultiDict[str, object] = MultiDict([("owner", "")])
    for path, content in small().items():
        parts.add("folder", (io.BytesIO(content), f"one-thing/{path}"))
    status, at, _ = send(studio, parts)
    assert status == 303 and "One thing" in page(studio, at)
    assert archive.read_zip(studio.get(f"{at}/folder.zip").data) == small()


def test_X8_sending_nothing_is_said_in_the_form(studio: FlaskClient) -> None:
    status, _, text = send(studio, MultiDict([("owner", "")]))
    assert status == 422 and "There is a problem" in text and 'href="#archive"' in text
    assert "<title>Error: " in text
    keeps_the_rules(text)


def test_a_broken_course_gives_a_report_and_keeps_nothing(studio: FlaskClient) -> None:
    broken = changed(small(), "modules/10-first/02.md", "minutes: 5", "minutes: <b>five</b>")
    status, _, text = send_zip(studio, broken)
    assert status == 422 and versions() == 0 and db.session.scalar(select(func.count()).select_from(Course)) == 0
    keeps_the_rules(text)
    assert "modules/10-first/02.md:4" in text and "NOT_A_NUMBER" in text and "<b>five" not in text
    status, at, _ = send_zip(studio, small())
    assert status == 303 and versions() == 1
    status, again, _ = send_zip(studio, small())
    assert again == at and "the same files as before" in page(studio, at) and versions() == 1


@pytest.mark.parametrize("name", ["../course.yaml", "modules/CON/lesson.md", "a\\b.md"])
def test_D2_an_archive_with_unsafe_names_is_refused_by_name(studio: FlaskClient, name: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as bad:
        bad.writestr("course.yaml", "format: cadre-course/1\n")
        bad.writestr(zipfile.ZipInfo("x"), "x")
        bad.filelist[-1].filename = bad.filelist[-1].orig_filename = name
    raw = packed.getvalue()
    status, _, text = send(studio, MultiDict([("archive", (io.BytesIO(raw), "bad.zip")), ("owner", "")]))
    assert status == 422 and "was not imported" in text and versions() == 0


def test_D1_a_bomb_is_refused_before_it_expands(studio: FlaskClient) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("course.yaml", b"\0" * 40_000_000)
    parts: MultiDict[str, object] = MultiDict([("archive", (io.BytesIO(packed.getvalue()), "bomb.zip")), ("owner", "")])
    status, _, text = send(studio, parts)
    assert status == 422 and "RATIO_TOO_HIGH" in text and versions() == 0


def test_not_an_archive_at_all_is_said_plainly(studio: FlaskClient) -> None:
    status, _, text = send(studio, MultiDict([("archive", (io.BytesIO(b"hello"), "x.zip")), ("owner", "")]))
    assert status == 422 and "was not imported" in text
    assert send_zip(studio, {})[0] == 422


def test_discarding_a_draft_takes_it_out_of_the_studio(studio: FlaskClient) -> None:
    at = send_zip(studio, small())[1]
    assert studio.post(f"{at}/discard").headers["Location"] == "/studio"
    assert studio.get(at).status_code == 404 and "No course yet" in page(studio, "/studio")


def test_what_lacks_a_description_is_refused_at_publishing_with_its_place(studio: FlaskClient) -> None:
    plain = {"lesson.md": b"# Plain\n\nSee ![](square.svg).\n", "square.svg": SQUARE}
    at = send_zip(studio, plain, "plain.zip", "GOV")[1]
    text = page(studio, at)
    assert "ALT_MISSING" in text
    answer = studio.post(f"{at}/publish", data={"note": ""})
    assert answer.status_code == 422 and "need a description" in answer.get_data(as_text=True)


def test_B3_a_trainer_of_another_agency_sees_none_of_it(
    client: FlaskClient, make: Make, government: int, published: Published
) -> None:
    health, tax = make.agency("HEALTH", parent=government), make.agency("TAX", parent=government)
    version = published(small(owner="HEALTH"))
    with transaction():
        draft = actions.import_course(actor=SYSTEM, files=small(owner="HEALTH", lessons=2), name="x").version_id
    make.sign_in(client, make.person(agency=tax, roles=["trainer"]))
    assert "No course yet" in page(client, "/studio")
    paths = ["", "/steps/lesson-1", "/steps/media/modules/10-first/media/square.svg", "/folder.zip"]
    for id in (version, draft, 999_999):
        for path in paths:
            assert client.get(f"/studio/versions/{id}{path}").status_code == 404, path
        for verb in ("publish", "discard"):
            assert client.post(f"/studio/versions/{id}/{verb}", data={"note": ""}).status_code == 404
    assert client.get("/studio/courses/one-thing").status_code == client.get("/studio/courses/none").status_code == 404
    status, _, text = send_zip(client, small(owner="TAX"))
    assert status == 422 and "belongs to another agency" in text
    home = client.application.test_client()
    make.sign_in(home, make.person(agency=health, roles=["trainer"]))
    assert "One thing" in page(home, "/studio") and home.get(f"/studio/versions/{draft}").status_code == 200


def test_an_auditor_reads_drafts_and_changes_nothing(client: FlaskClient, make: Make, government: int) -> None:
    with transaction():
        draft = actions.import_course(actor=SYSTEM, files=small(), name="x").version_id
    make.sign_in(client, make.person(agency=government, roles=["auditor"]))
    text = page(client, f"/studio/versions/{draft}")
    assert "/publish" not in text and client.post(f"/studio/versions/{draft}/publish").status_code == 403
    assert client.post(f"/studio/versions/{draft}/discard").status_code == 403


def test_a_plain_folder_is_the_same_course_under_any_name_of_its_zip(studio: FlaskClient) -> None:
    plain = {"lesson.md": b"# Locks\n\nLock the screen.\n", "more.md": b"# Keys\n\nKeep them.\n"}
    places = {send_zip(studio, plain, name, "GOV")[1] for name in ("folder.zip", "folder (1).zip", "Downloaded.ZIP")}
    assert len(places) == 1 and versions() == 1
    assert db.session.execute(select(Course.slug, Course.code)).all() == [("folder", "FOLDER")]
    bare = archive.write_zip(plain)
    for name in ("locks.zip", "locks (1).zip"):
        parts: MultiDict[str, object] = MultiDict([("archive", (io.BytesIO(bare), name)), ("owner", "GOV")])
        places.add(send(studio, parts)[1])
    assert len(places) == versions() == 2
    assert db.session.scalars(select(Course.slug).order_by(Course.id)).all() == ["folder", "locks"]


def test_an_unknown_competence_is_reported_with_its_line(studio: FlaskClient) -> None:
    with transaction():
        load_frameworks(actor=SYSTEM)
    status, _, text = send_zip(studio, changed(small(), "course.yaml", '- code: "4.1"', '- code: "9.9"'))
    assert status == 422 and versions() == 0
    assert "course.yaml:15" in text and "UNKNOWN_COMPETENCE" in text
