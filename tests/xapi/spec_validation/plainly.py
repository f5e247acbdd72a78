"""Statements that are plain, or nearly so, and how they may be written."""

from __future__ import annotations

import json
import operator
from random import Random
from typing import Any

from hypothesis import strategies as st

from lms.xapi.rules import iris
from tests.kernel.test_strict_json import json_values
from tests.xapi.spec_validation.cases import (
    ACCOUNT,
    ACTIVITY,
    ATTACHMENT,
    GOOD,
    ID,
    LEAST,
    MAIL,
    OPENID,
    REFERENCE,
    SHA1,
    TEAM,
)
from tests.xapi.spec_validation.forms import (
    DURATIONS_RIGHT,
    DURATIONS_WRONG,
    IRIS_RIGHT,
    LANGUAGES_RIGHT,
    LANGUAGES_WRONG,
    MOMENTS_RIGHT,
    MOMENTS_WRONG,
    UUIDS_RIGHT,
    UUIDS_WRONG,
)

Said = dict[str, Any]
EXTENSION = "https://gov.example/session"

USUAL: Said = {
    "id": "5b0c8a1e-6f0e-4c41-8e6d-2f3f1d1f7a10",
    "actor": {"objectType": "Agent", "account": {"homePage": "https://tool.example", "name": "learner-000017"}},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/answered", "display": {"en": "answered"}},
    "object": {
        "objectType": "Activity",
        "id": "https://tool.example/courses/0004/modules/2/questions/7",
        "definition": {
            "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
            "name": {"en": "Question 8 of part 3"},
            "interactionType": "choice",
            "correctResponsesPattern": ["b"],
            "choices": [{"id": letter} for letter in "abcd"],
        },
    },
    "result": {
        "score": {"scaled": 0.67, "raw": 67, "min": 0, "max": 100},
        "success": True,
        "completion": True,
        "response": "d",
        "duration": "PT93.67S",
    },
    "context": {
        "registration": "00000000-0000-4012-8000-000000000050",
        "contextActivities": {
            "parent": [{"id": "https://tool.example/courses/0004/modules/2"}],
            "grouping": [{"id": "https://tool.example/courses/0004", "definition": {"name": {"en": "A course"}}}],
            "category": [{"id": "https://w3id.org/xapi/cmi5/context/categories/cmi5"}],
        },
        "platform": "Tool",
        "language": "en",
        "extensions": {EXTENSION: "s-17-4"},
    },
    "timestamp": "2026-01-05T08:00:07.000Z",
}
"""What a busy learning tool says all day long."""


def tight(statement: Any) -> bytes:
    """A statement without a blank, every character as it is."""
    return json.dumps(statement, ensure_ascii=False, separators=(",", ":")).encode()


def backwards(value: Any) -> Any:
    """With all its keys in the opposite order."""
    if isinstance(value, dict):
        return {key: backwards(value[key]) for key in reversed(value)}
    return [backwards(inner) for inner in value] if isinstance(value, list) else value


# --- plain statements

_texts = st.sampled_from(["", "a", "a:b", "é", "漢:", "😀", '"{[,]}\\', "9" * 20, "\u2028", "null"]) | st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=6
)
_iris = st.sampled_from(IRIS_RIGHT)
_languages = st.sampled_from(LANGUAGES_RIGHT)
_language_maps = st.dictionaries(_languages, _texts, max_size=2)
_extensions = st.dictionaries(_iris, json_values, max_size=2)
_agents = st.one_of(
    st.sampled_from([MAIL, ACCOUNT, OPENID, SHA1]),
    st.builds(iris.account, _texts),
    st.builds(lambda name: {"objectType": "Agent", "name": name, **ACCOUNT}, _texts),
    st.just({"objectType": "Group", **MAIL}),
)
_definitions = st.sampled_from([{}, GOOD["object"]["definition"], USUAL["object"]["definition"]])
_activities = st.fixed_dictionaries(
    {"id": _iris}, optional={"objectType": st.just("Activity"), "definition": _definitions}
)
_scores = st.fixed_dictionaries(
    {},
    optional={
        "scaled": st.sampled_from([0, 1, -1, -0.0, 1 / 3, 5e-324]) | st.floats(-1, 1),
        "raw": st.integers(0, 100) | st.floats(0, 100),
        "min": st.sampled_from([0, 0.0, -1.5, -(2**53) + 1]),
        "max": st.sampled_from([100, 100.0, 1e15, 2**53 - 1]),
    },
)
_results = st.fixed_dictionaries(
    {},
    optional={
        "score": _scores,
        "success": st.booleans(),
        "completion": st.booleans(),
        "response": _texts,
        "duration": st.sampled_from(DURATIONS_RIGHT),
        "extensions": _extensions,
    },
)
_contexts = st.fixed_dictionaries(
    {},
    optional={
        "registration": st.sampled_from(UUIDS_RIGHT),
        "contextActivities": st.dictionaries(
            st.sampled_from(["parent", "grouping", "category", "other"]), st.lists(_activities, max_size=2), max_size=2
        ),
        "revision": _texts,
        "platform": _texts,
        "language": _languages,
        "extensions": _extensions,
    },
)
plain_statements: st.SearchStrategy[Said] = st.just(USUAL) | st.fixed_dictionaries(
    {
        "actor": _agents,
        "verb": st.fixed_dictionaries({"id": _iris}, optional={"display": _language_maps}),
        "object": _activities,
    },
    optional={
        "id": st.sampled_from(UUIDS_RIGHT),
        "result": _results,
        "context": _contexts,
        "timestamp": st.sampled_from([*MOMENTS_RIGHT, "2026-11-23T09:30:00"]),
    },
)


# --- what is not plain, or no statement at all

VOIDED = {"id": "http://adlnet.gov/expapi/verbs/voided"}
SUB = {"objectType": "SubStatement", **LEAST}
_SOMEBODY_WITH = {"objectType": "contextAgent", "agent": {"objectType": "Agent", **MAIL}}
NOT_PLAIN: dict[str, Said] = {
    "the moment of storing": {"stored": "2026-11-23T09:30:01Z"},
    "who vouches for it": {"authority": MAIL},
    "a version": {"version": "1.0.3"},
    "an attachment": {"attachments": [ATTACHMENT]},
    "no attachments": {"attachments": []},
    "a group by its members": {"actor": TEAM},
    "a known group with members": {"actor": {**TEAM, **MAIL}},
    "a group of nobody": {"actor": {"objectType": "Group", "member": [], **MAIL}},
    "a reference": {"object": REFERENCE},
    "somebody as its object": {"object": {"objectType": "Agent", **MAIL}},
    "a group as its object": {"object": TEAM},
    "a statement as its object": {"object": SUB},
    "what it voids": {"verb": VOIDED, "object": REFERENCE},
    "an instructor": {"context": {"instructor": MAIL}},
    "a team": {"context": {"team": TEAM}},
    "a reference in its context": {"context": {"statement": REFERENCE}},
    "context agents": {"context": {"contextAgents": [_SOMEBODY_WITH]}},
    "context groups": {"context": {"contextGroups": [{"objectType": "contextGroup", "group": TEAM}]}},
    "a single activity in place of a list": {"context": {"contextActivities": {"parent": ACTIVITY}}},
}
NO_STATEMENT: dict[str, Said] = {
    "voiding an activity": {"verb": VOIDED},
    "an unknown key": {"note": 1},
    "a key in another case": {"Actor": MAIL},
    "nobody": {"actor": {}},
    "two names for somebody": {"actor": MAIL | OPENID},
    "an activity without its name": {"object": {"objectType": "Activity"}},
    "a score beyond its highest": {"result": {"score": {"raw": 11, "max": 10}}},
    "a score without a range": {"result": {"score": {"min": 1, "max": 1}}},
    "a scaled score beyond 1": {"result": {"score": {"scaled": 1.0000001}}},
    "a truth for a number": {"result": {"score": {"raw": True}}},
    "a number in quotes": {"result": {"score": {"raw": "5"}}},
    "a number for a truth": {"result": {"success": 1}},
    "a number for a text": {"result": {"response": 5}},
    "no result": {"result": None},
    "no response": {"result": {"response": None}},
    "a duration that is none": {"result": {"duration": "1h"}},
    "an extension without its IRI": {"result": {"extensions": {"x": 1}}},
    "a language that is none": {"context": {"language": "en_GB"}},
    "a registration that is none": {"context": {"registration": ID[1:]}},
    "a relation that is none": {"context": {"contextActivities": {"child": [ACTIVITY]}}},
    "an id that is none": {"id": "x"},
    "an id without an end": {"id": ID + "\n"},
    "a day that is none": {"timestamp": "2026-02-30T09:30:00Z"},
    "a moment of another kind": {"timestamp": 1},
}
_WRONG_WORDS = [
    *({"id": text} for text in UUIDS_WRONG),
    *({"context": {"registration": text}} for text in UUIDS_WRONG),
    *({"context": {"language": text}} for text in LANGUAGES_WRONG),
    *({"result": {"duration": text}} for text in DURATIONS_WRONG),
    *({"timestamp": text} for text in MOMENTS_WRONG),
]
_odd = st.sampled_from([*NOT_PLAIN.values(), *NO_STATEMENT.values()]) | st.sampled_from(_WRONG_WORDS)
statements: st.SearchStrategy[Said] = plain_statements | st.builds(operator.or_, plain_statements, _odd)


# --- how it may be written


def written(value: Any, chance: Random) -> bytes:
    """A statement written as somebody might: in his order, with his blanks, escapes and forms of numbers."""
    if chance.random() < 0.3:
        return tight(value)
    hand = _Hand(chance)
    return f"{hand.blank()}{hand.written(value)}{hand.blank()}".encode()


class _Hand:
    """Somebody's way of writing JSON."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._blanks = chance.choice([("",), ("", " "), ("\n", "\t", "\r\n", "  ")])
        self._shuffles, self._ascii = chance.random() < 0.5, chance.random() < 0.5
        self._escapes = chance.choice([0.0, 0.0, 0.0, 0.02])
        self._other_numbers = chance.random() < 0.2

    def blank(self) -> str:
        return self._chance.choice(self._blanks)

    def written(self, value: Any) -> str:
        if isinstance(value, dict):
            return self._listed("{}", [f"{self._text(key)}{self.blank()}:{self._spaced(value[key])}" for key in value])
        if isinstance(value, list):
            return self._listed("[]", [self._spaced(inner) for inner in value], keeps_order=True)
        if isinstance(value, str):
            return self._text(value)
        return self._number(value) if type(value) in (int, float) else json.dumps(value)

    def _spaced(self, value: Any) -> str:
        return f"{self.blank()}{self.written(value)}{self.blank()}"

    def _listed(self, brackets: str, parts: list[str], *, keeps_order: bool = False) -> str:
        if self._shuffles and not keeps_order:
            self._chance.shuffle(parts)
        return f"{brackets[0]}{self.blank()}{f',{self.blank()}'.join(parts)}{brackets[1]}"

    def _text(self, text: str) -> str:
        if not self._escapes:
            return json.dumps(text, ensure_ascii=self._ascii)
        return f'"{"".join(map(self._letter, text))}"'

    def _letter(self, letter: str) -> str:
        if self._chance.random() < self._escapes:
            return "".join(f"\\u{int.from_bytes(pair):04x}" for pair in _halves(letter))
        return json.dumps(letter, ensure_ascii=self._ascii)[1:-1]

    def _number(self, number: float) -> str:
        plainly = json.dumps(number)
        if not self._other_numbers:
            return plainly
        return self._chance.choice((plainly, f"{plainly}e0", f"{plainly}E+0", f"{plainly}.0", f"{plainly}00e-2"))


def _halves(letter: str) -> list[bytes]:
    units = letter.encode("utf-16-be")
    return [units[at : at + 2] for at in range(0, len(units), 2)]
