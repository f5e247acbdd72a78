"""The two laws of course files: what is written is read back the same, and what nobody changed keeps its bytes."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.formats import (
    TOPICS,
    CompetenceAim,
    Course,
    MediaFile,
    Module,
    Objective,
    OtherFile,
    StepFile,
    in_canonical_form,
    make_extra,
    read_course,
    read_folder,
    read_step,
    read_zip,
    report_course,
    write_course,
    write_step,
    write_zip,
)
from courses.formats.yamltext import Scalar, read_yaml
from courses.formats.yamlwriter import text_node, texts_node, write_yaml

ROOT = Path(__file__).parents[2]
LIBRARY = ROOT / "courses" / "library"
SAMPLES = ROOT.parent / "shared" / "content" / "files" / "courses"
SHARED = sorted(SAMPLES.rglob("*.md"))
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>\n'

letters = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=30)
slugs = st.from_regex(r"[a-z][a-z0-9]{0,6}(-[a-z0-9]{1,5}){0,2}", fullmatch=True)
bodies = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60)
extras = st.builds(make_extra, st.sampled_from(["weight", "x-note", "Layout"]), letters).map(lambda one: (one,))
no_extras: st.SearchStrategy[tuple[()]] = st.just(())
levels = st.none() | st.integers(1, 8)


@st.composite
def courses(draw: st.DrawFn) -> Course:
    """Any course that can be written: every text is any text, every optional key may be absent."""
    objective_ids = draw(st.lists(slugs, unique=True, max_size=3))
    codes = draw(st.lists(letters, unique=True, max_size=3))
    step_ids = iter(draw(st.lists(slugs, unique=True, min_size=6, max_size=6)))
    folders = draw(st.lists(slugs, unique=True, max_size=2))
    modules = [_module(draw, folder, objective_ids, codes, step_ids) for folder in folders]
    return Course(
        id=draw(slugs),
        code=draw(letters),
        title=draw(letters),
        language=draw(st.sampled_from(["en", "fr", "pt-BR"])),
        licence=draw(letters),
        attribution=draw(st.just("") | letters),
        owner=draw(letters),
        topic=draw(st.sampled_from(TOPICS)),
        level=draw(st.just("") | letters),
        audience=draw(st.just("") | letters),
        minutes=draw(st.integers(1, 999)),
        summary=draw(letters),
        valid_months=draw(st.none() | st.integers(1, 60)),
        reviewed=draw(st.none() | st.dates(date(2000, 1, 1), date(2099, 1, 1))),
        competences=tuple(CompetenceAim(code, draw(levels), draw(extras | no_extras)) for code in codes),
        objectives=tuple(Objective(one, draw(letters), draw(letters), draw(levels)) for one in objective_ids),
        modules=tuple(modules),
        others=draw(st.sampled_from([(), (OtherFile("notes/read.me", b"\x00\xff"),)])),
        extras=draw(extras | no_extras),
    )


def _module(draw: st.DrawFn, folder: str, objectives: list[str], codes: list[str], ids) -> Module:  # type: ignore[no-untyped-def]
    steps = tuple(
        StepFile(
            path=f"modules/{folder}/{name}",
            step_id=next(ids),
            kind=kind,
            title=draw(letters),
            minutes=draw(st.integers(1, 600)),
            objectives=tuple(objectives),
            competences=tuple(codes),
            body=draw(bodies),
            extras=draw(extras | no_extras),
        )
        for name, kind in draw(st.sampled_from([[], [("lesson.md", "lesson")], [("b.md", "quiz"), ("a.md", "lesson")]]))
    )
    media = (
        MediaFile(f"modules/{folder}/media/a.svg", SVG, draw(letters), draw(st.just("") | letters), draw(letters)),
    )
    return Module(
        f"m-{folder}", draw(letters), folder, steps, draw(st.sampled_from([(), media])), draw(extras | no_extras)
    )


@settings(max_examples=40, deadline=None)
@given(courses())
def test_what_is_written_is_read_back_the_same(course: Course) -> None:
    files = write_course(course)
    read, issues = read_course(files, draft=True)
    assert read == course, issues
    assert write_course(read) == files, "a canonical folder keeps its bytes"


@settings(max_examples=25, deadline=None)
@given(courses(), letters, letters)
def test_a_change_is_read_back_and_nothing_else_changes(course: Course, title: str, owner: str) -> None:
    read, _ = read_course(write_course(course), draft=True)
    assert read is not None
    changed = replace(read, title=title, owner=owner, valid_months=7, attribution="")
    files = write_course(changed)
    assert read_course(files, draft=True)[0] == changed
    before = write_course(course)
    assert {path for path in files if files[path] != before[path]} <= {"course.yaml"}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(letters, letters), max_size=4, unique_by=lambda pair: pair[0]))
def test_any_text_survives_yaml(pairs: list[tuple[str, str]]) -> None:
    text = write_yaml([(key, text_node(value)) for key, value in pairs])
    table, issues = read_yaml("x", text)
    assert not issues
    assert [(key.text, value) for key, value in table.entries] == [(key, text_node(value)) for key, value in pairs]
    listed, issues = read_yaml("x", write_yaml([("list", texts_node([value for _, value in pairs]))]))
    assert not issues
    assert [item.text for item in listed.entries[0][1].items] == [value for _, value in pairs]


@pytest.mark.parametrize(
    "word", ["No", "yes", "null", "~", "0123", "4.1", "12:30", "2026-10-01", "1e3", "0o17", ".inf"]
)
def test_yaml_words_stay_text_and_are_quoted_for_other_readers(word: str) -> None:
    table, _ = read_yaml("x", f"title: {word}\n")
    assert table.get("title") == Scalar(word)
    assert write_yaml([("title", text_node(word))]) == f'title: "{word}"\n'


MESSY = (
    "\ufeff---\r\n# who wrote this\r\ntitle:   'What  to keep'\r\nid: l1   # never change\r\nweight: 0x1F\r\n"
    "minutes: 09\r\nkind: lesson\r\nobjectives:\r\n- O1\r\n---\r\n\r\n\r\nText  \r\n"
)


def test_a_messy_lesson_keeps_its_bytes() -> None:
    step, issues = read_step("modules/m/lesson.md", MESSY.encode())
    assert not issues
    assert (step.step_id, step.title, step.minutes, step.objectives) == ("l1", "What  to keep", 9, ("O1",))
    assert [(extra.key, extra.text) for extra in step.extras] == [("weight", "0x1F")]
    assert write_step(step) == MESSY.encode()


def test_a_changed_key_leaves_the_other_lines_alone() -> None:
    raw = "---\n# head\ntitle: 'Old'  # t\nid: l1   # never change\nminutes: 09\nweight: 0x1F\n---\nBody\n"
    step, _ = read_step("m/lesson.md", raw.encode())
    written = write_step(replace(step, title="New: one", objectives=("O1",))).decode()
    assert written == (
        '---\n# head\ntitle: "New: one"\nid: l1   # never change\nminutes: 09\n'
        "objectives: [O1]\nweight: 0x1F\n---\n\nBody\n"
    )


def test_a_changed_body_keeps_the_front_matter() -> None:
    raw = b"---\nid:   l1\ntitle: 'T'\nminutes: 3\n---\nBody\n"
    step, _ = read_step("m/lesson.md", raw)
    for body in ("\nBlank first\n", "", "Plain\n", "\r\nX"):
        changed = replace(step, body=body)
        assert read_step("m/lesson.md", write_step(changed))[0] == changed
    assert write_step(replace(step, body="New\n")) == raw.replace(b"Body", b"New")


@pytest.mark.skipif(not SHARED and not os.environ.get("CI"), reason="the sample courses are not on this machine")
def test_opening_and_saving_any_sample_lesson_changes_nothing() -> None:
    assert len(SHARED) > 80
    for path in SHARED:
        raw = path.read_bytes()
        step, _ = read_step(path.name, raw)
        assert step is not None
        assert write_step(step) == raw, path


@pytest.mark.parametrize(
    "folder", sorted(path.parent for path in LIBRARY.glob("*/course.yaml")), ids=lambda path: path.name
)
def test_the_library_is_without_fault_and_round_trips(folder: Path) -> None:
    files = read_folder(folder)
    course, issues = read_course(files)
    assert [issue for issue in issues if issue.level == "error"] == []
    assert write_course(course) == files
    assert read_zip(write_zip(files)) == files
    assert read_course(write_course(in_canonical_form(course)))[0] == course


def test_the_report_adds_up_and_says_unchanged_the_second_time() -> None:
    files = write_course(Course("c", title="T", modules=(Module("m", "M"),)))
    files["notes.txt"] = b"x"
    course, issues = read_course(files)
    for unchanged, verdict in ((False, "whole"), (True, "unchanged")):
        report = report_course("c", files, course, issues, unchanged=unchanged).to_json()
        assert (
            report["found"] == 2 == report["whole"] + report["changed"] + report["kept_as_source"] + report["refused"]
        )
        assert [item["verdict"] for item in report["items"]] == [verdict, "kept_as_source"]
        assert report["ledger"]["other_files"] == {"found": 1, "stored": 1, "noted": 1, "dropped": 0}


def test_a_refused_course_is_reported_as_refused() -> None:
    files = {"course.yaml": b"format: cadre-course/1\n", "a.md": b"x"}
    report = report_course("c", files, *read_course(files)).to_json()
    assert (report["found"], report["refused"], report["kept_as_source"]) == (2, 1, 1)


def test_long_settings_are_refused_quickly() -> None:
    started = time.process_time()
    for hostile in (
        "a: " + "[" * 20_000,
        "a: &x [" + "*x," * 9,
        "{" * 5_000,
        "- " * 5_000,
        "? " * 5_000,
        "a" * 300_000,
    ):
        course, issues = read_course({"course.yaml": ("format: cadre-course/1\n" + hostile).encode()})
        assert course is None
        assert issues
    assert time.process_time() - started < 5
