"""Thousands of bodies that a record store has to stand: the same ones for the same seed."""

from __future__ import annotations

import copy
import json
import random
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from lms.xapi.rules.validate import Version
from tests.kernel.test_strict_json import REFUSED
from tests.rules.statement_corpus import FULL, LEAST, REFERENCE, SUB, TIMESTAMPS_RIGHT, TIMESTAMPS_WRONG, WRONG
from tests.xapi.spec_validation.cases import VERSIONS, nodes

SEED = 20261123
VOIDED = "http://adlnet.gov/expapi/verbs/voided"


@dataclass(frozen=True, slots=True)
class Body:
    """What is sent, in which version, and by which kind of mischief it was made."""

    kind: str
    version: Version
    sent: bytes


def bodies(count: int) -> Iterator[Body]:
    """The first so many of the endless row."""
    chance = random.Random(SEED)
    for index in range(count):
        kind = KINDS[index % len(KINDS)]
        yield Body(kind.__name__.strip("_"), chance.choice(VERSIONS), kind(chance))


def _written(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _fresh(chance: random.Random) -> dict[str, Any]:
    """A good statement that nobody has sent before."""
    statement: dict[str, Any] = copy.deepcopy(FULL if chance.random() < 0.7 else LEAST)
    statement["id"] = str(uuid.UUID(int=chance.getrandbits(128), version=4))
    return statement


def _odd_value(chance: random.Random) -> Any:
    return copy.deepcopy(chance.choice(ODD))


ODD: tuple[Any, ...] = (
    *(
        None,
        True,
        False,
        0,
        -1,
        1,
        2**31,
        2**53,
        -(2**53),
        1.5,
        1e308,
        5e-324,
        -0.0,
        "",
        " ",
        "0",
        "null",
        "true",
        [],
        {},
    ),
    *(
        [[]],
        [{}],
        {"": ""},
        {"id": "x"},
        {"objectType": "Group"},
        {"objectType": "SubStatement"},
        REFERENCE,
        SUB,
        LEAST,
    ),
    *("Agent", "Group", "Activity", "StatementRef", "SubStatement", "http://a.example/", "mailto:a@b.c", "en", "PT1S"),
    *(
        "x" * 5000,
        "é" * 1500,
        "\U0001f600",
        "\u202e\u2028\ufeff",
        "\ufffe\uffff",
        "'; drop table x; --",
        "%s%(x)s",
        "\\",
    ),
    *("a\tb\r\nc", "\x7f\x80\x9f", "İıſK", "0x1F", "1e999", "${x}", "../../etc/passwd", "<script>", [1, [2, [3, [4]]]]),
    *(
        {"mbox": "mailto:a@b.c", "account": {}},
        {"en": "x", "EN": "y"},
        {f"https://a.example/{n}": n for n in range(50)},
    ),
    *({"objectType": "Group", "member": [{"mbox": f"mailto:{n}@b.c"} for n in range(60)]}, list(range(300))),
    *TIMESTAMPS_WRONG,
    *TIMESTAMPS_RIGHT,
)


def _somewhere(chance: random.Random, statement: dict[str, Any]) -> tuple[Any, Any]:
    """A place in the statement: what holds it, and its key there."""
    path, _ = chance.choice(list(nodes(statement)))
    *parts, last = path.split("/")
    holder: Any = statement
    for part in parts if "extensions" not in parts else parts[: parts.index("extensions") + 1]:
        holder = holder[int(part)] if isinstance(holder, list) else holder.get(part, statement)
    return holder, int(last) if isinstance(holder, list) else last


def _wrong_value(chance: random.Random) -> bytes:
    statement = _fresh(chance)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        holder, key = _somewhere(chance, statement)
        holder[key] = _odd_value(chance)
    return _written(statement)


def _swapped(chance: random.Random) -> bytes:
    statement = _fresh(chance)
    (one, first), (other, second) = _somewhere(chance, statement), _somewhere(chance, statement)
    one[first] = copy.deepcopy(other[second])
    return _written(statement)


def _key_gone_or_changed(chance: random.Random) -> bytes:
    statement = _fresh(chance)
    holder, key = _somewhere(chance, statement)
    value = holder.pop(key)
    if isinstance(holder, dict) and chance.random() < 0.6:
        holder[chance.choice((key.swapcase(), key + " ", "", "__proto__", "é", key * 40, "a\u0000"))] = value
    return _written(statement)


def _known_wrong(chance: random.Random) -> bytes:
    _, change, _ = chance.choice(WRONG)
    statement = copy.deepcopy(FULL)
    change(statement)
    return _written(statement)


def _timed(chance: random.Random) -> bytes:
    statement = _fresh(chance)
    texts = [*TIMESTAMPS_WRONG, *TIMESTAMPS_RIGHT, "1900-01-01T00:00:00+14:00", "2199-12-31T23:59:59.999999-14:00"]
    statement[chance.choice(("timestamp", "timestamp", "stored"))] = chance.choice(texts)
    return _written(statement)


TOKENS = (
    *(
        b"NaN",
        b"-Infinity",
        b"1e999",
        b"-1e999",
        b"9007199254740993",
        b"9223372036854775808",
        b"1" * 5000,
        b"0x10",
        b"01",
    ),
    *(
        b'"\\u0000"',
        b'"\\ud800"',
        b'"\\udc00\\ud800"',
        b'"\xff"',
        b'"\xed\xa0\x80"',
        b'"\x00"',
        b'"\x01"',
        b'"',
        b"'x'",
    ),
    *(b"[" * 62 + b"]" * 62, b"[" * 3000 + b"]" * 3000, b'{"a":' * 70 + b"1" + b"}" * 70, b"[" * 50_000, b"tru", b""),
    *(
        b'{"a":1,"a":2}',
        b'{"a":1,"\\u0061":2}',
        b'{"\\u003a":":",":":1}',
        b"[1,]",
        b"{,}",
        b"/**/1",
        b"1.7976931348623159e308",
    ),
    *(
        b'"\\u003a"',
        b"0.1111111111111111111",
        b"-0",
        b"1E+2",
        b'"\\ud83d\\ude00"',
        b"4" * 16,
        b'"' + b"\\\\" * 900 + b'"',
    ),
)


def _raw_token(chance: random.Random) -> bytes:
    """Something that is no JSON, or hardly, where an extension or a score stood."""
    statement = _fresh(chance)
    marked = "https://gov.example/marked"
    where = chance.choice(("result", "context"))
    statement.setdefault(where, {})["extensions"] = {marked: "MARK"}
    if chance.random() < 0.3:
        statement["result"] = {"score": {"raw": "MARK"}}
    return _written(statement).replace(b'"MARK"', chance.choice(TOKENS))


def _damaged(chance: random.Random) -> bytes:
    """Bytes changed, cut, doubled, or in another encoding."""
    body = bytearray(_written(_fresh(chance)))
    place = chance.randrange(len(body))
    way = chance.randrange(7)
    if way == 0:
        body[place] = chance.randrange(256)
    elif way == 1:
        del body[place:]
    elif way == 2:
        body[place:place] = chance.choice((b"\x00", b"\xc3", b"\xef\xbb\xbf", b'"', b",", b"}", b"\\", b"\x0b", b"/"))
    elif way == 3:
        return bytes(body) + chance.choice((b"{}", b"\x00", b"]", b"\n\n", b"x"))
    elif way == 4:
        return b"\xef\xbb\xbf" + bytes(body)
    elif way == 5:
        return bytes(body).decode().encode(chance.choice(("utf-16", "utf-16-le", "utf-32", "latin-1")), "replace")
    else:
        body[place : place + 12] = bytes(chance.randrange(256) for _ in range(12))
    return bytes(body)


def _not_strict(chance: random.Random) -> bytes:
    body = chance.choice(list(REFUSED.values()))
    return body if chance.random() < 0.5 else b"[" + _written(_fresh(chance)) + b"," + body + b"]"


def _key_twice(chance: random.Random) -> bytes:
    """A key that stands twice somewhere; readers that keep the last would take it."""
    body = _written(_fresh(chance)).decode()
    starts = [index for index, letter in enumerate(body) if letter == "{"]
    start = chance.choice(starts) + 1
    key = body[start:].partition(":")[0]
    if not key.startswith('"'):
        return body.encode()
    extra = chance.choice((key, key, f'"\\u{ord(key[1]):04x}{key[2:]}'))  # the same key, its first letter escaped
    return f"{body[:start]}{extra}: {chance.choice(('1', 'null', '{}'))}, {body[start:]}".encode()


def _batched(chance: random.Random) -> bytes:
    """Some good ones and perhaps a bad one, or an id twice."""
    batch: list[Any] = [_fresh(chance) for _ in range(chance.randrange(4))]
    for _ in range(chance.randrange(3)):
        batch.insert(0, chance.choice((_odd_value(chance), copy.deepcopy(batch[0]) if batch else 1, [], [batch[:1]])))
    return _written(batch)


def _again(chance: random.Random) -> bytes:
    """The same few ids over and over, saying the same or something else; and voiding by and of them."""
    few = [str(uuid.UUID(int=number, version=4)) for number in range(6)]
    statement = copy.deepcopy(LEAST)
    statement["id"] = chance.choice(few)
    if chance.random() < 0.5:
        statement["result"] = {"score": {"raw": chance.randrange(3)}}
    if chance.random() < 0.4:
        statement["verb"] = {"id": VOIDED}
        statement["object"] = {"objectType": "StatementRef", "id": chance.choice(few)}
    return _written(statement)


def _odd_but_right(chance: random.Random) -> bytes:
    """What the rules let in and a store may stumble over."""
    statement = _fresh(chance)
    statement["result"] = {"response": chance.choice([v for v in ODD if isinstance(v, str)]), "extensions": {}}
    deep: Any = 1
    for _ in range(chance.randrange(60)):
        deep = [deep] if chance.random() < 0.5 else {"a": deep}
    statement["result"]["extensions"] = {"x:" + "é" * chance.randrange(1, 480): [deep, _odd_value(chance)]}
    statement["object"] = {"id": "urn:" + "x" * chance.randrange(1, 990)}
    statement["actor"] = {"account": {"homePage": "https://gov.example", "name": "ſİ\u202e" * chance.randrange(900)}}
    return _written(statement)


KINDS: tuple[Callable[[random.Random], bytes], ...] = (
    *(_wrong_value, _wrong_value, _wrong_value, _swapped, _key_gone_or_changed, _known_wrong, _timed),
    *(_raw_token, _raw_token, _damaged, _damaged, _not_strict, _key_twice, _batched, _again, _odd_but_right),
)
