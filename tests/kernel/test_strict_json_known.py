"""Whoever understands some texts by himself is heard, and only of what is beyond doubt (rule D9)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import msgspec
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.kernel import strict_json
from lms.kernel.errors import Malformed
from lms.kernel.strict_json import Doubtful
from lms.kernel.unread import Unread
from tests.kernel.test_strict_json import ACCEPTED, REFUSED
from tests.kernel.test_strict_json_twice import MANY, REFUSAL, alike, nearly_json, slowly


class Sum(msgspec.Struct, omit_defaults=True):
    """What somebody may know of an object."""

    of: list[int]
    half: float | msgspec.UnsetType = msgspec.UNSET


# --- what is not read yet


TEXT = '{"a": 1, "sum": {"of": [1, 2]}, "é": null}'
WHOLE = json.loads(TEXT)


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that were parsed."""
    found: list[str] = []
    loads = orjson.loads

    def noted(text: str) -> Any:
        found.append(text)
        return loads(text)

    monkeypatch.setattr(orjson, "loads", noted)
    return found


def test_an_object_is_parsed_when_it_is_asked_for_what_is_not_known_and_only_once(parsed: list[str]) -> None:
    unread = Unread(TEXT, {"a": 1})
    assert unread["a"] == 1
    assert "a" in unread
    assert parsed == []
    assert unread["sum"] == {"of": [1, 2]}
    assert unread.get("é", "nothing") is None
    assert unread.get("b", "nothing") == "nothing"
    assert (unread["a"], len(unread), list(unread)) == (1, 3, ["a", "sum", "é"])
    assert parsed == [TEXT]


@pytest.mark.parametrize("known", [None, {}, {"a": 1}, {"sum": Sum([1, 2])}, {"a": 1, "sum": Sum([1, 2])}])
@pytest.mark.parametrize("first", ["a", "sum", "é", None])
def test_it_says_the_same_whatever_was_known_and_asked_before(known: dict[str, Any] | None, first: str | None) -> None:
    unread: Mapping[str, Any] = Unread(TEXT, known)
    if first:
        assert unread[first] == WHOLE[first]
    assert dict(unread) == WHOLE
    assert {**unread, "b": 2} == WHOLE | {"b": 2}
    assert unread.keys() == WHOLE.keys()
    assert unread == WHOLE
    with pytest.raises(KeyError):
        unread["b"]


def test_a_struct_is_given_out_as_an_object_without_what_was_not_said() -> None:
    unread = Unread(TEXT, {"sum": Sum([1, 2])})
    assert type(unread["sum"]) is dict
    assert unread["sum"] == {"of": [1, 2]}
    assert Unread('{"sum": {"of": [], "half": 0.5}}', {"sum": Sum([], 0.5)})["sum"] == {"of": [], "half": 0.5}


def test_who_changes_what_he_was_given_changes_nothing_for_others() -> None:
    known = Sum([1, 2])
    Unread(TEXT, {"sum": known})["sum"]["of"].append(3)
    assert Unread(TEXT, {"sum": known})["sum"] == {"of": [1, 2]}


# --- pieces, some of which are known


WORDS = {b'"a"', b'"b"', '"é"'.encode()}


def is_word(text: bytes) -> str | None:
    """Knows a few words."""
    return f"known: {text.decode()}" if text in WORDS else None


def test_what_is_known_stands_in_place_of_its_value_beside_its_very_text() -> None:
    found = strict_json.pieces(b' [ "a" , {"b" : 1.50},\t"\xc3\xa9"] ', known=is_word)
    assert found == ([('known: "a"', '"a"'), ({"b": 1.5}, '{"b" : 1.50}'), ('known: "é"', '"é"')], True)
    assert strict_json.pieces(b'\r\n"a" ', known=is_word) == ([('known: "a"', '"a"')], False)
    assert strict_json.pieces(b" {} ", known=is_word) == ([({}, "{}")], False)


def test_whoever_knows_texts_is_given_each_without_the_blanks_around_it() -> None:
    heard: list[bytes] = []
    strict_json.pieces(b' [ 1 ,\n{ "a" : 2 }\t] ', known=heard.append)
    strict_json.pieces(b"\t[]\n", known=heard.append)
    strict_json.pieces(b"\n { } ", known=heard.append)
    assert heard == [b"1", b'{ "a" : 2 }', b"{ }"]


def test_of_a_longer_array_no_more_is_asked_about_than_was_wanted() -> None:
    heard: list[bytes] = []
    assert len(strict_json.pieces(b"[1, 2, 3, 4]", most=1, known=heard.append).each) == 2
    assert heard == [b"1", b"2"]


@pytest.mark.parametrize("other", ['"\\u003a"', "9007199254740992"])
def test_where_one_leaves_a_doubt_all_are_read_slowly(other: str) -> None:
    found = strict_json.pieces(f'["a", {other}]'.encode(), known=is_word)
    assert found == ([("a", '"a"'), (json.loads(other), other)], True)


@pytest.mark.parametrize("bad", [body for body in REFUSED.values() if 0 < len(body.strip()) < 1000])
def test_beside_what_is_known_anything_else_is_refused_in_the_same_words(bad: bytes) -> None:
    said = set()
    for known in (is_word, strict_json.nothing_known):
        with pytest.raises(Malformed) as refusal:
            strict_json.pieces(b'["a",' + bad + b',"b"]', known=known)
        said.add(refusal.value.detail)
    assert len(said) == 1


@pytest.mark.parametrize("text", ["", "0", "false", "[]", "{}"])
def test_what_somebody_understands_may_be_as_little_as_he_likes(text: str) -> None:
    """Only None says that nothing was understood."""
    found = json.loads(text or '""')
    assert strict_json.pieces(b"[1]", known=lambda _: found) == ([(found, "1")], True)
    assert strict_json.pieces(b"1", known=lambda _: found) == ([(found, "1")], False)


# --- what is sure, and what is as it was said


@MANY
@given(nearly_json, st.sampled_from([1, 2, 62, 64]))
def test_D9_what_is_sure_is_what_the_slow_reader_says(text: str, levels: int) -> None:
    try:
        value = strict_json.sure(text.encode(), levels)
    except Doubtful:
        return
    assert alike(slowly(text), value)
    assert _depth(value) <= levels


def _depth(value: Any) -> int:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inside is None else 1 + max(map(_depth, inside), default=0)


@pytest.mark.parametrize("name", REFUSED)
def test_D9_nothing_that_is_refused_is_sure(name: str) -> None:
    with pytest.raises(Doubtful):
        strict_json.sure(REFUSED[name], strict_json.DEPTH_LIMIT)


def test_what_is_nested_deeper_than_it_may_is_not_sure() -> None:
    body = ACCEPTED["64 levels"][0]
    assert strict_json.sure(body, 64) == json.loads(body)
    with pytest.raises(Doubtful):
        strict_json.sure(body, 63)


def test_a_value_that_counts_for_nothing_is_sure() -> None:
    assert [strict_json.sure(text, 1) for text in (b"null", b"false", b"0", b'""', b"[]")] == [None, False, 0, "", []]


class Said(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """An object that somebody understands by its shape."""

    a: str | msgspec.UnsetType = msgspec.UNSET
    b: bool | msgspec.UnsetType = msgspec.UNSET
    inner: Said | msgspec.UnsetType = msgspec.UNSET


_decode, _encode = msgspec.json.Decoder(Said).decode, msgspec.json.encode

_texts = st.sampled_from(['"x"', '":"', '"\\u003a"', '"\\u0000"', '"é"', '"\\u00e9"', '"1234567890123456"', '"a\\/b"'])
_members = st.sampled_from(['"a":{}', '"\\u0061":{}', '"b":true', '"\\u0062":false', '"inner":{{{}}}', '"a" : {}'])


@st.composite
def said_somehow(draw: st.DrawFn) -> str:
    """An object of that shape, in which something may stand twice."""
    inner = '"b":true,"b":false' if draw(st.booleans()) else '"a":"x:y"'
    members = draw(st.lists(_members, max_size=3))
    filled = [member.format(inner if "inner" in member else draw(_texts)) for member in members]
    return "{" + ", ".join(filled) + "}"


@settings(max_examples=300, deadline=None)
@given(said_somehow())
def test_D9_an_object_that_said_something_twice_is_not_as_it_was_said(text: str) -> None:
    body = text.encode()
    try:
        understood = _encode(_decode(body))
    except (msgspec.MsgspecError, UnicodeError):
        return
    if strict_json.is_as_said(body, understood):
        assert alike_in_any_order(slowly(body), json.loads(understood))


def alike_in_any_order(one: Any, other: Any) -> bool:
    return one is not REFUSAL and json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ('{"a":"x","b":true}', True),
        ('{ "b" : true, "\\u0061" : "\\u00e9:" }', True),
        ('{"a":"1234567890123456"}', True),
        ('{"a":"x","a":"x"}', False),
        ('{"a":"x","\\u0061":"x"}', False),
        ('{"inner":{"b":true,"b":true}}', False),
        ('{"a":"\\u003a"}', False),
        ('{"a":"\\u003A","b":true,"b":true}', False),
        ('{"a":"\\u0000"}', False),
        ('{"a": "1234567890123456"}', True),
    ],
)
def test_D9_whether_something_is_as_it_was_said(text: str, is_so: bool) -> None:
    body = text.encode()
    assert strict_json.is_as_said(body, _encode(_decode(body))) is is_so
