"""Course files out of a folder or a ZIP: refused by name when anything about them is unsafe, never cleaned up."""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from courses.formats.issues import Issue
from courses.formats.paths import collision_key, path_fault
from courses.formats.zipdirectory import DirectoryRefused, count_entries, overlapping

MEGABYTE = 1_000_000
_CHUNK = 65_536
_NOISE = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
_ARCHIVE_ENDINGS = ("zip", "jar", "7z", "rar", "tar", "gz", "tgz", "bz2", "xz", "zst", "cab", "iso", "docm", "xlsm")
_ARCHIVE_MARKS = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b\x08", b"7z\xbc\xaf", b"Rar!\x1a\x07", b"\xfd7zXZ\x00")
_COPY = re.compile(r"(?:\s?\(\d{1,2}\))+$")
_LEAVING = ("PATH_OUTSIDE", "ABSOLUTE_PATH", "DRIVE_PATH")
_EARLIEST = (1980, 1, 1, 0, 0, 0)
_DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, OverflowError, NotImplementedError)


@dataclass(frozen=True)
class Limits:
    """How much a course may bring along; sizes in bytes, `ratio` is expanded to packed size."""

    entries: int = 2_000
    packed: int = 50 * MEGABYTE
    expanded: int = 50 * MEGABYTE
    ratio: int = 100
    ratio_from: int = MEGABYTE


LIMITS = Limits()


class ArchiveRefused(Exception):
    """The folder or archive may not be read; `issues` name every entry that is at fault."""

    def __init__(self, issues: Iterable[Issue]) -> None:
        self.issues = tuple(issues)
        super().__init__("; ".join(f"{issue.place}: {issue.message}" for issue in self.issues[:5]))


def _refuse(file: str, code: str, message: str) -> ArchiveRefused:
    return ArchiveRefused([Issue(_shown(file), 0, code, message)])


def _shown(name: str) -> str:
    """Show a name so that no character of it acts on a page or a terminal."""
    safe = (char if char.isprintable() else char.encode("unicode_escape").decode() for char in name[:160])
    return "".join(safe)


def check_names(names: Iterable[str]) -> list[Issue]:
    """Refuse names that are unsafe, stand twice, or would be one file on some machine."""
    issues: list[Issue] = []
    seen: dict[str, str] = {}
    for name in names:
        path = name.removesuffix("/")
        if fault := path_fault(path):
            issues.append(Issue(_shown(name), 0, fault[0], _told(*fault)))
        elif (key := collision_key(path)) not in seen:
            seen[key] = name
        elif seen[key] == name:
            if not name.endswith("/"):
                issues.append(Issue(_shown(name), 0, "DUPLICATE_NAME", "Two entries have this name; keep one."))
        else:
            message = f"The name would be the same file as {_shown(seen[key])} on some machines; rename one."
            issues.append(Issue(_shown(name), 0, "NAME_COLLISION", message))
    return issues + _folder_faults(seen)


def _told(code: str, fault: str) -> str:
    """Say what is wrong with a name, and what to do about one that leads out of the course."""
    advice = " Make the ZIP anew from inside the course folder." if code in _LEAVING else ""
    return f"The entry {fault}.{advice}"


def _folder_faults(seen: Mapping[str, str]) -> list[Issue]:
    """Refuse folders that are also files, and folders spelt in two ways."""
    files = {key for key, name in seen.items() if not name.endswith("/")}
    spelt: dict[str, str] = {}
    issues = []
    for name in seen.values():
        parts = name.removesuffix("/").split("/")
        for end in range(1, len(parts)):
            folder = "/".join(parts[:end])
            if collision_key(folder) in files:
                issues.append(Issue(_shown(name), 0, "FILE_AS_FOLDER", "A part of this path is a file, not a folder."))
            elif spelt.setdefault(collision_key(folder), folder) != folder:
                issues.append(Issue(_shown(name), 0, "NAME_COLLISION", "Another entry spells this folder differently."))
    return issues


def read_zip(raw: bytes, limits: Limits = LIMITS) -> dict[str, bytes]:
    """Read a ZIP into files by path; a single top folder is taken off."""
    return without_top_folder(_unpacked(raw, limits))


def read_named_zip(raw: bytes, file_name: str, limits: Limits = LIMITS) -> tuple[str, dict[str, bytes]]:
    """Read a ZIP as `read_zip` does, with the name of what is in it: its single top folder's, or else its own."""
    files = _unpacked(raw, limits)
    return top_folder(files) or name_of_zip(file_name), without_top_folder(files)


def name_of_zip(file_name: str) -> str:
    """Give a ZIP's name without its ending, and without the number that a browser gives a second copy."""
    name = file_name.replace("\\", "/").rpartition("/")[2]
    name = name[:-4] if name.lower().endswith(".zip") else name
    return _COPY.sub("", name) or name or "course"


def _unpacked(raw: bytes, limits: Limits) -> dict[str, bytes]:
    if len(raw) > limits.packed:
        raise _refuse("archive", "ARCHIVE_TOO_LARGE", f"The archive is larger than {limits.packed // MEGABYTE} MB.")
    try:
        if count_entries(raw, limits.entries) > limits.entries:
            raise _refuse("archive", "TOO_MANY_ENTRIES", f"The archive has more than {limits.entries} entries.")
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            infos = archive.infolist()
            _refuse_entries(raw, infos, limits)
            return _expand(archive, infos, limits)
    except DirectoryRefused as fault:
        raise _refuse("archive", fault.code, fault.message) from fault
    except _DAMAGE as fault:
        raise _refuse("archive", "ARCHIVE_BROKEN", "The archive is damaged; pack it again.") from fault


def _refuse_entries(raw: bytes, infos: list[zipfile.ZipInfo], limits: Limits) -> None:
    issues = check_names(info.orig_filename for info in infos)
    for info in infos:
        if fault := _entry_fault(info, limits):
            issues.append(Issue(_shown(info.orig_filename), 0, *fault))
    if not issues and (name := overlapping(raw, infos)) is not None:
        issues.append(Issue(_shown(name), 0, "OVERLAPPING_ENTRIES", "The entry shares its bytes with another one."))
    if sum(info.file_size for info in infos) > limits.expanded:
        message = f"The archive expands to more than {limits.expanded // MEGABYTE} MB."
        issues.append(Issue("archive", 0, "EXPANDS_TOO_LARGE", message))
    if issues:
        raise ArchiveRefused(issues)


def _entry_fault(info: zipfile.ZipInfo, limits: Limits) -> tuple[str, str] | None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return "SYMLINK", "The entry is a symbolic link; pack the file itself."
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR) or (kind == stat.S_IFDIR) > info.orig_filename.endswith("/"):
        return "SPECIAL_FILE", "The entry is a device or another special file."
    if info.flag_bits & 0x2041:
        return "ENCRYPTED", "The entry is encrypted; pack the course without a password."
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "PACKING_UNKNOWN", "The entry is packed in an unusual way; pack it as an ordinary ZIP."
    if info.file_size > limits.ratio_from and info.file_size > limits.ratio * max(info.compress_size, 1):
        return "RATIO_TOO_HIGH", f"The entry expands to more than {limits.ratio} times its size."
    if info.orig_filename.endswith("/") and info.file_size:
        return "BAD_NAME", "The entry is a folder but has content."
    if info.orig_filename.lower().rpartition(".")[2] in _ARCHIVE_ENDINGS:
        return "NESTED_ARCHIVE", "The entry is itself an archive or holds macros; unpack it first."
    return None


def _expand(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo], limits: Limits) -> dict[str, bytes]:
    """Read all entries, counting real bytes, whatever the directory claims."""
    files: dict[str, bytes] = {}
    total = 0
    for info in infos:
        if info.orig_filename.endswith("/"):
            continue
        content = _content(archive, info, limits.expanded - total)
        total += len(content)
        if content.startswith(_ARCHIVE_MARKS):
            raise _refuse(info.orig_filename, "NESTED_ARCHIVE", "The entry is itself an archive; unpack it first.")
        files[info.orig_filename] = content
    return files


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, room: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    with archive.open(info) as entry:
        while chunk := entry.read(_CHUNK):
            size += len(chunk)
            if size > room or size > info.file_size:
                raise _refuse(info.orig_filename, "EXPANDS_TOO_LARGE", "The entry expands to more than it may.")
            chunks.append(chunk)
    return b"".join(chunks)


def without_top_folder(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Leave out what operating systems add, and take off a folder that holds everything."""
    kept = {path: content for path, content in files.items() if not _is_noise(path)}
    return {path.partition("/")[2]: content for path, content in kept.items()} if top_folder(kept) else kept


def top_folder(paths: Iterable[str]) -> str:
    """Give the name of the one folder that holds everything; empty where there is none."""
    tops = {path.partition("/")[0] if "/" in path else "" for path in paths if not _is_noise(path)}
    return "" if len(tops) != 1 or tops <= {"", "modules"} else tops.pop()


def _is_noise(path: str) -> bool:
    return path.startswith(_NOISE[0]) or path.rpartition("/")[2] in _NOISE[1:]


def read_folder(folder: Path, limits: Limits = LIMITS) -> dict[str, bytes]:
    """Read a folder into files by path; hidden files are passed over, links and special files refused."""
    if not folder.is_dir():
        raise _refuse(str(folder), "NOT_A_FOLDER", "There is no such folder.")
    found = _walk(folder, limits)
    issues = check_names(found)
    if issues:
        raise ArchiveRefused(issues)
    files: dict[str, bytes] = {}
    room = limits.expanded
    for name in sorted(found):
        if found[name].stat().st_size > room:
            raise _refuse(name, "EXPANDS_TOO_LARGE", f"The folder holds more than {limits.expanded // MEGABYTE} MB.")
        files[name] = found[name].read_bytes()
        room -= len(files[name])
    return files


def _walk(folder: Path, limits: Limits) -> dict[str, Path]:
    found: dict[str, Path] = {}
    waiting = [(folder, "")]
    while waiting:
        here, above = waiting.pop()
        for entry in sorted(here.iterdir()):
            name = above + entry.name
            if entry.name.startswith(".") or _is_noise(name):
                continue
            _refuse_special(name, entry)
            if entry.is_file():
                found[name] = entry
            elif path_fault(name):
                found[name + "/"] = entry
            else:
                waiting.append((entry, name + "/"))
            if len(found) > limits.entries:
                raise _refuse(name, "TOO_MANY_ENTRIES", f"The folder has more than {limits.entries} files.")
    return found


def _refuse_special(name: str, entry: Path) -> None:
    if entry.is_symlink():
        raise _refuse(name, "SYMLINK", "This is a symbolic link; put the file itself here.")
    if not entry.is_file() and not entry.is_dir():
        raise _refuse(name, "SPECIAL_FILE", "This is a device or another special file.")


def write_zip(files: Mapping[str, bytes]) -> bytes:
    """Write files as a ZIP; the same files always give the same bytes."""
    issues = check_names(files)
    if issues:
        raise ArchiveRefused(issues)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, _EARLIEST)
            info.create_system = 3
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(info, files[name])
    return packed.getvalue()
