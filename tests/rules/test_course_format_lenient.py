"""What a course may lack and still be read: blemishes, lessons of plain folders and drafts only warn."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from courses.formats import read_course
from tests.rules.test_course_format_broken import FOLDER, LESSON_FILE, Files, course, drop, lesson, put, whole


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lesson("::: try", "::: riddle"), "UNKNOWN_BLOCK"),
        (lesson("::: try", "::: callout"), "BLOCK_RENAMED"),
        (lesson("Keep what", "# Again\n\nKeep what"), "HEADING_LEVEL"),
        (lesson("shelf.svg", "shelves.svg"), "IMAGE_MISSING"),
        (lesson("(media/shelf.svg)", "(https://example.org/shelf.png)"), "IMAGE_REMOTE"),
        (lesson("Keep what", "Keep <b>what</b>"), "HTML_SANITISED"),
        (lesson('["1.3"]', '["9.9"]'), "UNKNOWN_COMPETENCE"),
        (course("summary:", "sumary:"), "UNKNOWN_KEY"),
        (course("owner: GOV\n", ""), "MISSING_KEY"),
        (drop(FOLDER + "media/shelf.svg.yaml"), "MEDIA_UNDESCRIBED"),
        (put("notes.txt", b"x"), "FILE_UNUSED"),
    ],
)
def test_a_blemish_only_warns(change: Callable[[Files], None], code: str) -> None:
    files = whole()
    change(files)
    read, issues = read_course(files)
    assert read is not None
    assert code in {issue.code for issue in issues}
    assert {issue.level for issue in issues} == {"warning"}


def test_a_missing_picture_is_named_at_its_place_and_refuses_nothing() -> None:
    files = whole()
    lesson("shelf.svg", "shelves.svg")(files)
    missing = [issue for issue in read_course(files)[1] if issue.code == "IMAGE_MISSING"]
    assert [(one.file, one.line, one.level) for one in missing] == [(LESSON_FILE, 11, "warning")]
    assert "shelves.svg" in missing[0].message


def test_a_lesson_made_from_a_plain_folder_stays_lenient() -> None:
    files = whole()
    lesson("year.\n:::", "year.")(files)
    assert read_course(files)[0] is None
    lesson("minutes: 9", "minutes: 9\nsource: 1.1 Keeping.md")(files)
    read, issues = read_course(files)
    assert read is not None
    assert ("UNCLOSED_BLOCK", "warning") in {(issue.code, issue.level) for issue in issues}


def test_a_draft_may_lack_pictures_and_closings() -> None:
    files = whole()
    for change in (lesson("shelf.svg", "gone.svg"), lesson("year.\n:::", "year.")):
        change(files)
    assert read_course(files)[0] is None
    draft, issues = read_course(files, draft=True)
    assert draft is not None
    assert {issue.code for issue in issues} == {"IMAGE_MISSING", "UNCLOSED_BLOCK"}
