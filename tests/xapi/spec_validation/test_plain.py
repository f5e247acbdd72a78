"""What is understood quickly is what would be understood slowly, and nothing that would be refused (D9, E6)."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from datetime import datetime
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.kernel import strict_json
from lms.kernel.errors import Malformed
from lms.kernel.unread import Unread
from lms.xapi.rules import moments
from lms.xapi.rules.iris import account_of_ours
from lms.xapi.rules.naming import Names, names_in
from lms.xapi.rules.plain import understood
from lms.xapi.rules.sameness import has_lists_only
from lms.xapi.rules.validate import Version, validate
from tests.xapi.spec_validation.cases import VERSIONS
from tests.xapi.spec_validation.mischief import harmed
from tests.xapi.spec_validation.plainly import Said, plain_statements, statements, written

ROUNDS = 20_000 if os.environ.get("CADRE_EVIDENCE") else 500
HARMED = 15  # texts that come of one statement, beside the one that is whole
OF_THE_STORE = {"stored", "authority", "version", "attachments"}
DOUBTFUL = re.compile(rb"\\u0000|\\u003[aA]|[0-9]{16}")  # what may hide something
MANY = settings(max_examples=ROUNDS, deadline=None)
versions = st.sampled_from(VERSIONS)
chances = st.randoms(use_true_random=True)


def said_slowly(text: bytes, version: Version) -> Said | None:
    """What the ordinary road reads, where it lets a text in, also as one of many."""
    try:
        (alone,), (among,) = strict_json.pieces(text).each, strict_json.pieces(b"[%b]" % text).each
        validate(alone.value, version=version)
    except Malformed:
        return None
    assert alone == among
    said: Said = alone.value
    return said


def found_slowly(said: Said) -> tuple[UUID | None, datetime | None, str, Names]:
    """What the ordinary road finds in a statement: its id, its moment, its actor's account with us, and all names."""
    moment = moments.read(said["timestamp"], zone_needed=False) if "timestamp" in said else None
    return UUID(said["id"]) if "id" in said else None, moment, account_of_ours(said["actor"]) or "", names_in(said)


def exactly(value: Any) -> str:
    """A value as a text that is another one for each other value, whatever the order of its keys."""
    return json.dumps(value, sort_keys=True)


def is_understood(text: bytes, version: Version) -> bool:
    """Whether a text is understood quickly; then the ordinary road must say the very same of it."""
    found = understood(text, version)
    if found is None:
        return False
    said = said_slowly(text, version)
    assert said is not None, f"{version} would have refused {text!r}"
    assert (found.id, found.timestamp, found.account, found.names) == found_slowly(said), text
    assert has_lists_only(said), text
    assert not said.keys() & OF_THE_STORE, text
    unread, whole = Unread(text.decode(), found.parts), orjson.loads(text)
    assert found.parts.keys() <= {"result"}
    for key in found.parts:
        assert exactly(unread[key]) == exactly(whole[key]), text
    assert exactly(dict(unread)) == exactly(whole) == exactly(said), text
    return True


def test_D9_E6_what_is_understood_quickly_is_what_would_be_understood_slowly() -> None:
    heard: Counter[tuple[str, bool]] = Counter()

    @MANY
    @given(statements, versions, chances)
    def each(statement: Said, version: Version, chance: Random) -> None:
        whole = written(statement, chance)
        heard["whole", is_understood(whole, version)] += 1
        for _ in range(HARMED):
            heard["harmed", is_understood(harmed(whole, chance), version)] += 1

    each()
    for kind in ("whole", "harmed"):
        assert min(heard[kind, True], heard[kind, False]) > ROUNDS / 20, heard


@settings(max_examples=200, deadline=None)
@given(plain_statements, versions, chances)
def test_a_plain_statement_is_understood_unless_it_is_written_in_a_doubtful_way(
    statement: Said, version: Version, chance: Random
) -> None:
    """Else nobody would notice that the quick way leads nowhere any more."""
    text = written(statement, chance)
    if DOUBTFUL.search(text) is None and said_slowly(text, version) is not None:
        assert is_understood(text, version), text


@settings(MANY, max_examples=ROUNDS // 4)
@given(st.lists(st.tuples(statements, st.booleans()), max_size=4), versions, chances)
def test_E6_what_stands_among_others_is_understood_like_what_stands_alone(
    row: list[tuple[Said, bool]], version: Version, chance: Random
) -> None:
    """In a list of them, whoever knows them by their text finds no other list, and refuses no other one."""

    class Known(NamedTuple):
        text: bytes

    def known(text: bytes) -> Known | None:
        return None if understood(text, version) is None else Known(text)

    texts = [written(statement, chance) for statement, _ in row]
    body = b"[" + b",".join(harmed(text, chance) if odd else text for text, (_, odd) in zip(texts, row, strict=True))
    body += b"]"
    try:
        slowly = strict_json.pieces(body)
    except Malformed as refusal:
        with pytest.raises(Malformed) as other:
            strict_json.pieces(body, known=known)
        assert other.value.detail == refusal.detail
        return
    quickly = strict_json.pieces(body, known=known)
    assert [piece.text for piece in quickly.each] == [piece.text for piece in slowly.each]
    for one, other_one in zip(quickly.each, slowly.each, strict=True):
        assert one.value == (Known(one.text.encode()) if isinstance(one.value, Known) else other_one.value)
