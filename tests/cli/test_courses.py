"""`lms courses`: reports for people and programs, and the way out and in again."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from courses.formats import read_folder, read_plain, write_course, write_zip
from lms.app import create_app
from lms.kernel.actor import SYSTEM
from lms.kernel.db import transaction
from lms.skills.actions import load_frameworks
from tests.commands import Run
from tests.courses.conftest import Folder, changed, small
from tests.factories import Make

LESSON = "modules/10-first/01.md"


def on_disk(files: Folder, folder: Path) -> Path:
    """A course folder as an author has it."""
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A course with one error and one warning, both in its first lesson."""
    files = changed(small(), LESSON, "media/square.svg", "media/circle.svg")
    return on_disk(changed(files, LESSON, "minutes: 5", "minutes: five"), tmp_path / "broken")


def slipping() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../evil.md", "# Out\n")
    return packed.getvalue()


@pytest.mark.parametrize("verb", ["check", "import"])
@pytest.mark.parametrize(("content", "code"), [(slipping(), "PATH_OUTSIDE"), (b"# Not a ZIP\n", "NOT_A_ZIP")])
def test_D2_an_unsafe_archive_is_reported_like_any_other(
    lms: Run, tmp_path: Path, verb: str, content: bytes, code: str
) -> None:
    archive = tmp_path / "course.zip"
    archive.write_bytes(content)
    ended = lms("courses", verb, archive, "--json")
    assert ended.code == 1
    assert (ended.json["format"], ended.json["found"], ended.json["refused"]) == ("archive", 1, 1)
    (note,) = ended.json["items"][0]["notes"]
    assert (note["code"], note["level"], note["line"]) == (code, "error", 0) and len(ended.json["sha256"]) == 64
    plain = lms("courses", verb, archive)
    assert plain.code == 1 and code in plain.out and "Traceback" not in plain.err
    if code == "PATH_OUTSIDE":
        assert (
            "../evil.md PATH_OUTSIDE" in plain.out and "Make the ZIP anew from inside the course folder." in plain.out
        )


def test_a_report_gives_line_and_level_and_refuses_only_what_is_at_fault(lms: Run, broken: Path) -> None:
    ended = lms("courses", "check", broken, "--json")
    told = ended.json
    assert ended.code == 1 and told["accepted"] is False
    notes = {note["code"]: note for item in told["items"] for note in item["notes"]}
    assert (notes["NOT_A_NUMBER"]["line"], notes["NOT_A_NUMBER"]["level"]) == (4, "error")
    assert (notes["IMAGE_MISSING"]["line"], notes["IMAGE_MISSING"]["level"]) == (11, "warning")
    assert [item["position"] for item in told["items"] if item["verdict"] == "refused"] == [LESSON]
    assert told["found"] == told["whole"] + told["changed"] + told["kept_as_source"] + told["refused"] == 6


def test_people_read_one_problem_a_line_errors_first(lms: Run, broken: Path) -> None:
    ended = lms("courses", "check", broken)
    first, second, last = ended.out.splitlines()
    assert ended.code == 1
    assert first.startswith(f"{LESSON}:4 NOT_A_NUMBER ") and second.startswith(f"{LESSON}:11 IMAGE_MISSING ")
    assert last == "Refused, nothing was written. Files: 6; errors: 1; warnings: 1."


def test_what_was_imported_is_exported_and_comes_in_unchanged(
    lms: Run, government: Make, shared_files: Path, tmp_path: Path
) -> None:
    source, folder = shared_files / "courses" / "security-101-en", tmp_path / "out"
    brought = lms("courses", "import", source, "--publish", "--json")
    assert brought.code == 0 and brought.json["course"] == "security-101-en", brought.err
    assert lms("courses", "export", "security-101-en", folder).code == 0
    again = lms("courses", "import", folder, "--json")
    assert (again.code, again.json["version"]) == (0, brought.json["version"])
    assert again.json["unchanged"] == again.json["found"] > 30
    assert lms("courses", "import", folder).out.splitlines()[-1].startswith("Unchanged: course security-101-en")
    occupied = lms("courses", "export", "security-101-en", folder)
    assert occupied.code == 1 and "not empty" in occupied.err


def test_what_was_exported_is_a_new_draft_elsewhere(
    lms: Run, government: Make, shared_files: Path, tmp_path: Path
) -> None:
    course, _ = read_plain(read_folder(shared_files / "courses" / "security-101-en"), name="security-101-en")
    assert course is not None
    ended = lms("courses", "import", on_disk(write_course(course), tmp_path / "sent"), "--json")
    assert ended.code == 0 and ended.json["unchanged"] == 0 and ended.json["version"]


def test_an_owner_is_looked_at_even_when_the_files_are_the_same(lms: Run, government: Make, tmp_path: Path) -> None:
    folder = on_disk(small(), tmp_path / "course")
    assert lms("courses", "import", folder, "--owner", "GOV").code == 0
    unknown = lms("courses", "import", folder, "--owner", "NOWHERE", "--json")
    assert unknown.code == 1
    assert "OWNER_UNKNOWN" in {note["code"] for item in unknown.json["items"] for note in item["notes"]}
    assert lms("courses", "import", folder, "--owner", "GOV", "--json").json["unchanged"] == 6


def test_an_unknown_competence_is_named_like_in_the_browser(lms: Run, government: Make, tmp_path: Path) -> None:
    folder = on_disk(changed(small(), "course.yaml", '- code: "4.1"', '- code: "9.9"'), tmp_path / "course")
    assert lms("courses", "check", folder).code == 0
    with create_app().app_context(), transaction():
        load_frameworks(actor=SYSTEM)
    ended = lms("courses", "check", folder)
    assert ended.code == 1 and ended.out.startswith("course.yaml:15 UNKNOWN_COMPETENCE ")
    assert lms("courses", "import", folder).out == ended.out


def test_courses_are_checked_where_nothing_is_set_up_yet(
    lms: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LMS_VAR", str(tmp_path / "nothing"))
    assert lms("courses", "check", on_disk(small(), tmp_path / "course")).code == 0


def test_a_plain_folder_is_the_same_course_as_its_zip(lms: Run, government: Make, tmp_path: Path) -> None:
    plain = {"lesson.md": b"# Locks\n\nLock the screen.\n", "more.md": b"# Keys\n\nKeep them.\n"}
    brought = lms("courses", "import", on_disk(plain, tmp_path / "locks-101"), "--owner", "GOV", "--json").json
    packed = tmp_path / "sent (1).zip"
    packed.write_bytes(write_zip({f"locks-101/{path}": content for path, content in plain.items()}))
    again = lms("courses", "import", packed, "--owner", "GOV", "--json").json
    assert (again["course"], again["version"]) == ("locks-101", brought["version"]) == (brought["course"], 1)
    assert again["file"] == packed.name and again["unchanged"] == again["found"] == 2
