"""The competences of course.yaml are held against the frameworks that are there, by line."""

from __future__ import annotations

import pytest

from courses.formats import Issue, read_course
from courses.formats.competences import unknown_competences
from tests.courses.conftest import Folder, changed, small

KNOWN = ("4.1", "4.2")
AIM = 'competences:\n  - code: "4.1"\n    level: 2'
PROMISE = 'competence: "4.1"\n    level: 2'


def said(files: Folder, known: tuple[str, ...] = KNOWN) -> list[Issue]:
    course, issues = read_course(files)
    assert course is not None, issues
    return unknown_competences(course, known)


def test_an_unknown_code_is_an_error_at_its_line_among_the_aims_and_the_objectives() -> None:
    files = changed(small(), "course.yaml", AIM, AIM.replace("4.1", "9.9"))
    files = changed(files, "course.yaml", PROMISE, PROMISE.replace("4.1", "9.8"))
    found = {(one.place, one.code, one.level) for one in said(files)}
    lines = [number for number, line in enumerate(files["course.yaml"].decode().split("\n"), 1) if "9." in line]
    assert found == {(f"course.yaml:{line}", "UNKNOWN_COMPETENCE", "error") for line in lines} and len(lines) == 2
    assert "“9.9”; write one of: 4.1, 4.2." in said(files)[0].message


def test_nothing_is_said_of_known_codes_nor_where_no_framework_is_there() -> None:
    assert said(small()) == []
    assert said(changed(small(), "course.yaml", AIM, AIM.replace("4.1", "9.9")), ()) == []


@pytest.mark.parametrize("level", ["0", "9", "-1", "high"])
@pytest.mark.parametrize("place", [AIM, PROMISE])
def test_a_level_off_the_scale_is_an_error_at_its_line(place: str, level: str) -> None:
    files = changed(small(), "course.yaml", place, place.replace("level: 2", f"level: {level}"))
    course, issues = read_course(files)
    lines = files["course.yaml"].decode().split("\n")
    assert course is None
    (error,) = [issue for issue in issues if issue.level == "error"]
    assert error.code in ("OUT_OF_RANGE", "NOT_A_NUMBER") and lines[error.line - 1] == f"    level: {level}"
