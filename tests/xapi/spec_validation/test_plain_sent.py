"""Plain statements and others in one batch: all are stored as they came, and a refusal points at the right one (E6)."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from lms.xapi.rules.plain import understood
from lms.xapi.rules.validate import Version
from tests.xapi.conftest import VERSION_HEADER, Lrs, stored_rows
from tests.xapi.http.test_short_road import PLAINLY_NOT, kept_text
from tests.xapi.spec_validation.cases import TEAM, VERSIONS, at
from tests.xapi.spec_validation.plainly import USUAL, Said, backwards, tight

both = pytest.mark.parametrize("version", VERSIONS)
roads = pytest.mark.parametrize("road", [{}, PLAINLY_NOT], ids=["short", "ordinary"])
Headers = dict[str, str]
OF_THE_STORE = {"stored", "authority", "version"}


def usual(**more: Any) -> Said:
    return {**USUAL, "id": str(uuid4()), **more}


def unnamed() -> Said:
    return {key: value for key, value in USUAL.items() if key not in ("id", "timestamp")}


def texts() -> list[bytes]:
    """Plain ones in several hands, and among them one by a group."""
    spaced = json.dumps(usual(actor={**USUAL["actor"], "name": "Émilie 😀"}), indent=1).encode()
    forms = at("result/score", {"raw": 1, "max": 2, "scaled": 3}, usual())
    numbers = tight(forms).replace(b":1,", b":1.50,").replace(b":2,", b":2e1,").replace(b":3}", b":-0.0}")
    return [
        tight(usual()),
        spaced.removesuffix(b"}") + b" \t}",
        tight(unnamed()),
        tight(usual(actor=TEAM)),
        json.dumps(backwards(usual())).encode(),
        numbers,
        tight(usual()).replace(b'"actor"', b'"\\u0061ctor"'),
    ]


def added_to(sent: bytes, kept: str) -> Said:
    """What the store put behind what was sent, of which it must not have changed a letter."""
    start = sent.decode().removesuffix("}").rstrip()
    assert kept.startswith(f"{start},")
    added: Said = json.loads("{" + kept[len(start) + 1 :])
    return added


def checked(sent: bytes, kept: str, version: Version) -> None:
    """Whether what is kept is what was sent and what only the store may say."""
    said, added = json.loads(sent), added_to(sent, kept)
    assert added.keys() == OF_THE_STORE | ({"id", "timestamp"} - said.keys())
    assert added["version"] == ("2.0.0" if version == "2.0.0" else "1.0.0")
    assert json.loads(kept) == said | added


@roads
@both
def test_a_batch_of_plain_statements_and_another_one_is_stored_as_it_was_sent(
    lrs: Lrs, version: Version, road: Headers
) -> None:
    sent = texts()
    assert [understood(text, version) is None for text in sent] == [False, False, False, True, False, False, False]
    answer = lrs.post(b" [ " + b" ,\n".join(sent) + b"]\n", headers={VERSION_HEADER: version, **road})
    assert answer.status_code == 200, answer.text
    for text, statement_id in zip(sent, answer.json, strict=True):
        said = json.loads(text)
        assert said.get("id", statement_id) == statement_id
        checked(text, kept_text(statement_id), version)
        assert lrs.get(statementId=statement_id).json == json.loads(kept_text(statement_id))
    assert stored_rows() == len(sent)


def fields(answer: TestResponse) -> list[str]:
    assert answer.status_code == 400, answer.text
    return [error["field"] for error in answer.json["errors"]]


BAD: dict[str, tuple[bytes, str]] = {
    "a score beyond its highest": (tight(at("result/score/raw", 101, USUAL)), "/result/score/raw"),
    "a verb that is none": (tight(at("verb/id", "answered", USUAL)), "/verb/id"),
    "a relation that is none": (tight(at("context/contextActivities/child", [], USUAL)), "/context/contextActivities"),
    "a day that is none": (tight({**USUAL, "timestamp": "2026-02-30T09:30:00Z"}), "/timestamp"),
    "an unknown key": (tight({**USUAL, "note": 1}), "/note"),
    "a group of nobody": (tight({**USUAL, "actor": {"objectType": "Group"}}), "/actor"),
    "a language twice": (tight(USUAL).replace(b'"language":', b'"language":"en","language":'), "/context"),
    "half a character": (tight(USUAL).replace(b'"response":"d"', b'"response":"\\ud800"'), "/result/response"),
    "no number": (tight(USUAL).replace(b":67", b":NaN"), "/result/score/raw"),
}


@roads
@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("place", [0, 3])
def test_a_refusal_points_at_the_one_bad_statement_among_plain_ones(
    lrs: Lrs, name: str, place: int, road: Headers
) -> None:
    text, pointer = BAD[name]
    sent = [tight(usual()) for _ in range(5)]
    sent[place] = text
    (field,) = fields(lrs.post(b"[%b]" % b",".join(sent), headers=road))
    assert field.startswith(f"/{place}{pointer}")
    assert stored_rows() == 0
    (alone,) = fields(lrs.post(text, headers=road))
    assert f"/{place}{alone}" == field


@roads
def test_of_two_bad_statements_the_first_is_pointed_at(lrs: Lrs, road: Headers) -> None:
    sent = [tight(usual()), BAD["an unknown key"][0], tight(usual(actor=TEAM)), BAD["a verb that is none"][0]]
    assert fields(lrs.post(b"[%b]" % b",".join(sent), headers=road)) == ["/1/note"]


@roads
def test_an_id_that_stands_twice_among_plain_ones_is_pointed_at(lrs: Lrs, road: Headers) -> None:
    sent = [usual(), usual(), usual(actor=TEAM)]
    for again in (sent[0] | {"id": sent[1]["id"].upper()}, sent[1] | {"actor": TEAM}):
        assert fields(lrs.post([*sent, again], headers=road)) == ["/3/id"]
    assert stored_rows() == 0


@roads
def test_what_comes_again_is_known_again_whether_it_is_plain_or_not(lrs: Lrs, road: Headers) -> None:
    first = usual()
    assert lrs.post(first, headers=road).status_code == 200
    again = [json.dumps(first, indent=1).encode(), tight({**first, "version": "2.0.0"}), tight(first)]
    assert [lrs.post(text, headers=road).status_code for text in again] == [200, 200, 200]
    without = {key: value for key, value in first.items() if key != "timestamp"}
    assert lrs.post(without, headers=road).status_code == 200, "its moment was named before"
    other = at("result/response", "c", first)
    assert lrs.post(other, headers=road).status_code == 409
    assert stored_rows() == 1
