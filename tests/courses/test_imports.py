"""Importing, publishing, exporting."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from courses import actions, queries
from courses.formats import archive
from courses.formats.blocks import BLOCK_TITLES
from courses.formats.issues import has_errors
from courses.formats.reader import read_course
from courses.models import Course, CourseFile, CourseModule, CourseStep, CourseVersion
from lms.kernel.actor import SYSTEM
from lms.kernel.audit import AuditEvent
from lms.kernel.db import db, reading
from lms.kernel.errors import Conflict, NotAllowed, NotThere, Refused
from lms.skills.actions import load_frameworks
from tests.courses.conftest import LIBRARY, SQUARE, Folder, Published, changed, small
from tests.factories import Made, Make

LIBRARY_COURSES = sorted(path.name for path in LIBRARY.iterdir())


def count(table: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def rows() -> tuple[int, ...]:
    return tuple(count(table) for table in (Course, CourseVersion, CourseModule, CourseStep, CourseFile))


def brought_in(commit: Any, files: Folder, actor: Any = SYSTEM, **more: Any) -> actions.ImportOutcome:
    with commit():
        return actions.import_course(actor=actor, files=files, name="folder", **more)


def test_each_library_course_is_imported_whole_and_exported_byte_for_byte(
    library: Callable[[str], Folder], commit: Any
) -> None:
    for name in LIBRARY_COURSES:
        files = library(name)
        outcome = brought_in(commit, files)
        assert outcome.report.accepted, [issue.place for issue in outcome.report.issues]
        assert outcome.report.count("whole") == outcome.report.to_json()["found"] == len(files)
        assert outcome.version_id is not None
        assert queries.export_files(outcome.version_id) == files
        assert archive.read_zip(archive.write_zip(queries.export_files(name))) == files


def test_the_security_course_ships_with_lessons_and_a_check(library: Callable[[str], Folder], commit: Any) -> None:
    outcome = brought_in(commit, library("sec-201"))
    assert outcome.slug == "sec-201" and outcome.version_id is not None
    course = queries.structure(outcome.version_id)
    assert [step.kind for step in course.steps] == ["lesson"] * 5 + ["quiz"]
    assert course.valid_months == 12 and course.required == frozenset(course.keys)
    html = queries.step_html(outcome.version_id, "sec-201-l1")
    assert 'src="media/modules/10-how-attacks-reach-people/media/suspicious-mail.svg"' in html
    assert "cd-block--situation" in html and "<h1" not in html


def test_a_plain_folder_of_markdown_becomes_a_course_that_can_be_published_and_read(
    shared_files: Path, commit: Any, government: int, learner: Made, make: Make
) -> None:
    files = archive.read_folder(shared_files / "courses" / "security-101-en")
    with commit():
        outcome = actions.import_course(actor=SYSTEM, files=files, name="security-101-en", owner="GOV")
        assert outcome.version_id is not None, outcome.report.issues
        actions.publish(actor=SYSTEM, version_id=outcome.version_id)
    course = queries.structure(outcome.version_id)
    assert len(course.steps) == 32 and len(course.modules) == 8 and course.slug == "security-101-en"
    actor = make.actor(learner)
    with commit():
        registration = actions.enrol(actor=actor, person_id=learner.id, slug=course.slug)
    taken = queries.enrolment(actor, registration)
    assert all("<p>" in queries.step_page(taken, key).html for key in course.keys)
    again = brought_in(commit, files | {}, owner="GOV")
    assert again.version_id != outcome.version_id, "another folder name is another course"
    with commit():
        same = actions.import_course(actor=SYSTEM, files=files, name="security-101-en", owner="GOV")
    assert same.version_id == outcome.version_id and same.report.count("unchanged") == len(same.report.items)


def test_what_was_exported_of_a_plain_folder_comes_in_again(shared_files: Path, commit: Any, government: int) -> None:
    files = archive.read_folder(shared_files / "courses" / "security-101-en")
    with commit():
        outcome = actions.import_course(actor=SYSTEM, files=files, name="security-101-en", owner="GOV")
        assert outcome.version_id is not None
        actions.publish(actor=SYSTEM, version_id=outcome.version_id)
    exported = queries.export_files("security-101-en")
    course, issues = read_course(exported)
    assert course is not None and not has_errors(issues)
    before = rows()
    again = brought_in(commit, exported)
    assert again.version_id == outcome.version_id and rows() == before
    assert {item.verdict for item in again.report.items} == {"unchanged"}


def test_a_missing_picture_is_noted_and_said_in_words(commit: Any, government: int) -> None:
    outcome = brought_in(commit, changed(small(), "modules/10-first/01.md", "media/square.svg", "media/circle.svg"))
    assert outcome.version_id is not None
    notes = [note for item in outcome.report.items for note in item.notes if note.code == "IMAGE_MISSING"]
    assert [(note.line, note.level) for note in notes] == [(11, "warning")]
    assert "Picture missing: A red square" in queries.step_html(outcome.version_id, "lesson-1")


def test_the_owner_is_looked_at_before_anything_else(commit: Any, make: Make, government: int) -> None:
    make.agency("TAX", parent=government)
    first = brought_in(commit, small())
    before = rows()
    unknown = brought_in(commit, small(), owner="NOWHERE")
    assert unknown.version_id is None and {issue.code for issue in unknown.report.issues} == {"OWNER_UNKNOWN"}
    with pytest.raises(Refused, match="already belongs to another agency than “TAX”"):
        brought_in(commit, small(), owner="TAX")
    assert brought_in(commit, small(), owner="GOV").version_id == first.version_id and rows() == before


def test_the_same_bytes_again_change_nothing(commit: Any, government: int) -> None:
    first = brought_in(commit, small())
    before, deeds = rows(), count(AuditEvent)
    again = brought_in(commit, small())
    assert again.version_id == first.version_id and {item.verdict for item in again.report.items} == {"unchanged"}
    assert rows() == before and count(AuditEvent) == deeds


def test_importing_again_replaces_the_draft_and_keeps_its_number(commit: Any, government: int) -> None:
    first = brought_in(commit, small(lessons=3))
    again = brought_in(commit, small(lessons=2))
    assert again.version_id == first.version_id and first.version_id is not None
    assert queries.structure(first.version_id).keys == ("lesson-1", "lesson-2")
    assert count(CourseVersion) == 1 and count(CourseStep) == 2


def test_a_broken_folder_writes_nothing_and_says_everything(
    library: Callable[[str], Folder], commit: Any, government: int
) -> None:
    files = library("sec-201")
    lesson, check = "modules/10-how-attacks-reach-people/lesson.md", "modules/60-check-what-you-know/check.md"
    files = changed(files, lesson, "minutes: ", "minutes: many ")
    files = files | {check: files[check].replace(b"- [x]", b"- [ ]", 1)}
    files = changed(files, "modules/20-accounts-and-devices/lesson.md", "::: ", "::: lost\n::: ")
    del files["modules/30-data-protection-principles/lesson.md"]
    before = rows()
    outcome = brought_in(commit, files)
    assert (outcome.version_id, outcome.slug) == (None, None) and not outcome.report.accepted
    places = {issue.file for issue in outcome.report.issues if issue.level == "error"}
    assert {lesson, check, "course.yaml", "modules/20-accounts-and-devices/lesson.md"} <= places
    assert all(issue.code and issue.message for issue in outcome.report.issues)
    told = outcome.report.to_json()
    verdicts = {item.position: item.verdict for item in outcome.report.items}
    assert {path for path, verdict in verdicts.items() if verdict == "refused"} == places
    assert verdicts["modules/40-working-elsewhere/lesson.md"] == "whole" and told["accepted"] is False
    assert told["found"] == sum(told[key] for key in ("whole", "changed", "kept_as_source", "refused"))
    assert rows() == before


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("id: lesson-1", "id: done", "ID_RESERVED"),
        ("title: Lesson 1", "kind: riddle\ntitle: Lesson 1", "KIND_UNKNOWN"),
        ("title: Lesson 1", "title: " + "x" * 201, "TOO_LONG"),
        ("\n:::\n", "\n", "UNCLOSED_BLOCK"),
    ],
)
def test_a_lesson_that_cannot_be_kept_is_refused_by_name(
    commit: Any, government: int, old: str, new: str, code: str
) -> None:
    outcome = brought_in(commit, changed(small(), "modules/10-first/01.md", old, new))
    assert outcome.version_id is None and code in {issue.code for issue in outcome.report.issues}
    assert rows() == (0, 0, 0, 0, 0)


def test_a_mended_folder_becomes_the_draft(commit: Any, government: int) -> None:
    broken = changed(small(), "modules/10-first/01.md", "minutes: 5", "minutes: five")
    assert brought_in(commit, broken).version_id is None
    assert brought_in(commit, small()).version_id is not None


def test_checking_says_the_same_without_writing(commit: Any, government: int) -> None:
    broken = changed(small(), "modules/10-first/01.md", "minutes: 5", "minutes: five")
    assert not actions.check_course(files=broken, name="folder").accepted
    assert actions.check_course(files=small(), name="folder").accepted
    assert rows() == (0, 0, 0, 0, 0)


def test_trainers_import_only_into_their_own_agencies(commit: Any, make: Make, government: int) -> None:
    health, tax = make.agency("HEALTH", parent=government), make.agency("TAX", parent=government)
    ours = make.actor(make.person(agency=health, roles=["trainer"]))
    theirs = make.actor(make.person(agency=tax, roles=["trainer"]))
    learner = make.actor(make.person(agency=health, roles=["learner"]))
    assert brought_in(commit, small(owner="HEALTH"), ours).version_id is not None
    with pytest.raises(Refused, match="belongs to another agency"):
        brought_in(commit, small(owner="TAX"), theirs)
    elsewhere = brought_in(commit, small("two-things", owner="HEALTH"), theirs)
    assert {issue.code for issue in elsewhere.report.issues} >= {"OWNER_UNKNOWN"} and elsewhere.version_id is None
    with pytest.raises(NotAllowed):
        brought_in(commit, small("three-things"), learner)
    unnamed = changed(small("four-things"), "course.yaml", "owner: GOV\n", "")
    own = brought_in(commit, unnamed, theirs)
    owner = select(Course.owner_agency_id).where(Course.slug == "four-things")
    assert own.version_id is not None and db.session.scalar(owner) == tax


def test_publishing_supersedes_the_former_version_and_is_audited(commit: Any, published: Published) -> None:
    first = published()
    second = published(small(lessons=2), "Shorter")
    states = dict(db.session.execute(select(CourseVersion.id, CourseVersion.state)).tuples().all())
    assert states == {first: "superseded", second: "published"}
    assert db.session.scalar(select(Course.published_version_id)) == second
    with commit():
        actions.publish(actor=SYSTEM, version_id=second, note="again")
    with pytest.raises(Conflict), commit():
        actions.publish(actor=SYSTEM, version_id=first)
    published_why = select(AuditEvent.why).where(AuditEvent.action == "courses.publish").order_by(AuditEvent.id)
    assert db.session.execute(published_why).scalars().all() == ["", "Shorter"]


def test_a_course_without_any_step_is_not_published(commit: Any, government: int) -> None:
    empty = changed(small(lessons=1), "course.yaml", "    folder: 10-first\n    steps:\n      - 01.md", "    steps: []")
    outcome = brought_in(commit, {"course.yaml": empty["course.yaml"]})
    assert outcome.version_id is not None
    with pytest.raises(Refused, match="no step"), commit():
        actions.publish(actor=SYSTEM, version_id=outcome.version_id)


def test_X20_a_picture_without_a_description_is_not_published(commit: Any, government: int) -> None:
    files = {"lesson.md": b"# Plain\n\nSee ![](square.svg) here.\n", "square.svg": SQUARE}
    outcome = brought_in(commit, files, owner="GOV")
    assert outcome.version_id is not None, outcome.report.issues
    with pytest.raises(Refused, match="need a description"), commit():
        actions.publish(actor=SYSTEM, version_id=outcome.version_id)


def test_a_discarded_draft_is_gone_and_its_number_is_not_given_again(
    commit: Any, published: Published, make: Make, government: int
) -> None:
    published()
    draft = brought_in(commit, small(lessons=2)).version_id
    assert draft is not None
    tax = make.agency("TAX", parent=government)
    foreign = make.actor(make.person(agency=tax, roles=["trainer"]))
    with pytest.raises(NotThere), commit():
        actions.discard(actor=foreign, version_id=draft)
    for _ in range(2):
        with commit():
            actions.discard(actor=SYSTEM, version_id=draft)
    with pytest.raises(NotThere):
        queries.export_files(draft)
    again = brought_in(commit, small(lessons=1)).version_id
    assert again is not None and queries.structure(again).number == 3


def test_headings_of_blocks_follow_the_language_of_the_course(app: Flask) -> None:
    from courses.actions.drafts import block_titles

    assert block_titles("en") == dict(BLOCK_TITLES) == block_titles("tlh")


def test_an_unknown_competence_keeps_a_course_out_once_frameworks_are_there(commit: Any, government: int) -> None:
    strange = changed(small(), "course.yaml", 'competence: "4.1"', 'competence: "9.9"')
    assert actions.check_course(files=strange, name="folder").accepted, "without a framework nothing is unknown"
    with commit():
        load_frameworks(actor=SYSTEM)
    outcome = brought_in(commit, strange)
    (error,) = [issue for issue in outcome.report.issues if issue.level == "error"]
    assert outcome.version_id is None and rows() == (0, 0, 0, 0, 0)
    line = strange["course.yaml"].decode().split("\n")[error.line - 1]
    assert (error.file, error.code, line.strip()) == ("course.yaml", "UNKNOWN_COMPETENCE", 'competence: "9.9"')
    with reading():
        assert actions.check_course(files=strange, name="folder") == outcome.report
    assert brought_in(commit, small()).version_id is not None


def test_the_library_names_only_competences_of_the_frameworks_that_ship(
    library: Callable[[str], Folder], commit: Any
) -> None:
    with commit():
        load_frameworks(actor=SYSTEM)
    assert len(LIBRARY_COURSES) == 8
    for name in LIBRARY_COURSES:
        assert actions.check_course(files=library(name), name=name).issues == ()
