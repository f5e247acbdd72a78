"""The one door for JSON from outside (rule D9): what it lets in means the same to every reader.

A quick reader takes what is beyond doubt; wherever a doubt is left, the slow one reads again and has the say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, NamedTuple

import msgspec
import orjson

from lms.kernel.errors import Malformed

DEPTH_LIMIT = 64
SAFE_INTEGER = 2**53  # beyond it, readers that use doubles disagree about the number
_BLANKS = " \t\r\n"
_LONE = re.compile("[\ud800-\udfff\x00]")


class Piece(NamedTuple):
    """A value and its very text as it was sent."""

    value: Any
    text: str


class Pieces(NamedTuple):
    """What stood in a body: the elements of an array, or the one value that it was."""

    each: list[Piece]
    many: bool


# what somebody understands of a text without us, who may not even be written in UTF-8; None where that is nothing
Known = Callable[[bytes], Any]


def nothing_known(text: bytes) -> None:
    """Of whoever leaves all reading to us."""


def read(body: bytes | str) -> Any:
    """Parse JSON strictly; raises Malformed that names what was wrong and where to look.

    Refused: bad UTF-8, a byte order mark, duplicate keys, NaN and infinities, NUL, lone surrogates,
    integers beyond 2^53, more than 64 levels.
    """
    value = _quick(body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass"), DEPTH_LIMIT)
    return _slow(body) if value is _DOUBT else value


def pieces(body: bytes, *, most: int | None = None, known: Known = nothing_known) -> Pieces:
    """Parse as strictly, and give each element of an array, or the only value, together with its text.

    Who takes only so many may say so: of a longer array one more is read, and no further. Who understands some texts
    by himself, as strictly, says by `known` what stands in place of their values.
    """
    trimmed = body.strip(_BLANKS.encode())
    if trimmed.startswith(b"["):
        end = None if most is None else most + 1
        each = _split(body, end, known)
        return Pieces(list(islice(_slow_split(body), end)) if each is None else each, True)
    value = known(trimmed)
    if value is None:
        value = read(body)
    return Pieces([Piece(value, trimmed.decode())], False)


def sure(text: bytes, levels: int) -> Any:
    """The value of a text that is beyond doubt and not nested deeper; raises Doubtful for any other."""
    value = _quick(text, levels)
    if value is _DOUBT:
        raise Doubtful
    return value


def is_as_said(text: bytes, understood: bytes) -> bool:
    """Whether a text that was understood, and written again, had said no more than that.

    Only numbers that all readers read alike may have been understood.
    """
    if b"\\" in text and not _is_escaped_plainly(text):
        return False
    return text == understood or _says_as_often(text, understood)


class Doubtful(ValueError):
    """A text that only the slow reader may judge."""


def write(value: Any) -> str:
    """Write JSON compactly, keeping every character as it is."""
    try:
        text = orjson.dumps(value).decode()
    except orjson.JSONEncodeError:
        return _write_slowly(value)
    # what is not a number would have become null without a word
    return _write_slowly(value) if "null" in text else text


def _write_slowly(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


# --- the quick reader

_DOUBT = object()
_DIGITS_ALIKE = bytes.maketrans(b"123456789", b"000000000")
_LONG_NUMBER = b"0" * len(str(SAFE_INTEGER))
_NESTING = (dict, list)
_elements = msgspec.json.Decoder(list[msgspec.Raw])


def _quick(raw: bytes, levels: int) -> Any:
    """The value, or `_DOUBT` where this reader alone cannot vouch for it.

    What is the same when it is written again says nothing twice, and all its numbers are as they stand there.
    """
    try:
        value = orjson.loads(raw)
        written = orjson.dumps(value, option=orjson.OPT_STRICT_INTEGER)
    except (ValueError, TypeError):
        return _DOUBT
    if b"\\" in raw and not _is_escaped_plainly(raw):
        return _DOUBT
    if raw.count(b"{") + raw.count(b"[") > levels and not _within(value, levels):
        return _DOUBT
    if written != raw and not _says_as_much(raw, written, value):
        return _DOUBT
    return value


def _says_as_much(raw: bytes, written: bytes, value: Any) -> bool:
    """Whether something that was written in another way says no more than what was understood.

    Colons are counted in what came and in what was written: they stand in texts, which are kept, and one after each
    key, so that fewer of them means a key that stood twice. An escaped colon would spoil the count.
    """
    if not _says_as_often(raw, written):
        return False
    return _LONG_NUMBER not in raw.translate(_DIGITS_ALIKE) or _exact(value)


def _is_escaped_plainly(raw: bytes) -> bool:
    """Whether no escape stands for NUL or a colon."""
    return b"\\u0000" not in raw and b"\\u003a" not in raw and b"\\u003A" not in raw


def _says_as_often(raw: bytes, written: bytes) -> bool:
    return raw.count(b":") == written.count(b":")


def _split(body: bytes, end: int | None, known: Known) -> list[Piece] | None:
    """The elements of an array up to an end; None where a doubt is left about any."""
    try:
        raws = _elements.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return None
    found = []
    for raw in raws[:end]:
        text = bytes(raw)
        value = known(text)
        if value is None:
            value = _quick(text, DEPTH_LIMIT - 1)
            if value is _DOUBT:
                return None
        found.append(Piece(value, text.decode()))
    return found


def _within(value: Any, levels: int) -> bool:
    """Whether nothing is nested deeper."""
    level = [value] if isinstance(value, _NESTING) else []
    for _ in range(levels):
        level = [inner for outer in level for inner in _inside(outer) if isinstance(inner, _NESTING)]
        if not level:
            return True
    return False


def _inside(outer: dict[str, Any] | list[Any]) -> Any:
    return outer.values() if isinstance(outer, dict) else outer


def _exact(value: Any) -> bool:
    """Whether every number is one that all readers read alike."""
    if isinstance(value, _NESTING):
        return all(map(_exact, _inside(value)))
    return not isinstance(value, int | float) or abs(value) < SAFE_INTEGER


# --- the slow reader


class _Flaw:
    """What stands in the parsed value where something has to be refused, until its place is known."""

    def __init__(self, what: str, why: str) -> None:
        self.what = what
        self.why = why

    def refusal(self, pointer: str) -> Malformed:
        place = pointer[:200] or "/"
        return Malformed(f"{self.what} at {place} {self.why}", errors={place: f"{self.what} {self.why}"})


def _slow(body: bytes | str) -> Any:
    try:
        text = body.decode("utf-8") if isinstance(body, bytes) else body
    except UnicodeDecodeError as error:
        raise Malformed(f"The body is not UTF-8: byte {error.start} cannot be read.") from None
    try:
        value = _decoder.decode(text)
    except RecursionError:
        raise _too_deep() from None
    except json.JSONDecodeError as error:
        raise Malformed(f"The body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}.") from None
    _check(value, "", 0)
    return value


def _slow_split(body: bytes) -> Iterator[Piece]:
    _slow(body)
    text = body.decode()
    place = _after(text, text.index("[") + 1)
    while text[place] != "]":
        value, end = _decoder.raw_decode(text, place)
        yield Piece(value, text[place:end])
        place = _after(text, end, _BLANKS + ",")


def _after(text: str, place: int, passed: str = _BLANKS) -> int:
    while text[place] in passed:
        place += 1
    return place


def _too_deep() -> Malformed:
    return Malformed(f"The JSON is nested deeper than {DEPTH_LIMIT} levels: send it flatter.")


def _object(pairs: list[tuple[str, Any]]) -> Any:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            return _Flaw(f"The key {key[:80]!r}", "stands twice in one object: keep one of them.")
        found[key] = value
    return found


def _whole(text: str) -> Any:
    if len(text) > 17 or abs(int(text)) > SAFE_INTEGER:
        return _Flaw(f"The number {text[:20]}", "is larger than 2^53: send it as text.")
    return int(text)


def _decimal(text: str) -> Any:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        return _Flaw(f"The number {text[:20]}", "is too large: send it as text.")
    return number


def _constant(text: str) -> Any:
    return _Flaw(text, "is not a JSON number: send a number or leave it out.")


_decoder = json.JSONDecoder(object_pairs_hook=_object, parse_int=_whole, parse_float=_decimal, parse_constant=_constant)


def _check(value: Any, pointer: str, depth: int) -> None:
    if isinstance(value, str):
        _check_text(value, pointer)
    elif isinstance(value, _Flaw):
        raise value.refusal(pointer)
    elif isinstance(value, dict | list):
        if depth >= DEPTH_LIMIT:
            raise _too_deep()
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in items:
            if isinstance(key, str):
                _check_text(key, pointer)
                key = key[:120].replace("~", "~0").replace("/", "~1")
            _check(inner, f"{pointer}/{key}", depth + 1)


def _check_text(text: str, pointer: str) -> None:
    if _LONE.search(text):
        raise _Flaw("The text", "holds a NUL or half a character: leave it out.").refusal(pointer)
