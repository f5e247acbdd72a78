"""What may befall the text of a statement on its way, or be done to it on purpose."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

from tests.kernel.test_strict_json import REFUSED
from tests.xapi.hostile import ODD, TOKENS

Span = tuple[int, int]
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)
_NUMBERS: tuple[bytes, ...] = (
    *(b"-0", b"01", b"1.", b".5", b"+1", b"0x1", b"1_0", b"1e400", b"-1e400", b"1e-400", b"NaN", b"Infinity"),
    *(b"9007199254740991", b"9007199254740992", b"9007199254740993", b"-9007199254740993", b"9007199254740993.0"),
    *(b"18446744073709551616", b"1e16", b"1E15", b"0.1234567890123456789", b"true", b"null", b'"1"', b"1.0", b"1e0"),
    *(b"-1", b"101", b"1.00000000000000001", b"5e-324", b"1" * 400, b"-", b"1e", b"0e5", b"1 1"),
)
_VALUES: tuple[bytes, ...] = (
    *_NUMBERS,
    *(token for token in TOKENS if len(token) < 4000),
    *(body for body in REFUSED.values() if len(body) < 400),
    *(json.dumps(value, ensure_ascii=False).encode() for value in ODD if not isinstance(value, dict | list)),
    *(
        b"false",
        b"null",
        b"{}",
        b"[]",
        b'""',
        b'{"id":"x:y"}',
        b'[{"id":"x:y"}]',
        b'{"id":null}',
        b'"\\/"',
        b'"\\u00e9"',
    ),
    *(b"[" * 61 + b"]" * 61, b"[" * 60 + b"]" * 60, b"[" * 64 + b"]" * 64, b'{"x:y":' * 61 + b"1" + b"}" * 61),
)
_KEYS: tuple[bytes, ...] = (
    *(b'"id"', b'"actor"', b'"verb"', b'"object"', b'"result"', b'"context"', b'"timestamp"', b'"stored"'),
    *(b'"authority"', b'"version"', b'"attachments"', b'"objectType"', b'"member"', b'"instructor"', b'"team"'),
    *(b'"statement"', b'"contextAgents"', b'"mbox"', b'"score"', b'"raw"', b'"Actor"', b'"actor "', b'""', b"actor"),
    *(b'"\\u0061ctor"', b'"\\u0049d"', b'"x:y"', b'"x\\u003ay"', b'"\\u0000"', b'"\xff"', b'"\\ud800"', b"1", b"null"),
)
_JUNK: tuple[bytes, ...] = (
    *(
        b"\xef\xbb\xbf",
        b"\x00",
        b"\x01",
        b"\x0b",
        b"\xa0",
        b"\xc2\xa0",
        b"\xff",
        b"\xc0\x80",
        b"\xed\xa0\x80",
        b"\xe2\x82",
    ),
    *(
        b",",
        b":",
        b'"',
        b"{",
        b"}",
        b"[",
        b"]",
        b"\\",
        b" ",
        b"\n",
        b"/**/",
        b"\\u0000",
        b"\\ud800",
        b"\\udc00",
        b"\\u003a",
    ),
    *(b"\\ud83d\\ude00", b"\xf4\x90\x80\x80", b"\x7f", b"0", b"-", b"e", b"null", b"x", b"\\/", b"\\x", b"\\u12"),
)


def harmed(text: bytes, chance: Random) -> bytes:
    """A text to which one thing was done, or a few."""
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        text = chance.choice(WAYS)(text, chance)
    return text


@dataclass
class Parts:
    """Where keys, values and members of objects stand in a text, as well as it can be told."""

    keys: list[Span] = field(default_factory=list)
    values: list[Span] = field(default_factory=list)
    members: list[tuple[Span, Span]] = field(default_factory=list)  # a key and its value


def parts_of(text: bytes) -> Parts:
    """Looks at any text, also at one that is no JSON."""
    found, open_ones, key = Parts(), list[tuple[int, Span | None]](), None
    tokens = [match.span() for match in _TOKEN.finditer(text)]
    for (start, end), (after, _) in pairwise([*tokens, (len(text), 0)]):
        first = text[start : start + 1]
        if first in b"{[":
            open_ones.append((start, key))
        elif first in b":,":
            continue
        elif first == b'"' and text[after : after + 1] == b":":
            key = (start, end)
            found.keys.append(key)
            continue
        elif first not in b"}]" or open_ones:
            whole, of = open_ones.pop() if first in b"}]" else (start, key)
            found.values.append((whole, end))
            if of:
                found.members.append((of, (whole, end)))
        key = None
    return found


def _put(text: bytes, span: Span, new: bytes) -> bytes:
    return text[: span[0]] + new + text[span[1] :]


def _cut(text: bytes, span: Span) -> bytes:
    return text[span[0] : span[1]]


def _replaced(text: bytes, chance: Random) -> bytes:
    """Something else in place of a value."""
    values = parts_of(text).values
    return _put(text, chance.choice(values), chance.choice(_VALUES)) if values else text


def _number_replaced(text: bytes, chance: Random) -> bytes:
    numbers = [span for span in parts_of(text).values if text[span[0]] in b"-0123456789"]
    return _put(text, chance.choice(numbers), chance.choice(_NUMBERS)) if numbers else text


def _swapped(text: bytes, chance: Random) -> bytes:
    """Two values, each in place of the other."""
    values = sorted(chance.choices(parts_of(text).values or [(0, 0)], k=2))
    (one, other), whole = values, text
    if one[1] > other[0]:
        return _put(text, one, _cut(text, other))  # one within the other
    return _put(_put(whole, other, _cut(text, one)), one, _cut(text, other))


def _twice(text: bytes, chance: Random) -> bytes:
    """A member twice in its object, before or behind, its key perhaps with an escape, its value perhaps another."""
    members = parts_of(text).members
    if not members:
        return text
    key, value = chance.choice(members)
    name, said = _cut(text, key), _cut(text, value)
    if chance.random() < 0.5:
        name = _with_escape(name, chance)
    if chance.random() < 0.5:
        said = _cut(text, chance.choice(members)[1]) if chance.random() < 0.5 else chance.choice(_VALUES)
    if chance.random() < 0.5:
        return _put(text, (key[0], key[0]), name + b":" + said + b",")
    return _put(text, (value[1], value[1]), b"," + name + b":" + said)


def _moved(text: bytes, chance: Random) -> bytes:
    """A member in an object where it has no place, or once more where it has one."""
    members = parts_of(text).members
    if not members:
        return text
    (key, value), (_, behind) = chance.choice(members), chance.choice(members)
    return _put(text, (behind[1], behind[1]), b"," + text[key[0] : value[1]])


def _key_changed(text: bytes, chance: Random) -> bytes:
    keys = parts_of(text).keys
    return _put(text, chance.choice(keys), chance.choice(_KEYS)) if keys else text


def _escaped(text: bytes, chance: Random) -> bytes:
    """An escape in a key or a text."""
    parts = parts_of(text)
    texts = [span for span in (*parts.keys, *parts.values) if text[span[0] : span[0] + 1] == b'"']
    if not texts:
        return text
    span = chance.choice(texts)
    return _put(text, span, _with_escape(_cut(text, span), chance))


def _with_escape(quoted: bytes, chance: Random) -> bytes:
    """A text in quotes of which one letter is written as an escape."""
    letters = [at for at in range(1, len(quoted) - 1) if quoted[at] < 128 and quoted[at] != ord("\\")]
    if not letters:
        return quoted
    at = chance.choice(letters)
    return _put(quoted, (at, at + 1), f"\\u{quoted[at]:04{chance.choice('xX')}}".encode())


def _nested(text: bytes, chance: Random) -> bytes:
    """A value much deeper than it stood."""
    values = parts_of(text).values
    if not values:
        return text
    span, levels = chance.choice(values), chance.choice((1, 2, 50, 57, 58, 59, 60, 61, 62, 63, 64, 65, 3000))
    opened, closed = chance.choice(((b"[", b"]"), (b'{"x:y":', b"}")))
    return _put(text, span, opened * levels + _cut(text, span) + closed * levels)


def _sliced(text: bytes, chance: Random) -> bytes:
    """Some bytes gone or twice."""
    start = chance.randrange(len(text) + 1)
    slice_of = text[start : start + chance.choice((1, 1, 2, 3, 8, 40))]
    return _put(text, (start, start + len(slice_of)), slice_of * chance.choice((0, 0, 2)))


def _inserted(text: bytes, chance: Random) -> bytes:
    """Something between any two bytes, or where a value or a key begins or ends."""
    parts = parts_of(text)
    places = [place for span in (*parts.keys, *parts.values) for place in span]
    at = chance.choice(places) if places and chance.random() < 0.7 else chance.randrange(len(text) + 1)
    at += chance.choice((0, 0, -1, 1))
    return text[: max(at, 0)] + chance.choice(_JUNK) + text[max(at, 0) :]


def _changed(text: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(text) + 1)
    return _put(text, (at, at + 1), bytes([chance.randrange(256)]))


def _around(text: bytes, chance: Random) -> bytes:
    """Something before or behind the whole."""
    junk = chance.choice(_JUNK)
    return chance.choice((junk + text, text + junk, b"[" + text + b"]", text + text, text + b"," + text))


WAYS: tuple[Callable[[bytes, Random], bytes], ...] = (
    *(_replaced, _replaced, _number_replaced, _swapped, _twice, _twice, _moved, _key_changed, _escaped, _escaped),
    *(_nested, _sliced, _inserted, _changed, _around),
)
