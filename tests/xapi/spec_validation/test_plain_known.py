"""The usual statement is understood quickly, whatever is not plain is left alone, and what is remembered is sound."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from lms.kernel.unread import Unread
from lms.xapi.rules import naming, plain
from lms.xapi.rules.plain import understood
from lms.xapi.rules.validate import Version
from tests.xapi.spec_validation.cases import MAIL, VERSIONS, at
from tests.xapi.spec_validation.forms import DURATIONS_WRONG, LANGUAGES_WRONG, MOMENTS_WRONG, UUIDS_WRONG
from tests.xapi.spec_validation.plainly import EXTENSION, NO_STATEMENT, NOT_PLAIN, USUAL, Said, backwards, tight
from tests.xapi.spec_validation.test_plain import is_understood

both = pytest.mark.parametrize("version", VERSIONS)
TEXT = tight(USUAL)


# --- the usual statement


def without(*keys: str) -> Said:
    return {key: value for key, value in USUAL.items() if key not in keys}


def named(name: str, **more: Any) -> bytes:
    """Somebody with a name, as most libraries write it: with blanks, and escapes for what is not ASCII."""
    return json.dumps({**USUAL, "actor": {**USUAL["actor"], "name": name}}, **more).encode()


UNDERSTOOD: dict[str, bytes] = {
    "as nearly all write it": TEXT,
    "with blanks": json.dumps(USUAL).encode(),
    "in lines": json.dumps(USUAL, indent=2).encode(),
    "with blanks around": b"\r\n\t " + TEXT + b" \n",
    "in the opposite order": tight(backwards(USUAL)),
    "in the order of the alphabet": json.dumps(USUAL, sort_keys=True).encode(),
    "with escapes in a name": named("Émilie 漢 😀 «:»"),
    "with letters of every kind": named("Émilie 漢 😀 «:»", ensure_ascii=False),
    "with an escape in a key": TEXT.replace(b'"actor"', b'"\\u0061ctor"'),
    "with slashes escaped": TEXT.replace(b"/", b"\\/"),
    "with a name that looks like JSON": named('{"a":1,"a":[', separators=(",", ":")),
    "without an id": tight(without("id")),
    "without a moment": tight(without("timestamp")),
    "without a result": tight(without("result")),
    "without a context": tight(without("context")),
    "the least": tight(without("id", "timestamp", "result", "context")),
    "with an empty result and context": tight({**USUAL, "result": {}, "context": {"contextActivities": {}}}),
    "with a third of the score": tight(at("result/score/scaled", 1 / 3, USUAL)),
    "with decimal numbers": tight(at("result/score", {"scaled": 1.0, "raw": -0.0, "min": -0.5, "max": 1e3}, USUAL)),
    "with extensions of its result": tight(at("result/extensions", {"x:y": [None, 1, {"a": "b:c"}]}, USUAL)),
    "with an extension of 57 levels": TEXT.replace(b'"s-17-4"', b"[" * 57 + b"]" * 57),
    "by mail": tight({**USUAL, "actor": MAIL}),
    "by a group without members": tight({**USUAL, "actor": {"objectType": "Group", **MAIL}}),
    "about an activity of which nothing is said": tight({**USUAL, "object": {"id": "https://gov.example/x"}}),
}


@both
@pytest.mark.parametrize("name", UNDERSTOOD)
def test_the_usual_statement_is_understood_quickly(name: str, version: Version) -> None:
    assert is_understood(UNDERSTOOD[name], version)


def test_what_is_known_of_the_usual_statement() -> None:
    found = understood(TEXT, "2.0.0")
    assert found is not None
    assert found.id == UUID(USUAL["id"])
    assert found.timestamp is not None
    assert found.timestamp.isoformat() == "2026-01-05T08:00:07+00:00"
    assert found.account == ""
    assert (found.names.verb, found.names.object) == (USUAL["verb"]["id"], USUAL["object"]["id"])
    assert found.names.everybody == {found.names.actor: USUAL["actor"]}
    assert len(found.names.activities) == 4
    assert Unread(TEXT.decode(), found.parts)["result"] == USUAL["result"]


def test_of_a_result_with_extensions_nothing_is_known_beforehand() -> None:
    found = understood(UNDERSTOOD["with extensions of its result"], "2.0.0")
    assert found is not None
    assert found.parts == {}


# --- what is left to those who take statements apart


def instead(old: bytes, new: bytes) -> bytes:
    """The usual statement with something else at one place."""
    assert TEXT.count(old) == 1, old
    return TEXT.replace(old, new)


def more(text: bytes) -> bytes:
    """The usual statement with one member more."""
    return TEXT[:-1] + b"," + text + b"}"


def raw(number: bytes) -> bytes:
    return instead(b'"raw":67', b'"raw":' + number).replace(b'"min":0,"max":100', b'"min":-1.5')


LEFT: dict[str, bytes] = {
    **{f"with {name}": tight({**USUAL, **said}) for name, said in NOT_PLAIN.items()},
    **{f"no statement: {name}": tight({**USUAL, **said}) for name, said in NO_STATEMENT.items()},
    **{f"the id {text!r}": tight({**USUAL, "id": text}) for text in UUIDS_WRONG},
    **{f"the registration {text!r}": tight(at("context/registration", text, USUAL)) for text in UUIDS_WRONG},
    **{f"the duration {text!r}": tight(at("result/duration", text, USUAL)) for text in DURATIONS_WRONG},
    **{f"the language {text!r}": tight(at("context/language", text, USUAL)) for text in LANGUAGES_WRONG},
    **{f"the moment {text!r}": tight({**USUAL, "timestamp": text}) for text in MOMENTS_WRONG},
    **{f"without {key}": tight(without(key)) for key in ("actor", "verb", "object")},
    **{
        f"a number {number.decode()[:30]}": raw(number)
        for number in (b"9007199254740992", b"9007199254740993", b"1e16")
    },
    **{f"no number {number.decode()[:30]}": raw(number) for number in (b"01", b"+1", b"1.", b".5", b"0x1", b"1e400")},
    **{f"no number {number.decode()[:30]}": raw(number) for number in (b"NaN", b"-Infinity", b"null", b"true", b'"1"')},
    "an id twice": more(b'"id":"%b"' % USUAL["id"].encode()),
    "an actor twice": more(b'"actor":{"mbox":"mailto:a@gov.example"}'),
    "an actor twice, once with an escape": more(b'"\\u0061ctor":{"mbox":"mailto:a@gov.example"}'),
    "a result twice": more(b'"result":{}'),
    "a success twice": instead(b'"success":true', b'"success":true,"success":true'),
    "a success twice, once with an escape": instead(b'"success":true', b'"success":true,"succ\\u0065ss":true'),
    "a raw score twice": instead(b'"raw":67', b'"raw":67,"raw":67'),
    "a language twice": instead(b'"language":"en"', b'"language":"en","language":"en"'),
    "a name of an account twice": instead(b'"name":"learner', b'"name":"x","name":"learner'),
    "a text of a verb twice": instead(b'{"en":"answered"}', b'{"en":"answered","e\\u006e":"answered"}'),
    "an extension twice": instead(b'"s-17-4"', b'"s-17-4","%b":1' % EXTENSION.encode()),
    "a key twice in an extension": instead(b'"s-17-4"', b'{"a":1,"a":1}'),
    "a key twice, and an escaped colon": instead(b'"s-17-4"', b'"\\u003a"').replace(b'"raw":67', b'"raw":67,"raw":67'),
    "an escaped colon": instead(b"learner-", b"learner\\u003a"),
    "an escaped NUL": instead(b"learner-", b"learner\\u0000"),
    "an escaped NUL in a response": instead(b'"response":"d"', b'"response":"\\u0000"'),
    "half a character": instead(b"learner-", b"\\ud83d"),
    "half a character in a response": instead(b'"response":"d"', b'"response":"\\ude00"'),
    "a half of UTF-16 as UTF-8": instead(b'"response":"d"', b'"response":"\xed\xa0\x80"'),
    "a NUL": instead(b'"response":"d"', b'"response":"\x00"'),
    "a control character": instead(b"learner-", b"learner\x1f"),
    "a line break in a response": instead(b'"response":"d"', b'"response":"\n"'),
    "no UTF-8": instead(b"learner-", b"learner\xff"),
    "no UTF-8 in a response": instead(b'"response":"d"', b'"response":"\xe9"'),
    "an overlong NUL": instead(b"learner-", b"learner\xc0\x80"),
    "no escape": instead(b"learner-", b"learner\\x"),
    "a byte order mark": b"\xef\xbb\xbf" + TEXT,
    "another blank": b"\xc2\xa0" + TEXT,
    "UTF-16": TEXT.decode().encode("utf-16"),
    "cut": TEXT[:-1],
    "a comma too much": TEXT[:-1] + b",}",
    "a comma too much inside": instead(b'"s-17-4"}', b'"s-17-4",}'),
    "a comment": TEXT + b"// x",
    "twice": TEXT + TEXT,
    "in a list": b"[" + TEXT + b"]",
    "nothing": b"",
    "a number": b"1",
    "nothing said": b"null",
    "an extension of 61 levels": instead(b'"s-17-4"', b"[" * 61 + b"]" * 61),
    "an extension of 100,000 levels": instead(b'"s-17-4"', b"[" * 100_000 + b"]" * 100_000),
    "an extension with a large number": instead(b'"s-17-4"', b"9007199254740993"),
    "an extension with a number beyond doubles": instead(b'"s-17-4"', b"1e400"),
    "null in place of its context": TEXT[: TEXT.index(b'"context"')] + b'"context":null}',
}


@both
@pytest.mark.parametrize("name", LEFT)
def test_D9_E6_what_is_not_plain_is_left_to_those_who_take_it_apart(name: str, version: Version) -> None:
    assert understood(LEFT[name], version) is None
    assert understood(LEFT[name], version) is None, "also when it comes again"


def test_a_moment_without_its_zone_is_one_in_1_0_3_only() -> None:
    text = tight({**USUAL, "timestamp": "2026-11-23T09:30:00"})
    assert is_understood(text, "1.0.3")
    assert understood(text, "2.0.0") is None


# --- what is remembered

PARTS: dict[str, tuple[str, str]] = {  # where each stands, and one that may be of any length
    "_somebody": ("actor", '{"name":"*","mbox":"mailto:a@gov.example"}'),
    "_verb": ("verb", '{"id":"x:y","display":{"en":"*"}}'),
    "_activity": ("object", '{"id":"x:y","definition":{"name":{"en":"*"}}}'),
    "_related": ("context/contextActivities", '{"other":[{"id":"x:y","definition":{"name":{"en":"*"}}}]}'),
    "_extensions": ("context/extensions", '{"x:y":"*"}'),
}
each_part = pytest.mark.parametrize("part", PARTS)


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    for part in PARTS:
        getattr(plain, part).cache_clear()
    yield


def remembered(part: str) -> int:
    count: int = getattr(plain, part).cache_info().currsize
    return count


def of_length(part: str, length: int) -> Said:
    """A sound part that is written in so many bytes."""
    _, text = PARTS[part]
    said: Said = json.loads(text.replace("*", "é" * 20 + "x" * (length - 40 - len(text) + 1)))
    return said


@each_part
@pytest.mark.parametrize("length", [naming.LONGEST, naming.LONGEST + 1])
def test_what_is_very_long_is_understood_but_not_remembered(part: str, length: int) -> None:
    place, _ = PARTS[part]
    said = of_length(part, length)
    assert len(tight(said)) == length
    assert is_understood(tight(at(place, said, USUAL)), "2.0.0")
    assert remembered(part) == (length == naming.LONGEST)


@each_part
def test_what_is_remembered_is_not_looked_at_again(part: str) -> None:
    assert understood(TEXT, "2.0.0") is not None
    assert understood(TEXT, "1.0.3") is not None
    found = getattr(plain, part).cache_info()
    assert (found.hits, found.misses, found.currsize) == (1, 1, 1)


@pytest.mark.parametrize(
    ("part", "place", "text"),
    [
        ("_somebody", "actor", b'{"mbox":"nobody"}'),
        ("_somebody", "actor", b'{"objectType":"Group","member":[],"mbox":"mailto:a@gov.example"}'),
        ("_verb", "verb", b'{"id":"http://adlnet.gov/expapi/verbs/voided"}'),
        ("_verb", "verb", b'{"id":"x:y","id":"x:y"}'),
        ("_activity", "object", b'{"id":"x:y","definition":{"extensions":{"x:y":9007199254740993}}}'),
        ("_activity", "object", b'{"objectType":"StatementRef","id":"7c5b1f0e-2d43-4c58-9a3c-0d5f6f4f2b11"}'),
        ("_related", "context/contextActivities", b'{"parent":{"id":"x:y"}}'),
        ("_extensions", "context/extensions", b'{"x:y":"\\ud800"}'),
        ("_extensions", "context/extensions", b'{"x":1}'),
    ],
)
def test_what_was_refused_is_never_remembered_as_good(part: str, place: str, text: bytes) -> None:
    whole = tight(at(place, "HERE", USUAL)).replace(b'"HERE"', text)
    assert understood(whole, "2.0.0") is None
    assert understood(whole, "1.0.3") is None
    assert remembered(part) == 0


@each_part
def test_no_more_is_remembered_than_was_meant(part: str) -> None:
    assert 0 < getattr(plain, part).cache_info().maxsize <= plain._MANY


def test_a_sound_part_does_not_vouch_for_another_kind() -> None:
    """What is good as an activity is no verb, though its text is known."""
    text = at("verb", USUAL["object"], USUAL)
    assert understood(TEXT, "2.0.0") is not None
    assert understood(tight(text), "2.0.0") is None
