"""Folders of a course: the one inside an archive is taken off and names it, one on disk is read or refused whole."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from courses.formats import ArchiveRefused, read_folder, read_zip
from courses.formats.archive import read_named_zip
from tests.rules.test_archive import SMALL, named, pack


def test_one_top_folder_is_taken_off_and_system_litter_left_out() -> None:
    raw = named("course-main/course.yaml", "course-main/a/b.md", "__MACOSX/course-main/._a", "course-main/.DS_Store")
    assert sorted(read_zip(raw)) == ["a/b.md", "course.yaml"]
    assert sorted(read_zip(named("modules/a/b.md"))) == ["modules/a/b.md"]
    assert sorted(read_zip(pack(("x/", b""), ("x/a.md", b"a"), ("b.md", b"b")))) == ["b.md", "x/a.md"]


def test_a_folder_is_read_without_links_and_hidden_files(tmp_path: Path) -> None:
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "a.md").write_bytes(b"a")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_bytes(b"x")
    assert read_folder(tmp_path) == {"modules/a.md": b"a"}
    (tmp_path / "modules" / "link.md").symlink_to("/etc/passwd")
    with pytest.raises(ArchiveRefused) as refused:
        read_folder(tmp_path)
    assert [(issue.file, issue.code) for issue in refused.value.issues] == [("modules/link.md", "SYMLINK")]


@pytest.mark.parametrize(
    ("build", "code"),
    [
        (lambda root: os.mkfifo(root / "pipe"), "SPECIAL_FILE"),
        (lambda root: (root / "a").write_bytes(b"x" * 4_000_000), "EXPANDS_TOO_LARGE"),
        (lambda root: [(root / f"{n}.md").write_bytes(b"") for n in range(21)], "TOO_MANY_ENTRIES"),
        (lambda root: (root / "/".join("abcdefghij")).mkdir(parents=True), "TOO_DEEP"),
        (lambda root: [(root / name).write_bytes(b"") for name in ("a.md", "A.md")], "NAME_COLLISION"),
        (lambda root: (root / "a\\b").write_bytes(b""), "BACKSLASH"),
        (lambda root: (root / "loop").symlink_to(root), "SYMLINK"),
    ],
)
def test_an_unsafe_folder_is_refused(tmp_path: Path, build: Callable[[Path], object], code: str) -> None:
    build(tmp_path)
    with pytest.raises(ArchiveRefused) as refused:
        read_folder(tmp_path, SMALL)
    assert refused.value.issues[0].code == code


def test_no_folder_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(ArchiveRefused, match="no such folder"):
        read_folder(tmp_path / "gone")


@pytest.mark.parametrize(
    ("paths", "file_name", "name"),
    [
        (("security-101/1/a.md", "security-101/2/b.md"), "download (1).zip", "security-101"),
        (("security-101/a.md", "__MACOSX/security-101/._a.md"), "Archive.zip", "security-101"),
        (("a.md", "part/b.md"), "security-101.zip", "security-101"),
        (("a.md", "part/b.md"), "security-101 (1).ZIP", "security-101"),
        (("a.md", "part/b.md"), "C:\\sent\\security-101(2).zip", "security-101"),
        (("a.md", "part/b.md"), "Rules (2024).zip", "Rules (2024)"),
        (("modules/1/a.md",), "security-101.zip", "security-101"),
        (("a.md",), ".zip", "course"),
    ],
)
def test_a_zip_is_named_by_its_one_folder_or_else_by_its_file(
    paths: tuple[str, ...], file_name: str, name: str
) -> None:
    raw = named(*paths)
    assert read_named_zip(raw, file_name) == (name, read_zip(raw))
