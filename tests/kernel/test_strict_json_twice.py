"""Two readers stand behind the door for JSON: the quick one never lets in what the slow one refuses (rule D9)."""

from __future__ import annotations

import json
import math
import os
from typing import Any

import orjson
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lms.kernel import strict_json
from lms.kernel.errors import Malformed
from tests.kernel.test_strict_json import ACCEPTED, REFUSED, json_values

MANY = settings(max_examples=5000 if os.environ.get("CADRE_EVIDENCE") else 200, deadline=None)
REFUSAL = object()


def slowly(body: bytes | str) -> Any:
    try:
        return strict_json._slow(body)
    except Malformed:
        return REFUSAL


def quickly(body: bytes | str) -> Any:
    try:
        return strict_json.read(body)
    except Malformed:
        return REFUSAL


def alike(one: Any, other: Any) -> bool:
    """Equal and of the same types, key by key in the same order."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return list(one) == list(other) and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(alike, one, other))
    return bool(one == other) and (not isinstance(one, float) or math.copysign(1, one) == math.copysign(1, other))


# --- a grammar of JSON that is nearly right

BLANKS = st.sampled_from(["", "", "", " ", "\n", "\t\r", "\x0b", "\x0c", "\xa0", "\ufeff"])
LETTERS = st.sampled_from(
    [
        "a",
        "é",
        "漢",
        "😀",
        ":",
        "{",
        "}",
        "[",
        "]",
        ",",
        '\\"',
        "\\\\",
        "\\/",
        "\\n",
        "\\u0041",
        "\\u003a",
        "\\u003A",
        "\\u0000",
        "\\u000a",
        "\\ud83d\\ude00",
        "\\ud800",
        "\\udc00",
        "\\u00zz",
        "\\x",
        "\x01",
        "\x7f",
        "\u2028",
        "\x00",
        "null",
        "1e999",
        "\\u0022",
    ]
)
TEXTS = st.lists(LETTERS, max_size=4).map(lambda parts: '"' + "".join(parts) + '"')
NUMBERS = st.sampled_from(
    [
        "0",
        "-0",
        "-0.0",
        "1",
        "-1",
        "01",
        "+1",
        "1.",
        ".5",
        "1.5",
        "1e5",
        "1E+5",
        "1e-400",
        "1e308",
        "1e309",
        "1e999",
        "-1e999",
        "9007199254740991",
        "9007199254740992",
        "9007199254740993",
        "-9007199254740992",
        "-9007199254740993",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551615",
        "18446744073709551616",
        "100000000000000000000",
        "9007199254740993.0",
        "9007199254740992e0",
        "1e16",
        "1e15",
        "0.1111111111111111",
        "0.30000000000000004",
        "123456789012345678901234567890.5",
        "NaN",
        "Infinity",
        "-Infinity",
        "0x10",
        "1_0",
        "4.35",
        "2.2250738585072011e-308",
        "5e-324",
        "1.7976931348623157e308",
        "1.7976931348623159e308",
    ]
)
WORDS = st.sampled_from(["true", "false", "null", "True", "nul", "undefined", ""])
KEYS = st.sampled_from(['"a"', '"b"', '"\\u0061"', '"a:b"', '"\\u003a"', '":"', '""', "a", "1", "null"]) | TEXTS


def nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    spaced = st.tuples(BLANKS, inner, BLANKS).map("".join)
    member = st.tuples(KEYS, st.sampled_from([":", ":", ":", " : ", "=", "::"]), spaced).map("".join)
    comma = st.sampled_from([",", ",", ",", ", ", ",,", ";"])
    return st.one_of(
        st.tuples(comma, st.lists(spaced, max_size=3)).map(lambda it: "[" + it[0].join(it[1]) + "]"),
        st.tuples(comma, st.lists(member, max_size=3)).map(lambda it: "{" + it[0].join(it[1]) + "}"),
        st.tuples(st.sampled_from([1, 2, 61, 62, 63, 64, 65]), inner).map(lambda it: "[" * it[0] + it[1] + "]" * it[0]),
        st.tuples(st.sampled_from([1, 62, 63, 64]), inner).map(lambda it: '{"a":' * it[0] + it[1] + "}" * it[0]),
    )


nearly_json = st.tuples(BLANKS, st.recursive(NUMBERS | TEXTS | WORDS, nested, max_leaves=6), BLANKS).map("".join)


@MANY
@given(nearly_json)
@example('{"a":1,"\\u0061":{"b":":"}}')
@example('{"a":":","a":1}')
@example('{"x":"\\u003a","a":1,"a":2}')
@example("[" * 63 + "{}" + "]" * 63)
@example("[" * 64 + "{}" + "]" * 64)
@example('["[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["]')
def test_D9_both_readers_say_the_same_of_everything(text: str) -> None:
    body = text.encode()
    assert alike(quickly(body), slowly(body))
    assert alike(quickly(text), slowly(text))


@MANY
@given(json_values, st.sampled_from([None, 1]), st.booleans())
def test_D9_both_readers_say_the_same_of_json_as_others_write_it(value: Any, indent: int | None, plain: bool) -> None:
    body = json.dumps(value, indent=indent, ensure_ascii=plain).encode()
    assert alike(quickly(body), slowly(body))


refused = [body for body in REFUSED.values() if len(body) < 10_000]
any_bytes = st.binary(max_size=40) | st.lists(st.sampled_from(refused), min_size=2, max_size=3).map(b",".join)


@MANY
@given(any_bytes)
def test_D9_both_readers_say_the_same_of_any_bytes(body: bytes) -> None:
    assert alike(quickly(body), slowly(body))
    assert alike(quickly(b"[" + body + b"]"), slowly(b"[" + body + b"]"))


@pytest.mark.parametrize("name", [*REFUSED, *ACCEPTED])
def test_D9_both_readers_say_the_same_of_each_known_case(name: str) -> None:
    body = REFUSED[name] if name in REFUSED else ACCEPTED[name][0]
    assert alike(quickly(body), slowly(body))


def test_D9_a_plain_statement_needs_the_quick_reader_only() -> None:
    body = orjson.dumps({"object": {"id": "https://gov.example/é"}, "result": {"score": {"scaled": 0.8}}})
    assert strict_json._quick(body, strict_json.DEPTH_LIMIT) is not strict_json._DOUBT
    deep_batch = orjson.dumps([{"a": {"b": [1.5, 2]}}] * 200)
    assert strict_json._quick(deep_batch, strict_json.DEPTH_LIMIT) is not strict_json._DOUBT
    third = b'{"scaled":0.3333333333333333}'
    assert strict_json._quick(third, strict_json.DEPTH_LIMIT) == {"scaled": 1 / 3}


# --- pieces


def test_the_elements_of_an_array_come_with_their_very_text() -> None:
    found = strict_json.pieces(b' [ {"a" : 1.50} ,\n"\\u00e9" , [ ] ]\n')
    assert found == ([({"a": 1.5}, '{"a" : 1.50}'), ("é", '"\\u00e9"'), ([], "[ ]")], True)


def test_a_single_value_is_one_piece() -> None:
    assert strict_json.pieces(b'\r\n{"a" : 1 }\t') == ([({"a": 1}, '{"a" : 1 }')], False)
    assert strict_json.pieces(b" [] ") == ([], True)


def test_pieces_that_leave_a_doubt_are_read_slowly_and_are_the_same() -> None:
    found = strict_json.pieces(b'[{"a":"\\u003a"} , 9007199254740992,"x\xc3\xa9" ]')
    assert found == ([({"a": ":"}, '{"a":"\\u003a"}'), (2**53, "9007199254740992"), ("xé", '"xé"')], True)


@pytest.mark.parametrize("first", ["1", '"\\u003a"'])
def test_of_a_longer_array_one_more_is_read_and_no_further(first: str) -> None:
    body = f"[{first}, 2, 3, 4]".encode()
    assert [piece.text for piece in strict_json.pieces(body, most=1).each] == [first, "2"]
    assert len(strict_json.pieces(body, most=4).each) == 4


@MANY
@given(st.lists(nearly_json, max_size=3).map(lambda parts: "[" + ",".join(parts) + "]") | nearly_json)
def test_D9_pieces_let_in_what_the_reader_lets_in(text: str) -> None:
    body = text.encode()
    whole = slowly(body)
    try:
        found = strict_json.pieces(body)
    except Malformed:
        assert whole is REFUSAL
        return
    values = [piece.value for piece in found.each]
    assert alike(values if found.many else values[0], whole)
    for piece in found.each:
        assert piece.text in text
        assert alike(slowly(piece.text), piece.value)


# --- where it was wrong, and writing


@pytest.mark.parametrize(
    ("body", "detail", "place"),
    [
        (b'[{"x": {"a": 1, "a": 2}}]', "The key 'a' at /0/x stands twice in one object: keep one of them.", "/0/x"),
        (b'{"a/b": [1, NaN]}', "NaN at /a~1b/1 is not a JSON number: send a number or leave it out.", "/a~1b/1"),
        (b'{"n": 9007199254740993}', "The number 9007199254740993 at /n is larger than 2^53: send it as text.", "/n"),
        (b"1e999", "The number 1e999 at / is too large: send it as text.", "/"),
        (b'["\\u0000"]', "The text at /0 holds a NUL or half a character: leave it out.", "/0"),
    ],
)
def test_D9_a_refusal_says_what_and_where(body: bytes, detail: str, place: str) -> None:
    with pytest.raises(Malformed) as refusal:
        strict_json.read(body)
    assert refusal.value.detail == detail
    assert list(refusal.value.errors) == [place]


def test_D9_what_is_no_json_is_pointed_at_by_line_and_column() -> None:
    with pytest.raises(Malformed, match="line 2, column 8"):
        strict_json.read(b'{\n  "a": }')


@MANY
@given(json_values)
def test_what_is_written_means_what_the_standard_library_would_have_written(value: Any) -> None:
    written = strict_json.write(value)
    assert alike(json.loads(written), value)


@pytest.mark.parametrize("value", [{"a": "null"}, None, {"big": 2**70}, {1: "x"}, {"half": "\ud800"}, 1e16, -0.0])
def test_what_the_quick_writer_cannot_write_is_written_all_the_same(value: Any) -> None:
    assert json.loads(strict_json.write(value)) == json.loads(json.dumps(value))
