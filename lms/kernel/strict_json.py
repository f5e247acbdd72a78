"""The one door for JSON from outside (rule D9): what it lets in means the same to every reader."""

from __future__ import annotations

import json
import re
from typing import Any

from lms.kernel.errors import Malformed

DEPTH_LIMIT = 64
SAFE_INTEGER = 2**53  # beyond it, readers that use doubles disagree about the number
_LONE = re.compile("[\ud800-\udfff\x00]")


def read(body: bytes | str) -> Any:
    """Parse JSON strictly; raises Malformed that names what was wrong and where to look.

    Refused: bad UTF-8, a byte order mark, duplicate keys, NaN and infinities, NUL, lone surrogates,
    integers beyond 2^53, more than 64 levels.
    """
    try:
        text = body.decode("utf-8") if isinstance(body, bytes) else body
    except UnicodeDecodeError as error:
        raise Malformed(f"The body is not UTF-8: byte {error.start} cannot be read.") from None
    try:
        value = _decoder.decode(text)
    except RecursionError:
        raise Malformed(f"The JSON is nested deeper than {DEPTH_LIMIT} levels.") from None
    except json.JSONDecodeError as error:
        raise Malformed(f"The body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}.") from None
    _check(value, "", 0)
    return value


def write(value: Any) -> str:
    """Write JSON compactly, keeping every character as it is."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise Malformed(f"The key {key[:80]!r} stands twice in one object.")
        found[key] = value
    return found


def _whole(text: str) -> int:
    if len(text) > 17 or abs(int(text)) > SAFE_INTEGER:
        raise Malformed(f"The number {text[:20]} is larger than 2^53: send it as text.")
    return int(text)


def _decimal(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise Malformed(f"The number {text[:20]} is too large.")
    return number


def _constant(text: str) -> Any:
    raise Malformed(f"{text} is not a JSON number.")


_decoder = json.JSONDecoder(object_pairs_hook=_object, parse_int=_whole, parse_float=_decimal, parse_constant=_constant)


def _check(value: Any, pointer: str, depth: int) -> None:
    if isinstance(value, str):
        _check_text(value, pointer)
    elif isinstance(value, dict | list):
        if depth >= DEPTH_LIMIT:
            raise Malformed(f"The JSON is nested deeper than {DEPTH_LIMIT} levels.")
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in items:
            if isinstance(key, str):
                _check_text(key, pointer)
            _check(inner, f"{pointer}/{key}", depth + 1)


def _check_text(text: str, pointer: str) -> None:
    if _LONE.search(text):
        raise Malformed(f"The text at {pointer[:200] or '/'} holds a NUL or half a character.")
