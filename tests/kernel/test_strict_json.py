"""One door for JSON: what two readers could read differently does not come in (rule D9, row E6)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.kernel import strict_json
from lms.kernel.errors import Malformed

REFUSED: dict[str, bytes] = {
    "nothing": b"",
    "white space": b"  \n",
    "not JSON": b"{'a': 1}",
    "a trailing comma": b"[1,]",
    "two values": b"{} {}",
    "half an object": b'{"a": ',
    "a comment": b"{} // x",
    "a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"a":1}'.encode("utf-16"),
    "bad UTF-8": b'{"a": "\xff"}',
    "cut UTF-8": b'"\xe2\x82"',
    "an encoded surrogate": b'"\xed\xa0\x80"',
    "a raw NUL": b'"a\x00b"',
    "a NUL": b'{"a": "x\\u0000"}',
    "a NUL in a key": b'{"x\\u0000": 1}',
    "half a character": b'["\\ud800"]',
    "the other half": b'["\\udc00x"]',
    "halves in wrong order": b'["\\ude00\\ud83d"]',
    "half a character in a key": b'{"\\ud800": 1}',
    "a raw control character": b'"a\x01"',
    "a key twice": b'{"a": 1, "a": 1}',
    "a key twice, once escaped": b'{"a": 1, "\\u0061": 2}',
    "a key twice, deep": b'[{"x": {"a": 1, "b": 2, "a": 3}}]',
    "NaN": b'{"a": NaN}',
    "Infinity": b"[Infinity]",
    "minus Infinity": b"[-Infinity]",
    "a number beyond doubles": b"[1e999]",
    "a negative one": b"[-1e999]",
    "an integer beyond 2^53": b"9007199254740993",
    "a negative one beyond": b"-9007199254740993",
    "an integer beyond 2^63": b"9223372036854775808",
    "5,000 digits": b"1" * 5000,
    "a leading zero": b"01",
    "a plus sign": b"+1",
    "hexadecimal": b"0x10",
    "65 levels": b"[" * 65 + b"]" * 65,
    "65 levels of objects": b'{"a":' * 65 + b"1" + b"}" * 65,
    "100,000 levels": b"[" * 100_000 + b"]" * 100_000,
    "100,000 open": b"[" * 100_000,
}


@pytest.mark.parametrize("name", REFUSED)
def test_D9_what_is_not_strict_json_is_refused_with_words(name: str) -> None:
    with pytest.raises(Malformed) as refusal:
        strict_json.read(REFUSED[name])
    assert refusal.value.status == 400
    assert refusal.value.detail.encode("utf-8")
    assert len(refusal.value.detail) < 400


def test_D9_a_very_long_key_does_not_fill_the_answer() -> None:
    key = "k" * 100_000
    for body in (f'{{"{key}": 1, "{key}": 2}}', f'{{"{key}": ["\\u0000"]}}'):
        with pytest.raises(Malformed) as refusal:
            strict_json.read(body)
        assert len(refusal.value.detail) < 400


ACCEPTED: dict[str, tuple[bytes, Any]] = {
    "64 levels": (b"[" * 64 + b"]" * 64, None),
    "2^53": (b"9007199254740992", 2**53),
    "minus 2^53": (b"-9007199254740992", -(2**53)),
    "a pair of surrogates": (b'"\\ud83d\\ude00"', "\U0001f600"),
    "every plane": ('"é漢\U0001f600\u202e"'.encode(), "é漢\U0001f600\u202e"),
    "a tiny number": (b"1e-400", 0.0),
    "a long fraction": (b"0." + b"1" * 500, 1 / 9),
    "a key with any letters": ('{"ключ/~": null}'.encode(), {"ключ/~": None}),
    "white space around": (b" \r\n\t[ ] ", []),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_D9_what_is_strict_json_is_read(name: str) -> None:
    body, value = ACCEPTED[name]
    found = strict_json.read(body)
    assert value is None or found == value


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("aé/~", max_size=4), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=100, deadline=None)
@given(json_values)
def test_D9_whatever_is_written_is_read_back(value: Any) -> None:
    assert strict_json.read(strict_json.write(value)) == value
    assert strict_json.read(json.dumps(value)) == value


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60) | st.text('{}[]",:\\u0d8e1-+.tfnN ', max_size=40).map(str.encode))
def test_D9_no_body_breaks_the_reader(body: bytes) -> None:
    try:
        strict_json.read(body)
    except Malformed as refusal:
        assert refusal.detail


def test_not_a_number_is_never_written() -> None:
    with pytest.raises(ValueError):
        strict_json.write({"a": float("nan")})
