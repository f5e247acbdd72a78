"""Every fault of a course folder is said by file, line and code, all of them at once, and nothing raises."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.formats import Issue, read_course

Files = dict[str, bytes]
COURSE = """\
format: cadre-course/1
id: rec-101
code: REC-101
title: Keeping records
language: en
licence: CC-BY-4.0
owner: GOV
topic: information
minutes: 20
summary: You will know which papers to keep.
competences:
  - code: "1.3"
    level: 3
objectives:
  - id: O1
    text: Decide what to keep
    competence: "1.3"
    level: 3
modules:
  - id: m1-keep
    title: What to keep
    folder: 10-keep
    steps:
      - lesson.md
      - check.md
  - id: m2-delete
    title: What to delete
    steps: []
"""
LESSON = """\
---
id: rec-101-l1
title: What to keep
minutes: 9
objectives: [O1]
competences: ["1.3"]
---

Keep what proves a decision.

![A shelf with folders](media/shelf.svg)

::: try
Look at one file of last year.
:::
"""
CHECK = "---\nid: rec-101-check\nkind: quiz\ntitle: Check\npass_mark: 80\n---\n\n## Which? {#q-a .text points=1}\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 2"><rect width="2" height="2"/></svg>\n'
SIDECAR = b"alt: A shelf with folders\ncredit: Cadre contributors\nlicence: CC-BY-4.0\n"
FOLDER = "modules/10-keep/"
LESSON_FILE = FOLDER + "lesson.md"


def whole() -> Files:
    return {
        "course.yaml": COURSE.encode(),
        LESSON_FILE: LESSON.encode(),
        FOLDER + "check.md": CHECK.encode(),
        FOLDER + "media/shelf.svg": SVG,
        FOLDER + "media/shelf.svg.yaml": SIDECAR,
    }


def swap(path: str, old: str, new: str) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        assert old.encode() in files[path]
        files[path] = files[path].replace(old.encode(), new.encode(), 1)

    return change


def course(old: str, new: str) -> Callable[[Files], None]:
    return swap("course.yaml", old, new)


def lesson(old: str, new: str) -> Callable[[Files], None]:
    return swap(LESSON_FILE, old, new)


def put(path: str, content: bytes) -> Callable[[Files], None]:
    return lambda files: files.update({path: content})


def drop(*paths: str) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        for path in paths:
            del files[path]

    return change


def drop_folder(files: Files) -> None:
    for path in [path for path in files if path.startswith(FOLDER)]:
        del files[path]


BROKEN: list[tuple[str, Callable[[Files], None], tuple[str, int, str]]] = [
    ("no course.yaml", drop("course.yaml"), ("course.yaml", 0, "COURSE_YAML_MISSING")),
    ("course without id", course("id: rec-101\n", ""), ("course.yaml", 1, "MISSING_KEY")),
    ("id no slug", course("id: rec-101", "id: Rec 101"), ("course.yaml", 2, "BAD_ID")),
    ("course without title", course("title: Keeping records\n", ""), ("course.yaml", 1, "MISSING_KEY")),
    ("no format", course("format: cadre-course/1\n", ""), ("course.yaml", 1, "MISSING_KEY")),
    ("future format", course("course/1", "course/9"), ("course.yaml", 1, "FORMAT_UNKNOWN")),
    ("bad YAML", course("title: Keeping", "title: Keeping: more: "), ("course.yaml", 4, "YAML")),
    ("tab in YAML", course("  - code", "\t- code"), ("course.yaml", 12, "YAML")),
    ("list at the top", put("course.yaml", b"- a\n- b\n"), ("course.yaml", 1, "NOT_A_MAPPING")),
    ("two documents", course("competences:", "---\ncompetences:"), ("course.yaml", 11, "YAML")),
    ("key twice", course("code: REC-101\n", "code: REC-101\ncode: X\n"), ("course.yaml", 4, "DUPLICATE_KEY")),
    ("anchor", course("owner: GOV", "owner: &a GOV"), ("course.yaml", 7, "YAML_ALIAS")),
    ("tag", course("owner: GOV", "owner: !!python/name:os.system GOV"), ("course.yaml", 7, "YAML_TAG")),
    ("deep YAML", course("owner: GOV", "owner: " + "[" * 40 + "]" * 40), ("course.yaml", 7, "YAML_TOO_DEEP")),
    ("escape out of range", course("owner: GOV", 'owner: "\\UFFFFFFFF"'), ("course.yaml", 1, "YAML")),
    ("half a pair", course("owner: GOV", 'owner: "\\uD800"'), ("course.yaml", 7, "YAML")),
    ("unknown topic", course("topic: information", "topic: cooking"), ("course.yaml", 8, "UNKNOWN_TOPIC")),
    ("language no code", course("language: en", "language: English!"), ("course.yaml", 5, "BAD_LANGUAGE")),
    ("minutes in words", course("minutes: 20", "minutes: twenty"), ("course.yaml", 9, "NOT_A_NUMBER")),
    ("minutes in Arabic digits", course("minutes: 20", "minutes: ٢٠"), ("course.yaml", 9, "NOT_A_NUMBER")),
    ("no minutes at all", course("minutes: 20", "minutes: 0"), ("course.yaml", 9, "OUT_OF_RANGE")),
    ("date no date", course("competences:", "reviewed: 2026-02-30\ncompetences:"), ("course.yaml", 11, "NOT_A_DATE")),
    ("title is a list", course("title: Keeping records", "title: [a]"), ("course.yaml", 4, "NOT_TEXT")),
    ("modules no list", course("modules:", "modules: none\nx:"), ("course.yaml", 19, "NOT_A_LIST")),
    (
        "module no mapping",
        course("  - id: m2-delete\n    title: What to delete\n    steps: []", "  - m2"),
        ("course.yaml", 26, "NOT_A_MAPPING"),
    ),
    ("module id twice", course("id: m2-delete", "id: m1-keep"), ("course.yaml", 26, "DUPLICATE_ID")),
    (
        "objective id twice",
        course("modules:", "  - id: O1\n    text: Again\nmodules:"),
        ("course.yaml", 19, "DUPLICATE_ID"),
    ),
    (
        "folder twice",
        course("    steps: []", "    folder: 10-keep\n    steps: []"),
        ("course.yaml", 28, "FOLDER_DUPLICATE"),
    ),
    ("no folder key", course("    folder: 10-keep\n", ""), ("course.yaml", 20, "MISSING_KEY")),
    ("folder missing", drop_folder, ("course.yaml", 22, "FOLDER_MISSING")),
    ("step missing", drop(FOLDER + "check.md"), ("course.yaml", 25, "STEP_MISSING")),
    ("step twice", course("- check.md", "- lesson.md"), ("course.yaml", 25, "LISTED_TWICE")),
    ("step outside", course("- check.md", "- ../../secret.md"), ("course.yaml", 25, "UNSAFE_PATH")),
    ("folder outside", course("folder: 10-keep", "folder: .."), ("course.yaml", 22, "UNSAFE_PATH")),
    ("absolute step", course("- check.md", "- /etc/passwd"), ("course.yaml", 25, "UNSAFE_PATH")),
    ("unsafe file name", put("modules/../x.md", b""), ("modules/../x.md", 0, "UNSAFE_PATH")),
    ("names collide", put(FOLDER + "Lesson.md", b""), (LESSON_FILE, 0, "NAME_COLLISION")),
    ("step without id", lesson("id: rec-101-l1\n", ""), (LESSON_FILE, 1, "MISSING_KEY")),
    ("step id twice", lesson("id: rec-101-l1", "id: rec-101-check"), (FOLDER + "check.md", 2, "DUPLICATE_ID")),
    ("step minutes in words", lesson("minutes: 9", "minutes: nine"), (LESSON_FILE, 4, "NOT_A_NUMBER")),
    ("step without minutes", lesson("minutes: 9\n", ""), (LESSON_FILE, 1, "MISSING_KEY")),
    ("unknown objective", lesson("[O1]", "[O1, O7]"), (LESSON_FILE, 5, "UNKNOWN_OBJECTIVE")),
    ("bad kind", lesson("minutes: 9", "kind: Lesson!\nminutes: 9"), (LESSON_FILE, 4, "BAD_KIND")),
    ("no front matter", put(LESSON_FILE, b"Only text.\n"), (LESSON_FILE, 1, "FRONT_MATTER_MISSING")),
    ("front matter open", lesson('["1.3"]\n---\n', '["1.3"]\n'), (LESSON_FILE, 1, "FRONT_MATTER_OPEN")),
    ("front matter bad", lesson("title: What", "title: [What"), (LESSON_FILE, 4, "YAML")),
    (
        "not UTF-8",
        lambda files: files.update({LESSON_FILE: LESSON.encode() + b"caf\xe9\n"}),
        (LESSON_FILE, 16, "ENCODING"),
    ),
    ("NUL in text", lesson("Keep what", "Keep\0what"), (LESSON_FILE, 9, "NUL_CHARACTER")),
    ("block never closed", lesson("year.\n:::\n", "year.\n"), (LESSON_FILE, 13, "UNCLOSED_BLOCK")),
    ("block in block", lesson("Look", "::: note\nLook"), (LESSON_FILE, 14, "NESTED_BLOCK")),
    ("stray close", lesson("Keep what", ":::\nKeep what"), (LESSON_FILE, 9, "STRAY_CLOSE")),
    ("block attribute", lesson("::: try", '::: try colour="red"'), (LESSON_FILE, 13, "BLOCK_ATTRIBUTE")),
    (
        "picture without words",
        swap(FOLDER + "media/shelf.svg.yaml", "alt: A shelf with folders\n", ""),
        (FOLDER + "media/shelf.svg.yaml", 1, "ALT_MISSING"),
    ),
    (
        "drawing with script",
        swap(FOLDER + "media/shelf.svg", "<rect", "<script>alert(1)</script><rect"),
        (FOLDER + "media/shelf.svg", 0, "SVG_ACTIVE"),
    ),
    (
        "drawing that loads",
        swap(FOLDER + "media/shelf.svg", "<rect", '<image href="http://e.org/x"/><rect'),
        (FOLDER + "media/shelf.svg", 0, "SVG_ACTIVE"),
    ),
    (
        "drawing with handler",
        swap(FOLDER + "media/shelf.svg", "<rect", '<rect onload="x()"'),
        (FOLDER + "media/shelf.svg", 0, "SVG_ACTIVE"),
    ),
    (
        "drawing with entities",
        put(FOLDER + "media/shelf.svg", b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG),
        (FOLDER + "media/shelf.svg", 0, "MEDIA_TYPE"),
    ),
    ("program as media", put(FOLDER + "media/run.exe", b"MZ"), (FOLDER + "media/run.exe", 0, "MEDIA_TYPE")),
    ("page as picture", put(FOLDER + "media/p.png", b"<html>"), (FOLDER + "media/p.png", 0, "MEDIA_TYPE")),
    ("sidecar bad", put(FOLDER + "media/shelf.svg.yaml", b"alt: [x\n"), (FOLDER + "media/shelf.svg.yaml", 2, "YAML")),
]


def test_the_whole_course_has_nothing_to_say() -> None:
    read, issues = read_course(whole())
    assert issues == []
    assert read is not None


@pytest.mark.parametrize(("change", "expected"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_a_broken_course_is_refused_at_its_place(
    change: Callable[[Files], None], expected: tuple[str, int, str]
) -> None:
    files = whole()
    change(files)
    read, issues = read_course(files)
    errors = [(issue.file, issue.line, issue.code) for issue in issues if issue.level == "error"]
    assert expected in errors
    assert read is None
    assert all(len(issue.message) > 15 and issue.message[-1] in ".?" for issue in issues)


def test_all_faults_are_said_at_once() -> None:
    files = whole()
    for change in (course("topic: information", "topic: x"), lesson("[O1]", "[O7]"), lesson("year.\n:::", "year.")):
        change(files)
    errors = {issue.code for issue in read_course(files)[1] if issue.level == "error"}
    assert errors == {"UNKNOWN_TOPIC", "UNKNOWN_OBJECTIVE", "UNCLOSED_BLOCK"}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_input_raises(data: st.DataObject) -> None:
    files = whole()
    path = data.draw(st.sampled_from(sorted(files)))
    at = data.draw(st.integers(0, len(files[path])))
    end = data.draw(st.integers(at, min(len(files[path]), at + 20)))
    files[path] = files[path][:at] + data.draw(st.binary(max_size=12)) + files[path][end:]
    read, issues = read_course(files)
    assert (read is None) == any(issue.level == "error" for issue in issues)
    assert all(isinstance(issue, Issue) for issue in issues)
