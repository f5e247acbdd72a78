"""Activities and agents as all statements together say (xAPI Communication 2.4, 2.5)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.rules.statement_corpus import least
from tests.xapi.conftest import Lrs
from tests.xapi.documents.conftest import MOUNTS

VERSIONS = pytest.mark.parametrize("version", MOUNTS)
THING = "https://client.example/things/é"
CHOICE = {
    "interactionType": "choice",
    "correctResponsesPattern": ["a"],
    "choices": [{"id": "a", "description": {"en": "A"}}],
}


def say(lrs: Lrs, definition: dict[str, Any] | None) -> None:
    thing = {"id": THING} if definition is None else {"id": THING, "definition": definition}
    assert lrs.post(least(object=thing)).status_code == 200


def ask(lrs: Lrs, version: str, path: str, query: dict[str, str] | str) -> TestResponse:
    spoken = {"X-Experience-API-Version": version}
    return lrs.send("GET", f"{MOUNTS[version]}/{path}", headers=spoken, query_string=query)


def activity(lrs: Lrs, version: str = "2.0.0") -> Any:
    answer = ask(lrs, version, "activities", {"activityId": THING})
    assert (answer.status_code, answer.content_type) == (200, "application/json")
    return answer.json


def person(lrs: Lrs, agent: dict[str, Any], version: str = "2.0.0") -> Any:
    answer = ask(lrs, version, "agents", {"agent": json.dumps(agent)})
    assert (answer.status_code, answer.content_type) == (200, "application/json")
    return answer.json


@VERSIONS
def test_2_5_an_unknown_activity_is_shown_bare(lrs: Lrs, version: str) -> None:
    assert activity(lrs, version) == {"objectType": "Activity", "id": THING}


@VERSIONS
def test_2_5_an_activity_is_shown_with_all_that_was_said_of_it(lrs: Lrs, version: str) -> None:
    say(
        lrs,
        {"name": {"en": "One", "fr": "Un"}, "type": "https://t.example/1", "extensions": {"https://e.example/1": 1}},
    )
    say(lrs, None)
    say(lrs, {"name": {"en": "The first"}, "type": "https://t.example/2", "extensions": {"https://e.example/2": 2}})
    assert activity(lrs, version) == {
        "objectType": "Activity",
        "id": THING,
        "definition": {
            "name": {"en": "The first", "fr": "Un"},
            "type": "https://t.example/2",
            "extensions": {"https://e.example/1": 1, "https://e.example/2": 2},
        },
    }


def test_2_5_an_interaction_of_another_type_keeps_nothing_of_the_former_one(lrs: Lrs) -> None:
    say(lrs, CHOICE | {"name": {"en": "Q"}})
    say(lrs, {"interactionType": "fill-in", "correctResponsesPattern": ["b"]})
    assert activity(lrs)["definition"] == {
        "interactionType": "fill-in",
        "correctResponsesPattern": ["b"],
        "name": {"en": "Q"},
    }


def test_2_5_a_refused_statement_says_nothing_of_an_activity(lrs: Lrs) -> None:
    thing = {"id": THING, "definition": {"name": {"en": "One"}}}
    assert lrs.post([least(object=thing), least(verb={})]).status_code == 400
    assert activity(lrs) == {"objectType": "Activity", "id": THING}


@VERSIONS
@pytest.mark.parametrize("query", ["", "activityId=", "activityId=true", "activityId=a%20b", "activityId=a:b&x=1"])
def test_2_5_an_activity_is_asked_for_by_its_iri(lrs: Lrs, version: str, query: str) -> None:
    assert ask(lrs, version, "activities", query).status_code == 400


@VERSIONS
@pytest.mark.parametrize(
    "identifier",
    [
        {"mbox": "mailto:a@client.example"},
        {"mbox_sha1sum": "ebd31e95054c018b10727ccffd2ef2ec3a016ee9"},
        {"openid": "https://id.client.example/a"},
        {"account": {"homePage": "https://client.example", "name": "a"}},
    ],
)
def test_2_4_a_person_is_made_of_lists(lrs: Lrs, version: str, identifier: dict[str, Any]) -> None:
    assert lrs.post(least(actor={"objectType": "Agent", "name": "A. One", **identifier})).status_code == 200
    found = {name: [value] for name, value in identifier.items()}
    assert person(lrs, identifier, version) == {"objectType": "Person", "name": ["A. One"], **found}


@VERSIONS
def test_2_4_of_somebody_unknown_no_more_is_shown_than_was_asked_with(lrs: Lrs, version: str) -> None:
    agent = {"name": "B", "mbox": "mailto:b@client.example"}
    assert person(lrs, agent, version) == {
        "objectType": "Person",
        "name": ["B"],
        "mbox": ["mailto:b@client.example"],
    }


def test_2_4_every_name_that_statements_gave_somebody_is_shown(lrs: Lrs) -> None:
    known = {"mbox": "mailto:a@client.example"}
    for name in ("A. One", "A. Married", "A. One"):
        lrs.post(least(actor={"name": name, **known}))
    assert person(lrs, {"name": "A", **known}) == {
        "objectType": "Person",
        "name": ["A", "A. One", "A. Married"],
        "mbox": ["mailto:a@client.example"],
    }


@VERSIONS
@pytest.mark.parametrize(
    "agent",
    [None, "", "x", "{}", '{"name":"A"}', '{"objectType":"Group","mbox":"mailto:team@client.example"}'],
)
def test_2_4_a_person_is_asked_for_by_an_agent(lrs: Lrs, version: str, agent: str | None) -> None:
    query = {} if agent is None else {"agent": agent}
    answer = ask(lrs, version, "agents", query)
    assert answer.status_code == 400
    assert "agent" in answer.json["detail"]
