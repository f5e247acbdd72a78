"""Archives: what is unsafe is refused by name, nothing is cleaned up, nothing expands without end."""

from __future__ import annotations

import io
import os
import stat
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.formats import LIMITS, ArchiveRefused, read_zip, write_zip

HOSTILE = Path(__file__).parents[3] / "shared" / "content" / "files" / "hostile"
SMALL = replace(LIMITS, entries=20, expanded=3_000_000)


def pack(
    *entries: tuple[str, bytes], change: Callable[[zipfile.ZipInfo], None] | None = None, method: int = 8
) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in entries:
            info = zipfile.ZipInfo("placeholder")
            info.filename = info.orig_filename = name
            info.compress_type = method
            if change:
                change(info)
            archive.writestr(info, content)
    return packed.getvalue()


def named(*names: str) -> bytes:
    return pack(*((name, b"x") for name in names))


def mode(kind: int) -> Callable[[zipfile.ZipInfo], None]:
    def change(info: zipfile.ZipInfo) -> None:
        info.create_system = 3
        info.external_attr = (kind | 0o777) << 16

    return change


def flagged(raw: bytes, bits: int) -> bytes:
    """Set flag bits in the local header and in the directory of a one-entry archive."""
    out = bytearray(raw)
    for at, offset in ((raw.index(b"PK\x03\x04"), 6), (raw.index(b"PK\x01\x02"), 8)):
        flags = struct.unpack_from("<H", raw, at + offset)[0]
        struct.pack_into("<H", out, at + offset, flags | bits)
    return bytes(out)


def claimed(raw: bytes, size: int) -> bytes:
    """Claim another expanded size in both headers of a one-entry archive."""
    out = bytearray(raw)
    struct.pack_into("<I", out, raw.index(b"PK\x03\x04") + 22, size)
    struct.pack_into("<I", out, raw.index(b"PK\x01\x02") + 24, size)
    return bytes(out)


def end_record(raw: bytes, **fields: int) -> bytes:
    at = raw.rindex(b"PK\x05\x06")
    places = {"disk": ("<H", 4), "count": ("<H", 10), "size": ("<I", 12), "offset": ("<I", 16), "comment": ("<H", 20)}
    out = bytearray(raw)
    for name, value in fields.items():
        form, offset = places[name]
        struct.pack_into(form, out, at + offset, value)
    return bytes(out)


def overlap() -> bytes:
    """Point two directory entries at one and the same content."""
    raw = bytearray(pack(("a.md", b"x" * 50), ("b.md", b"x" * 50), method=0))
    second = bytes(raw).rindex(b"PK\x01\x02")
    struct.pack_into("<I", raw, second + 42, 0)
    return bytes(raw)


def renamed_inside(old: bytes, new: bytes) -> bytes:
    """Give the directory another name than the local header."""
    raw = pack((old.decode(), b"x"))
    at = raw.rindex(old)
    return raw[:at] + new + raw[at + len(old) :]


PLAIN = named("a.md")
ATTACKS: dict[str, tuple[bytes, str]] = {
    "slip": (named("../a.md"), "PATH_OUTSIDE"),
    "slip in the middle": (named("a/../../b.md"), "PATH_OUTSIDE"),
    "slip that stays inside": (named("a/../b.md"), "PATH_OUTSIDE"),
    "slip at the end": (named("a/.."), "PATH_OUTSIDE"),
    "slip by backslash": (named("..\\a.md"), "BACKSLASH"),
    "backslash": (named("a\\b.md"), "BACKSLASH"),
    "network path": (named("\\\\host\\a.md"), "BACKSLASH"),
    "absolute": (named("/etc/cron.d/a"), "ABSOLUTE_PATH"),
    "drive": (named("C:/a.md"), "DRIVE_PATH"),
    "drive without slash": (named("c:a.md"), "DRIVE_PATH"),
    "stream": (named("a.md:hidden"), "BAD_NAME"),
    "NUL": (renamed_inside(b"aXb.md", b"a\0b.md"), "NUL_IN_NAME"),
    "twice": (named("a.md", "b.md").replace(b"b.md", b"a.md"), "DUPLICATE_NAME"),
    "capitals": (named("a.md", "A.MD"), "NAME_COLLISION"),
    "sharp s": (named("strasse.md", "straße.md"), "NAME_COLLISION"),
    "accents composed and not": (named("caf\u00e9.md", "cafe\u0301.md"), "NAME_COLLISION"),
    "folders that differ in capitals": (named("a/x.md", "A/y.md"), "NAME_COLLISION"),
    "file and folder": (named("a", "a/b.md"), "FILE_AS_FOLDER"),
    "file and folder entry": (named("a", "b.md").replace(b"b.md", b"a//\x20"), "BAD_NAME"),
    "reserved": (named("con"), "RESERVED_NAME"),
    "reserved with ending": (named("x/NUL.md"), "RESERVED_NAME"),
    "reserved port": (named("com1.txt"), "RESERVED_NAME"),
    "empty part": (named("a//b.md"), "BAD_NAME"),
    "dot part": (named("./a.md"), "BAD_NAME"),
    "space at the end": (named("a /b.md"), "BAD_NAME"),
    "dot at the end": (named("a./b.md"), "BAD_NAME"),
    "control character": (named("a\x1b[2J.md"), "BAD_NAME"),
    "turned around": (named("a\u202edm.exe"), "BAD_NAME"),
    "wildcard": (named("a*.md"), "BAD_NAME"),
    "long part": (named("a" * 200 + ".md"), "PATH_TOO_LONG"),
    "long path": (named("/".join(["a" * 100] * 3)), "PATH_TOO_LONG"),
    "deep": (named("/".join("abcdefghij")), "TOO_DEEP"),
    "symlink": (pack(("a.md", b"/etc/passwd"), change=mode(stat.S_IFLNK)), "SYMLINK"),
    "device": (pack(("a.md", b""), change=mode(stat.S_IFCHR)), "SPECIAL_FILE"),
    "pipe": (pack(("a.md", b""), change=mode(stat.S_IFIFO)), "SPECIAL_FILE"),
    "folder in disguise": (pack(("a.md", b""), change=mode(stat.S_IFDIR)), "SPECIAL_FILE"),
    "folder with content": (named("a/"), "BAD_NAME"),
    "encrypted": (flagged(PLAIN, 0x1), "ENCRYPTED"),
    "directory encrypted": (flagged(PLAIN, 0x2000), "ENCRYPTED"),
    "packed by bzip2": (pack(("a.md", b"x"), method=12), "PACKING_UNKNOWN"),
    "packed by lzma": (pack(("a.md", b"x"), method=14), "PACKING_UNKNOWN"),
    "ratio bomb": (pack(("a.md", b"\0" * 2_000_000)), "RATIO_TOO_HIGH"),
    "too much in all": (pack(*((f"{n}.md", os.urandom(1000) * 900) for n in range(4))), "EXPANDS_TOO_LARGE"),
    "more than it claims": (claimed(pack(("a.md", b"\0" * 9_000)), 10), "ARCHIVE_BROKEN"),
    "too many": (named(*(f"{n}.md" for n in range(21))), "TOO_MANY_ENTRIES"),
    "too many by claim": (end_record(PLAIN, count=0xFFFF), "TOO_MANY_ENTRIES"),
    "fewer than it has": (end_record(named("a.md", "b.md"), count=1), "ARCHIVE_DISHONEST"),
    "archive in archive": (named("inner.zip"), "NESTED_ARCHIVE"),
    "archive in disguise": (pack(("a.png", PLAIN)), "NESTED_ARCHIVE"),
    "macros": (named("letter.docm"), "NESTED_ARCHIVE"),
    "overlap": (overlap(), "OVERLAPPING_ENTRIES"),
    "two names": (renamed_inside(b"aXb.md", b"aYb.md"), "ARCHIVE_BROKEN"),
    "program in front": (b"MZ" + PLAIN, "ARCHIVE_DISHONEST"),
    "page behind": (PLAIN + b"<script>", "ARCHIVE_DISHONEST"),
    "many disks": (end_record(PLAIN, disk=2), "ARCHIVE_DISHONEST"),
    "directory elsewhere": (end_record(PLAIN, offset=3), "ARCHIVE_DISHONEST"),
    "directory larger": (end_record(PLAIN, size=99_999), "ARCHIVE_DISHONEST"),
    "cut off": (PLAIN[:-30], "NOT_A_ZIP"),
    "empty": (b"", "NOT_A_ZIP"),
    "not an archive": (b"# Hello\n", "NOT_A_ZIP"),
    "gzip": (b"\x1f\x8b\x08" + b"\0" * 60, "NOT_A_ZIP"),
    "damaged content": (
        pack(("a.md", os.urandom(99)), method=0).replace(b"a.md", b"a.md", 1)[:40]
        + b"\0" * 20
        + pack(("a.md", os.urandom(99)), method=0)[60:],
        "ARCHIVE_BROKEN",
    ),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_D2_an_unsafe_archive_is_refused_by_name(name: str) -> None:
    raw, code = ATTACKS[name]
    with pytest.raises(ArchiveRefused) as refused:
        read_zip(raw, SMALL)
    assert code in {issue.code for issue in refused.value.issues}
    for issue in refused.value.issues:
        assert issue.file
        assert issue.file.isprintable(), "a name never acts on a page or a terminal"
        assert issue.message.endswith(".")


def test_D2_every_entry_at_fault_is_named_at_once() -> None:
    with pytest.raises(ArchiveRefused) as refused:
        read_zip(named("../a.md", "/b.md", "good.md", "con"))
    assert [(issue.file, issue.code) for issue in refused.value.issues] == [
        ("../a.md", "PATH_OUTSIDE"),
        ("/b.md", "ABSOLUTE_PATH"),
        ("con", "RESERVED_NAME"),
    ]
    advised = [issue.file for issue in refused.value.issues if "Make the ZIP anew" in issue.message]
    assert advised == ["../a.md", "/b.md"], "what leaves the folder is mended by packing from inside it"


def test_D1_a_bomb_is_refused_without_expanding_it() -> None:
    bomb = pack(*((f"{n}.md", b"\0" * 20_000_000) for n in range(10)))
    assert len(bomb) < 300_000
    tracemalloc.start()
    with pytest.raises(ArchiveRefused):
        read_zip(bomb)
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_D1_a_long_directory_is_refused_before_it_is_read() -> None:
    raw = named(*(f"{n}.md" for n in range(2_500)))
    with pytest.raises(ArchiveRefused) as refused:
        read_zip(raw)
    assert [issue.code for issue in refused.value.issues] == ["TOO_MANY_ENTRIES"]


@pytest.mark.skipif(
    not HOSTILE.exists() and not os.environ.get("CI"), reason="the hostile samples are not on this machine"
)
def test_D2_hostile_samples_are_refused_or_harmless() -> None:
    results = {}
    for path in sorted(HOSTILE.glob("*.zip")):
        try:
            results[path.stem] = sorted(read_zip(path.read_bytes()))
        except ArchiveRefused as refused:
            results[path.stem] = refused.issues[0].code
    assert results["ZipSlip"] == "PATH_OUTSIDE"
    assert results["WebDeveloperTest1-incomplete"] == "NOT_A_ZIP"
    assert results["BadManifest"] == ["imsmanifest.xml"]


paths = st.lists(st.from_regex(r"[b-d]{1,5}(/[b-d]{1,4}){0,2}", fullmatch=True), max_size=6, unique=True)


@settings(max_examples=60, deadline=None)
@given(paths, st.binary(max_size=40).map(lambda content: b"text " + content))
def test_what_is_packed_is_unpacked_and_always_gives_the_same_bytes(names: list[str], content: bytes) -> None:
    files = {f"{name}.md": content for name in names} | {"course.yaml": b"format: x\n"}
    raw = write_zip(files)
    assert raw == write_zip(dict(reversed(files.items())))
    assert read_zip(raw) == files


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_damaged_archive_raises_anything_else(data: st.DataObject) -> None:
    raw = bytearray(pack(("a/b.md", b"text" * 20), ("a/c.md", b"x")))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        files = read_zip(bytes(raw), SMALL)
    except ArchiveRefused as refused:
        assert refused.issues
    else:
        assert all(isinstance(content, bytes) for content in files.values())


def test_unsafe_names_are_never_packed() -> None:
    for name in ("../a", "/a", "a\\b", "con", ""):
        with pytest.raises(ArchiveRefused):
            write_zip({name: b""})
