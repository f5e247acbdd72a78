"""A plain folder of Markdown becomes a draft course: nothing is refused, what was not kept whole is noted."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.formats import PLAIN_FORMAT, read_course, read_folder, read_plain, report_course, write_course

SAMPLES = Path(__file__).parents[3] / "shared" / "content" / "files" / "courses"
needs_samples = pytest.mark.skipif(
    not SAMPLES.exists() and not os.environ.get("CI"), reason="the sample courses are not on this machine"
)
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 8


@needs_samples
def test_security_101_imports_whole_with_its_gaps_as_notes() -> None:
    files = read_folder(SAMPLES / "security-101-en")
    course, issues = read_plain(files, name="security-101-en", title="Security 101")
    assert [len(module.steps) for module in course.modules] == [7, 4, 4, 4, 3, 3, 3, 4]
    assert [module.id for module in course.modules] == [f"m{number}" for number in range(1, 9)]
    assert Counter(issue.code for issue in issues) == {
        "IMAGE_MISSING": 28,
        "IMAGE_REMOTE": 2,
        "HEADING_LEVEL": 1,
        "FILE_UNUSED": 1,
    }
    first = course.modules[0].steps[0]
    assert (first.step_id, first.title) == (
        "1-1-the-cia-triad-and-other-key-concepts",
        "The CIA triad and other key concepts",
    )
    assert "# The CIA triad" not in first.body
    assert (course.licence, course.language) == ("CC0 1.0 Universal", "en")
    report = report_course("security-101-en", files, course, issues, format_name=PLAIN_FORMAT).to_json()
    assert (report["found"], report["whole"], report["kept_as_source"], report["refused"]) == (33, 32, 1, 0)


@needs_samples
@pytest.mark.parametrize(
    ("name", "lessons"),
    [
        ("18f-agile", 6),
        ("carpentries-spreadsheets-socialsci", 12),
        ("iccs-open-source-for-executives-en", 35),
        ("usds-playbook", 13),
        ("security-101-en", 32),
    ],
)
def test_every_sample_folder_becomes_a_draft_that_round_trips(name: str, lessons: int) -> None:
    files = read_folder(SAMPLES / name)
    course, issues = read_plain(files, name=name)
    assert sum(1 for _ in course.steps()) == lessons
    assert {issue.level for issue in issues} <= {"warning"}
    written = write_course(course)
    again, issues = read_course(written)
    assert again == course, "what a plain folder was forgiven, its export is forgiven too"
    assert {issue.level for issue in issues} <= {"warning"}
    kept = {other.path.removeprefix("source/") for other in course.others}
    assert len(kept) + lessons == len(files), "no file is lost"


@needs_samples
def test_a_folder_without_markdown_says_so() -> None:
    course, issues = read_plain(read_folder(SAMPLES / "zibasec-source"), name="zibasec")
    assert course is None
    assert [issue.code for issue in issues] == ["NO_LESSONS"]


def test_titles_come_from_front_matter_heading_or_file_name() -> None:
    files = {
        "a/named.md": b"---\ntitle: Named\nid: 7\nweight: 3\n---\n# Named\n\nText\n",
        "a/headed.md": b"\n# Headed *well*\n\nText\n",
        "a/lined.md": b"Underlined\n====\n\nText\n",
        "a/3_file-name.md": b"Text\n",
        "b/_index.md": b"---\ntitle: The second part\n---\n",
    }
    course, _ = read_plain(files, name="My course")
    titles = {step.step_id: (step.title, step.body) for step in course.steps()}
    assert titles == {
        "a-named": ("Named", "Text\n"),
        "a-headed": ("Headed well", "Text\n"),
        "a-lined": ("Underlined", "Text\n"),
        "a-3-file-name": ("File name", "Text\n"),
        "b-index": ("The second part", ""),
    }
    assert [module.title for module in course.modules] == ["A", "The second part"]
    named = next(step for step in course.steps() if step.step_id == "a-named")
    assert [(extra.key, extra.text) for extra in named.extras] == [
        ("source", "a/named.md"),
        ("source-id", "7"),
        ("weight", "3"),
    ]


def test_ids_do_not_depend_on_other_files() -> None:
    one, _ = read_plain({"x/b.md": b"B", "y/c.md": b"C"})
    two, _ = read_plain({"x/a.md": b"A", "x/b.md": b"B", "y/c.md": b"C", "w/d.md": b"D"})
    ids = {(module.id, step.step_id) for module in one.modules for step in module.steps}
    assert ids <= {(module.id, step.step_id) for module in two.modules for step in module.steps}


def test_lessons_are_ordered_as_people_count() -> None:
    files = {f"{number}.{part} Part.md": b"x" for number in (10, 2, 1) for part in (10, 9)}
    course, _ = read_plain(files)
    assert [step.step_id for step in course.steps()] == [
        "1-9-part",
        "1-10-part",
        "2-9-part",
        "2-10-part",
        "10-9-part",
        "10-10-part",
    ]
    assert [module.id for module in course.modules] == ["m1", "m2", "m10"]


def test_pictures_move_into_the_media_of_their_module() -> None:
    files = {
        "text/a.md": b"![One](../images/My%20pic.png) ![Two](/images/other.png) ![Three](gone.png)",
        "text/b.md": b"![](../images/My%20pic.png)",
        "images/My pic.png": PNG,
        "images/other.png": PNG,
        "images/fake.png": b"<script>",
    }
    course, issues = read_plain(files)
    module = course.modules[0]
    assert [media.name for media in module.media] == ["media/my-pic.png", "media/other.png"]
    assert module.steps[0].body == "![One](media/my-pic.png) ![Two](media/other.png) ![Three](gone.png)"
    assert {(issue.file, issue.code) for issue in issues} >= {
        ("text/a.md", "IMAGE_MISSING"),
        ("text/b.md", "ALT_MISSING"),
        ("images/fake.png", "FILE_UNUSED"),
    }
    assert read_course(write_course(course), draft=True)[0] == course


def test_notes_give_the_line_of_the_source_file() -> None:
    course, issues = read_plain({"a.md": b"---\ntitle: T\n---\n\n# T\n\nText\n\n<div>raw</div>\n"})
    assert course is not None
    assert [(issue.file, issue.line, issue.code) for issue in issues] == [("a.md", 9, "HTML_SANITISED")]


def test_old_letters_are_guessed_and_noted() -> None:
    course, issues = read_plain({"a.md": b"# Caf\xe9 \x80\n"})
    assert course.modules[0].steps[0].title == "Café €"
    assert "ENCODING_GUESSED" in {issue.code for issue in issues}
    report = report_course("a", {"a.md": b"# Caf\xe9 \x80\n"}, course, issues)
    assert [item.verdict for item in report.items] == ["changed"]


paths = st.lists(
    st.tuples(
        st.from_regex(r"([a-zé0-9. _-]{1,8}/){0,2}[A-Zé0-9. _-]{1,8}\.(md|MD|txt|markdown)", fullmatch=True),
        st.text(st.sampled_from("#=-:`![](){}<>ab \n\t\u00e9\0"), max_size=40).map(str.encode) | st.binary(max_size=20),
    ),
    max_size=5,
)


@settings(max_examples=60, deadline=None)
@given(paths)
def test_no_plain_folder_raises_or_is_refused(pairs: list[tuple[str, bytes]]) -> None:
    files = dict(pairs)
    course, issues = read_plain(files)
    if course is None:
        assert [issue.code for issue in issues] == ["NO_LESSONS"]
        return
    assert {issue.level for issue in issues} <= {"warning"}
    again, faults = read_course(write_course(course), draft=True)
    collisions = {issue.code for issue in faults if issue.level == "error"}
    assert again == course or collisions <= {"UNSAFE_PATH", "NAME_COLLISION", "FILE_TOO_LARGE"}
