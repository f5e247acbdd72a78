"""What a course proves: the competences that its checks ask about, and nothing while a part of it is missing."""

from __future__ import annotations

import pytest

from courses import actions as courses
from courses.queries import earned, structure
from lms.kernel.actor import SYSTEM
from lms.kernel.db import transaction
from tests.assessments.papers import Paper
from tests.factories import Make

BOTH = b'competences:\n  - code: "4.1"\n    level: 3\n  - code: "4.2"\n    level: 4\n'
ONE = b'competences:\n  - code: "4.1"\n    level: 3\n'
IN_PREPARATION = b"  - id: m9\n    title: More to come\n"


def imported(paper: Paper, more: bytes = b"", asks: bytes = b"competence=") -> list[tuple[str, int | None]]:
    files = paper.files()
    files["course.yaml"] = files["course.yaml"].replace(ONE, BOTH) + more
    check = files["modules/10-attacks/check.md"]
    files["modules/10-attacks/check.md"] = check if asks else check.replace(b' competence="4.1"', b"")
    with transaction():
        outcome = courses.import_course(actor=SYSTEM, files=files, name="quiz-101")
        assert outcome.version_id is not None, outcome.report.to_json()
        return [(aim.code, aim.level) for aim in earned(structure(outcome.version_id))]


@pytest.mark.parametrize(
    ("kinds", "proved"),
    [(("single",), [("4.1", 3)]), (("number",), [("4.2", 4)]), (("single", "number"), [("4.1", 3), ("4.2", 4)])],
)
def test_only_what_the_check_asks_about_is_proved(
    make: Make, kinds: tuple[str, ...], proved: list[tuple[str, int | None]]
) -> None:
    make.root()
    assert imported(Paper(kinds=kinds)) == proved


def test_where_no_question_says_what_it_asks_about_the_whole_course_is_proved(make: Make) -> None:
    make.root()
    assert imported(Paper(kinds=("single",)), asks=b"") == [("4.1", 3), ("4.2", 4)]


def test_nothing_is_proved_while_a_module_is_in_preparation(make: Make) -> None:
    make.root()
    assert imported(Paper(kinds=("single", "number")), IN_PREPARATION) == []
