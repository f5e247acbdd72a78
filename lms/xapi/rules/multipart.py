"""Statements with the contents of their attachments: multipart/mixed, read and written (xAPI Communication 1.5.2)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from werkzeug.datastructures import Headers
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder

from lms.kernel.errors import Malformed

HASH_HEADER = "X-Experience-API-Hash"
ENCODING_HEADER = "Content-Transfer-Encoding"
UNKNOWN_TYPE = "application/octet-stream"
MOST_PARTS = 1000
LONGEST_BOUNDARY = 70  # RFC 2046
# a SHA-2 hash of so many hexadecimal digits
_HASHES = {56: hashlib.sha224, 64: hashlib.sha256, 96: hashlib.sha384, 128: hashlib.sha512}


@dataclass(frozen=True, slots=True)
class Part:
    """The content of an attachment under its SHA-2 hash in small letters."""

    sha2: str
    content_type: str
    content: bytes


NO_PARTS: Mapping[str, Part] = {}


@dataclass(frozen=True, slots=True)
class Sent:
    """What a body of several parts held: the statements as JSON, and contents by their hash."""

    statements: bytes
    parts: Mapping[str, Part]


class _MixedDecoder(MultipartDecoder):
    """The decoder of forms for parts that need no name: in multipart/mixed no part has a disposition."""

    def _parse_headers(self, data: bytes | bytearray) -> Headers:
        headers = super()._parse_headers(data)
        headers.setdefault("Content-Disposition", 'form-data; name="part"')
        return headers


def read(body: bytes, boundary: str | None) -> Sent:
    """The statements and contents in a body; raises Malformed that says which part is wrong and how."""
    if not boundary or len(boundary) > LONGEST_BOUNDARY or not boundary.isascii():
        raise Malformed("multipart/mixed needs a boundary of 1 to 70 characters in its Content-Type.")
    found = _split(body, boundary.encode())
    if not found:
        raise Malformed("The body has no part: the first one must hold the statements as application/json.")
    headers, statements = found[0]
    if parse_options_header(headers.get("Content-Type"))[0].lower() != "application/json":
        raise Malformed("Part 1 must hold the statements: its Content-Type must be application/json.")
    parts = [_part(number, headers, content) for number, (headers, content) in enumerate(found[1:], 2)]
    return Sent(statements, {part.sha2: part for part in parts})


def write(statements: str, parts: Iterable[Part]) -> tuple[bytes, str]:
    """A body that gives statements with their contents, and its Content-Type."""
    boundary = secrets.token_hex(24)
    lines = [f"--{boundary}\r\nContent-Type: application/json\r\n\r\n".encode(), statements.encode()]
    for part in parts:
        head = (
            f"\r\n--{boundary}\r\nContent-Type: {part.content_type}\r\n"
            f"{ENCODING_HEADER}: binary\r\n{HASH_HEADER}: {part.sha2}\r\n\r\n"
        )
        lines += [head.encode(), part.content]
    lines.append(f"\r\n--{boundary}--\r\n".encode())
    return b"".join(lines), f"multipart/mixed; boundary={boundary}"


def _split(body: bytes, boundary: bytes) -> list[tuple[Headers, bytes]]:
    decoder = _MixedDecoder(boundary, max_parts=MOST_PARTS)
    decoder.receive_data(body)
    decoder.receive_data(None)
    found: list[tuple[Headers, bytearray]] = []
    try:
        while not isinstance(event := decoder.next_event(), Epilogue):
            if isinstance(event, Field | File):
                found.append((event.headers, bytearray()))
            elif isinstance(event, Data):
                found[-1][1].extend(event.data)
    except RequestEntityTooLarge:
        raise Malformed(f"The body has more than {MOST_PARTS} parts: send fewer statements at a time.") from None
    except ValueError:
        raise Malformed(
            "The body is not multipart/mixed as RFC 2046 has it: each part begins with the boundary of the header, "
            "its headers end with an empty line, and the boundary with -- after it ends the body."
        ) from None
    return [(headers, bytes(content)) for headers, content in found]


def _part(number: int, headers: Headers, content: bytes) -> Part:
    given = headers.get(HASH_HEADER, "").strip().lower()
    if not given:
        raise Malformed(f"Part {number} has no {HASH_HEADER}: say which attachment's content it is.")
    if headers.get(ENCODING_HEADER, "").strip().lower() != "binary":
        raise Malformed(f"Part {number} needs {ENCODING_HEADER}: binary.")
    kind = _HASHES.get(len(given))
    if kind is None or kind(content).hexdigest() != given:
        raise Malformed(f"Part {number}: {HASH_HEADER} is not the SHA-2 hash of the content that came with it.")
    return Part(given, headers.get("Content-Type", UNKNOWN_TYPE), content)
