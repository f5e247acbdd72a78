"""What may be asked of the statements, and the addresses of further pages (xAPI Communication 2.1.3, 2.5; row E9)."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import pytest

from lms.kernel import clock
from lms.kernel.errors import Malformed
from lms.xapi.rules import more, parameters
from lms.xapi.rules.parameters import Filters, One
from tests.conftest import NOW
from tests.rules.statement_corpus import ID, least
from tests.xapi.conftest import VERSION_HEADER, Lrs

AGENT = '{"mbox":"mailto:a@gov.example"}'
EVERYTHING = {
    "agent": AGENT,
    "verb": "https://gov.example/v",
    "activity": "https://gov.example/a",
    "registration": ID,
    "related_activities": "true",
    "related_agents": "true",
    "since": "2020-01-01T00:00:00Z",
    "until": "2030-01-01T00:00:00Z",
    "limit": "5",
    "format": "ids",
    "attachments": "true",
    "ascending": "true",
}


def read(**given: str) -> One | Filters:
    return parameters.read({name: [value] for name, value in given.items()}, "2.0.0")


def test_2_1_3_every_parameter_is_read() -> None:
    found = read(**EVERYTHING)
    assert isinstance(found, Filters)
    assert found.related_agents and found.related_activities and found.attachments and found.ascending
    assert (found.format, found.limit, str(found.registration)) == ("ids", 5, ID)


def test_2_1_3_a_single_statement_may_be_given_in_every_form() -> None:
    found = read(voidedStatementId=ID, format="canonical", attachments="true")
    assert isinstance(found, One)
    assert (found.voided, found.format, found.attachments) == (True, "canonical", True)


@pytest.mark.parametrize("name", EVERYTHING)
def test_3_2_the_case_of_a_parameter_matters(name: str) -> None:
    with pytest.raises(Malformed, match="no parameter"):
        read(**{name.capitalize(): EVERYTHING[name]})


@pytest.mark.parametrize("name", sorted(EVERYTHING.keys() - {"format", "attachments"}))
@pytest.mark.parametrize("one", ["statementId", "voidedStatementId"])
def test_2_1_3_a_single_statement_stands_alone(name: str, one: str) -> None:
    with pytest.raises(Malformed, match="stands alone"):
        read(**{one: ID, name: EVERYTHING[name]})


def test_2_1_3_both_ids_together_are_refused() -> None:
    with pytest.raises(Malformed, match="stands alone"):
        read(statementId=ID, voidedStatementId=ID)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("format", "IDS"),
        ("format", ""),
        ("attachments", "True"),
        ("attachments", "1"),
        ("related_agents", "yes"),
        ("related_activities", ""),
        ("ascending", "TRUE"),
        ("limit", "-1"),
        ("limit", "1.5"),
        ("agent", "a"),
        ("agent", "{}"),
        ("verb", "attended"),
        ("registration", "1"),
        ("since", "yesterday"),
        ("statementId", "1"),
    ],
)
def test_2_1_3_a_value_of_the_wrong_kind_is_refused_by_name(lrs: Lrs, name: str, value: str) -> None:
    answer = lrs.get(**{name: value})
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
    (told,) = answer.json["errors"]
    assert told["field"] == name
    assert answer.json["detail"] == f"{name} {told['message']}"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("x", "What was sent is not JSON"),
        ('"x"', "it must be an object, not text"),
        ('{"mbox":"x"}', "/mbox must be"),
        ('{"mbox":"mailto:a@b.example","mbox":"mailto:c@b.example"}', "stands twice"),
    ],
)
@pytest.mark.parametrize("path", ["statements", "agents", "agents/profile", "activities/state"])
def test_2_1_3_whatever_is_no_agent_says_what_one_is(lrs: Lrs, path: str, agent: str, words: str) -> None:
    more = {"activityId": "https://gov.example/a"} if path == "activities/state" else {}
    answer = lrs.get(path, agent=agent, **more)
    assert answer.status_code == 400
    (told,) = answer.json["errors"]
    assert told["field"] == "agent"
    assert 'must be an agent as a JSON object, such as {"mbox": "mailto:' in told["message"]
    assert words in told["message"] and "body" not in answer.json["detail"]


@pytest.mark.parametrize(
    ("method", "path", "query", "name"),
    [
        ("GET", "statements", {"colour": "red"}, "colour"),
        ("GET", "statements", {"statementId": ID, "limit": "1"}, "statementId"),
        ("GET", "statements", {"limit": ["1", "2"]}, "limit"),
        ("GET", "statements", {"more": "x"}, "more"),
        ("PUT", "statements", {}, "statementId"),
        ("POST", "statements", {"limit": "1"}, "limit"),
        ("GET", "activities", {"activityId": "x"}, "activityId"),
        ("GET", "activities/state", {"activityId": "https://gov.example/a"}, "agent"),
        ("GET", "activities/state", {"activityId": "https://gov.example/a", "agent": AGENT, "since": "x"}, "since"),
        ("GET", "agents/profile", {"agent": AGENT, "profileId": ""}, "profileId"),
        ("DELETE", "activities/profile", {"activityId": "https://gov.example/a"}, "profileId"),
        ("GET", "agents", {"agent": '{"objectType":"Group","mbox":"mailto:a@b.example"}'}, "agent"),
        ("POST", "statements", {"method": "GET"}, "method"),
    ],
)
def test_3_2_a_refused_parameter_is_named_as_a_place_in_a_body_is(
    lrs: Lrs, method: str, path: str, query: dict[str, Any], name: str
) -> None:
    answer = lrs.send(method, path, query_string=query)
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
    (told,) = answer.json["errors"]
    assert told["field"] == name
    assert answer.json["detail"] == f"{name} {told['message']}"


@pytest.mark.parametrize("format", ["exact", "ids", "canonical"])
def test_2_5_further_pages_keep_filters_and_form(lrs: Lrs, format: str) -> None:
    lrs.post([least(verb={"id": "https://gov.example/v", "display": {"en": "x", "fr": "y"}}) for _ in range(3)])
    lrs.post(least())
    answer = lrs.get(verb="https://gov.example/v", limit=1, format=format)
    seen = 1
    while answer.json["more"]:
        answer = lrs.get(answer.json["more"])
        (statement,) = answer.json["statements"]
        assert len(statement["verb"].get("display", {})) == {"exact": 2, "ids": 0, "canonical": 1}[format]
        seen += 1
    assert seen == 3


def test_E9_a_further_page_can_be_had_for_a_day_and_no_longer(lrs: Lrs) -> None:
    lrs.post([least(), least()])
    address = lrs.get(limit=1).json["more"]
    for hours, status in ((24, 200), (24.01, 400)):
        with clock.at(NOW + timedelta(hours=hours)):
            answer = lrs.get(address)
            assert answer.status_code == status
    assert "24 hours" in answer.json["detail"]


@pytest.mark.parametrize("change", [{"limit": 500}, {"at": 10**11}, {"beyond": 1}, {"agent": "x"}, {"unknown": 1}])
def test_E9_whoever_rewrites_an_address_is_refused(lrs: Lrs, change: dict[str, Any]) -> None:
    lrs.post([least(), least()])
    address, _, token = lrs.get(limit=1).json["more"].partition("?more=")
    body, _, seal = token.rpartition(".")
    said = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    forged = base64.urlsafe_b64encode(json.dumps({**said, **change}).encode()).decode().rstrip("=")
    others = (f"{forged}.", forged, f"{seal}.{body}", f"{body}.{seal[:-1]}", ".", "é.é", "a" * 9999)
    for made in (f"{forged}.{seal}", *others):
        assert lrs.send("GET", address, query_string={"more": made}).status_code == 400
    assert lrs.get(f"{address}?more={token}&format=ids").status_code == 400
    assert lrs.get(f"{address}?more={token}&more={token}").status_code == 400


def test_E9_a_seal_is_for_one_reader_and_one_installation() -> None:
    filters = Filters(limit=7, since=NOW, verb="https://gov.example/v", attachments=True)
    token = more.seal(filters, reader="key:a", secret="s", now=NOW)
    assert more.unseal(token, reader="key:a", secret="s", now=NOW) == filters
    for reader, secret in (("key:b", "s"), ("key:a", "t")):
        with pytest.raises(Malformed):
            more.unseal(token, reader=reader, secret=secret, now=NOW)


def test_E9_the_largest_page_is_ours_to_say(lrs: Lrs) -> None:
    found = read(limit="999999999")
    assert isinstance(found, Filters)
    assert found.limit == parameters.LARGEST_PAGE
    wide = lrs.get(since="0001-01-01T00:00:00Z", until="9999-12-31T23:59:59Z", limit=0)
    assert wide.status_code in (200, 400)


def test_3_2_parameters_are_for_get_alone(lrs: Lrs) -> None:
    assert lrs.post(least(), query_string={"statementId": ID}).status_code == 400
    assert lrs.post(least(), query_string={"limit": "1"}, headers={VERSION_HEADER: "1.0.3"}).status_code == 400
