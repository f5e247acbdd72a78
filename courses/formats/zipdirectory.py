"""The directory of a ZIP, looked at before anything trusts it."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterable

_END_MARK = b"PK\x05\x06"
_END = struct.Struct("<4s4H2LH")
_ENTRY_MARK = b"PK\x01\x02"
_ENTRY_SIZE = 46
_LOCAL_MARK = b"PK\x03\x04"
_LOCAL_SIZE = 30
_FURTHEST_END = 65_535 + _END.size
_ZIP64_COUNT = 0xFFFF
_ZIP64_SIZE = 0xFFFFFFFF


class DirectoryRefused(Exception):
    """The directory of the archive is missing, lies, or is too long."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def count_entries(raw: bytes, highest: int) -> int:
    """Count the entries that really stand in the directory, up to one more than the highest number allowed."""
    at = raw.rfind(_END_MARK, max(0, len(raw) - _FURTHEST_END))
    if at < 0 or at + _END.size > len(raw):
        raise DirectoryRefused(
            "NOT_A_ZIP", "The file is not a ZIP archive, or its end is missing; pack the course folder again."
        )
    _, disk, first_disk, _, claimed, size, offset, comment = _END.unpack_from(raw, at)
    if claimed == _ZIP64_COUNT or _ZIP64_SIZE in (size, offset):
        raise DirectoryRefused("TOO_MANY_ENTRIES", f"The archive claims more than {highest} entries.")
    start = at - size
    honest = start == offset and at + _END.size + comment == len(raw) and (disk, first_disk) == (0, 0)
    if not honest or not raw.startswith((_LOCAL_MARK, _END_MARK)):
        message = "The archive has something before, behind or between its parts; pack it again."
        raise DirectoryRefused("ARCHIVE_DISHONEST", message)
    count = _walk(raw, start, at, highest)
    if count <= highest and count != claimed:
        raise DirectoryRefused("ARCHIVE_DISHONEST", "The archive claims another number of entries than it has.")
    return count


def _walk(raw: bytes, at: int, end: int, highest: int) -> int:
    count = 0
    while at < end and count <= highest:
        if raw[at : at + 4] != _ENTRY_MARK or at + _ENTRY_SIZE > end:
            raise DirectoryRefused("ARCHIVE_BROKEN", "The directory of the archive is damaged; pack it again.")
        name, extra, comment = struct.unpack_from("<3H", raw, at + 28)
        at += _ENTRY_SIZE + name + extra + comment
        count += 1
    return count


def overlapping(raw: bytes, infos: Iterable[zipfile.ZipInfo]) -> str | None:
    """Find an entry whose bytes reach into the next one, as in archives made to explode."""
    reach = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        at = info.header_offset
        if at < reach or raw[at : at + 4] != _LOCAL_MARK or at + _LOCAL_SIZE > len(raw):
            return info.orig_filename
        name, extra = struct.unpack_from("<2H", raw, at + 26)
        reach = at + _LOCAL_SIZE + name + extra + info.compress_size
    return None
