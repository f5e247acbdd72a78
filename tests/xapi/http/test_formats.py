"""The forms in which statements are given out (xAPI Communication 2.1.3, XAPI-00168 to 00172)."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from lms.xapi.rules import formats
from tests.rules.statement_corpus import ID, full, least
from tests.xapi.conftest import VERSION_HEADER, Lrs

EXTENSIONS = {"https://gov.example/x": {"objectType": "Agent", "name": {"en": "A", "fr": "B"}, "id": 1}}
AMINA = {"objectType": "Agent", "name": "Amina", "mbox": "mailto:amina@gov.example"}
TEAM = {"objectType": "Group", "name": "Team", "member": [AMINA]}
DEFINITION = {
    "name": {"en-GB": "Check", "fr": "Contrôle"},
    "description": {"fr": "Quoi", "en-GB": "What"},
    "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
    "interactionType": "choice",
    "choices": [{"id": "a", "description": {"en-GB": "Yes", "fr": "Oui"}}, {"id": "b"}],
    "extensions": EXTENSIONS,
}
ACTIVITY = {"objectType": "Activity", "id": "https://gov.example/check", "definition": DEFINITION}
VERB = {"id": "https://gov.example/verbs/checked", "display": {"en-GB": "checked", "fr": "vérifié"}}
RICH: dict[str, Any] = {
    "id": ID,
    "actor": TEAM,
    "verb": VERB,
    "object": {"objectType": "SubStatement", "actor": AMINA, "verb": VERB, "object": ACTIVITY},
    "result": {"extensions": EXTENSIONS},
    "context": {
        "instructor": AMINA,
        "team": {**TEAM, "account": {"homePage": "https://gov.example", "name": "t"}},
        "contextActivities": {"parent": [ACTIVITY], "other": ACTIVITY},
        "contextAgents": [{"objectType": "contextAgent", "agent": AMINA}],
        "contextGroups": [{"objectType": "contextGroup", "group": TEAM}],
        "extensions": EXTENSIONS,
    },
}
BARE = {"objectType": "Agent", "mbox": "mailto:amina@gov.example"}


def test_2_1_3_ids_leaves_only_what_identifies() -> None:
    before = copy.deepcopy(RICH)
    found = formats.ids(RICH)
    bare_team = {"objectType": "Group", "member": [BARE]}
    assert found["actor"] == bare_team
    assert found["verb"] == {"id": VERB["id"]}
    assert found["object"] == {
        "objectType": "SubStatement",
        "actor": BARE,
        "verb": {"id": VERB["id"]},
        "object": {"id": ACTIVITY["id"]},
    }
    context = found["context"]
    assert context["instructor"] == BARE
    assert context["team"] == {"objectType": "Group", "account": {"homePage": "https://gov.example", "name": "t"}}
    assert context["contextActivities"] == {"parent": [{"id": ACTIVITY["id"]}], "other": [{"id": ACTIVITY["id"]}]}
    assert context["contextAgents"] == [{"objectType": "contextAgent", "agent": BARE}]
    assert context["contextGroups"] == [{"objectType": "contextGroup", "group": bare_team}]
    assert before == RICH


@pytest.mark.parametrize("form", ["ids", "canonical"])
def test_2_1_3_no_form_touches_extensions(form: str) -> None:
    found = formats.ids(RICH) if form == "ids" else formats.canonical(RICH, {}, ["fr"])
    assert found["context"]["extensions"] == found["result"]["extensions"] == EXTENSIONS


def test_2_1_3_canonical_gives_one_language_a_map() -> None:
    found = formats.canonical(RICH, {}, ["fr"])
    assert found["actor"] == TEAM
    for statement in (found, found["object"]):
        assert statement["verb"] == {"id": VERB["id"], "display": {"fr": "vérifié"}}
    definition = found["object"]["object"]["definition"]
    assert definition["name"] == {"fr": "Contrôle"}
    assert definition["description"] == {"fr": "Quoi"}
    assert definition["choices"] == [{"id": "a", "description": {"fr": "Oui"}}, {"id": "b"}]
    assert definition["extensions"] == EXTENSIONS


def test_2_1_3_canonical_gives_the_definition_that_the_record_knows() -> None:
    known = {ACTIVITY["id"]: {"name": {"en": "Known", "fr": "Connu"}}}
    found = formats.canonical(least(object={"id": ACTIVITY["id"]}), known, ["en"])
    assert found["object"] == {"id": ACTIVITY["id"], "definition": {"name": {"en": "Known"}}}
    assert formats.canonical(least(), {}, ["en"]) == least()


@pytest.mark.parametrize(
    ("wanted", "tags", "chosen"),
    [
        (["en-GB"], ["en-US", "en-GB"], "en-GB"),
        (["EN-gb"], ["en-US", "en-GB"], "en-GB"),
        (["en-GB"], ["fr", "en"], "en"),
        (["en"], ["fr", "en-US"], "en-US"),
        (["en-GB"], ["fr", "en-US"], "en-US"),
        (["de", "fr"], ["en", "fr"], "fr"),
        (["zh-Hant-TW"], ["zh-Hans", "zh-Hant"], "zh-Hant"),
        (["de"], ["fr", "en"], "en"),
        (["de"], ["fr", "und"], "und"),
        (["de"], ["fr", "pt"], "fr"),
        ([], ["fr"], "fr"),
    ],
)
def test_2_1_3_the_language_is_the_one_the_reader_understands_best(
    wanted: list[str], tags: list[str], chosen: str
) -> None:
    assert formats.spoken({tag: tag for tag in tags}, wanted) == {chosen: chosen}
    assert formats.spoken({}, wanted) == {}


@pytest.mark.parametrize("mount", ["/xapi/", "/xapi/1.0.3/"])
def test_2_1_3_accept_language_chooses_in_canonical_alone(lrs: Lrs, mount: str) -> None:
    lrs.post(least(id=ID, verb=VERB, object=ACTIVITY))
    said = {"Accept-Language": "fr;q=0.5, en-GB", VERSION_HEADER: "1.0.3"}
    for query in ({"statementId": ID}, {}):
        for form, languages in (("canonical", {"en-GB"}), ("exact", {"en-GB", "fr"})):
            answer = lrs.send("GET", f"{mount}statements", query_string={**query, "format": form}, headers=said)
            statement = answer.json if query else answer.json["statements"][0]
            assert statement["verb"]["display"].keys() == languages
            assert statement["object"]["definition"]["name"].keys() == languages


def test_2_1_3_exact_gives_what_came_and_is_the_default(lrs: Lrs) -> None:
    lrs.post(full())
    assert lrs.get(statementId=ID).data == lrs.get(statementId=ID, format="exact").data


def test_2_4_canonical_tells_what_all_statements_together_said(lrs: Lrs) -> None:
    lrs.post(least(object=ACTIVITY))
    lrs.post(least(id=ID, object={"id": ACTIVITY["id"]}))
    found = lrs.send("GET", query_string={"statementId": ID, "format": "canonical"}, headers={"Accept-Language": "fr"})
    assert found.json["object"]["definition"]["name"] == {"fr": "Contrôle"}
    assert "definition" not in lrs.get(statementId=ID).json["object"]
