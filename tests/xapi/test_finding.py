"""What a statement is found by (xAPI Communication 2.1.3): the people and the activities in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from uuid import UUID, uuid4

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.kernel.db import transaction
from lms.xapi import queries
from lms.xapi.actions import inbound
from lms.xapi.rules import verbs
from lms.xapi.rules.agents import identifier
from lms.xapi.rules.facets import facets, target_of
from lms.xapi.rules.parameters import Filters
from tests.rules.statement_corpus import least
from tests.xapi.conftest import Lrs
from tests.xapi.drafts import body
from tests.xapi.sent import CLIENT, Said, activity, group, person, stored

SUB = {
    "objectType": "SubStatement",
    "actor": person("sub"),
    "verb": {"id": verbs.COMPLETED},
    "object": activity("sub"),
    "context": {"contextActivities": {"other": [activity("beneath")]}, "instructor": person("coach")},
}
WHERE: list[tuple[str, Said, str, str]] = [
    ("actor", {"actor": person("x")}, "agent", ""),
    ("object", {"object": person("x")}, "agent", ""),
    ("a member of the group that acts", {"actor": group("x", "y")}, "agent", ""),
    ("a member of the group acted upon", {"object": group("x", known="team")}, "agent", ""),
    ("instructor", {"context": {"instructor": person("x")}}, "agent", "related_agents"),
    ("a member of the team", {"context": {"team": group("x")}}, "agent", "related_agents"),
    ("actor of a sub-statement", {"object": {**SUB, "actor": person("x")}}, "agent", "related_agents"),
    ("instructor within it", {"object": {**SUB, "context": {"instructor": person("x")}}}, "agent", "related_agents"),
    (
        "a context agent",
        {"context": {"contextAgents": [{"objectType": "contextAgent", "agent": person("x")}]}},
        "agent",
        "related_agents",
    ),
    (
        "a member of a context group",
        {"context": {"contextGroups": [{"objectType": "contextGroup", "group": group("x")}]}},
        "agent",
        "related_agents",
    ),
    ("the object", {"object": activity("x")}, "activity", ""),
    ("a parent", {"context": {"contextActivities": {"parent": [activity("x")]}}}, "activity", "related_activities"),
    ("a grouping", {"context": {"contextActivities": {"grouping": activity("x")}}}, "activity", "related_activities"),
    ("a category", {"context": {"contextActivities": {"category": [activity("x")]}}}, "activity", "related_activities"),
    ("any other", {"context": {"contextActivities": {"other": [activity("x")]}}}, "activity", "related_activities"),
    ("object of a sub-statement", {"object": {**SUB, "object": activity("x")}}, "activity", "related_activities"),
    (
        "around a sub-statement",
        {"object": {**SUB, "context": {"contextActivities": {"other": [activity("x")]}}}},
        "activity",
        "related_activities",
    ),
]


@pytest.mark.parametrize(("what", "more", "filter", "related"), WHERE, ids=[what for what, *_ in WHERE])
def test_a_statement_is_found_by_everybody_and_everything_in_it(
    lrs: Lrs, what: str, more: Said, filter: str, related: str
) -> None:
    _, wanted = stored(lrs, least(actor=person("nobody")), least(**more))
    asked = {filter: json.dumps(person("x")) if filter == "agent" else activity("x")["id"]}
    assert lrs.ids(**asked) == ([] if related else [wanted])
    for flag in ("related_agents", "related_activities"):
        assert lrs.ids(**asked, **{flag: "true"}) == ([wanted] if related in ("", flag) else [])


def test_the_authority_is_a_related_agent(lrs: Lrs) -> None:
    (wanted,) = stored(lrs, least())
    authority = json.dumps(lrs.get(statementId=wanted).json["authority"])
    assert lrs.ids(agent=authority) == []
    assert lrs.ids(agent=authority, related_agents="true") == [wanted]


def test_who_is_in_a_statement_twice_brings_it_once(lrs: Lrs) -> None:
    twice = least(actor=person("x"), context={"instructor": person("x"), "team": group("x", "y")})
    (wanted,) = stored(lrs, twice)
    assert lrs.ids(agent=json.dumps(person("x")), related_agents="true") == [wanted]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_filter_alone_and_together_finds_what_a_plain_reading_finds(app: Flask, data: st.DataObject) -> None:
    """Against a second reading, written as the specification words it, over random statements and random questions."""
    names, things = st.sampled_from("abc"), st.sampled_from("xyz")
    some = st.fixed_dictionaries(
        {
            "actor": st.one_of(names.map(person), st.tuples(names, names).map(lambda pair: group(*sorted(set(pair))))),
            "verb": st.sampled_from(["did", "saw"]).map(lambda word: {"id": f"https://gov.example/verbs/{word}"}),
            "object": st.one_of(things.map(activity), names.map(person)),
        },
        optional={
            "context": st.fixed_dictionaries(
                {},
                optional={
                    "instructor": names.map(person),
                    "contextActivities": things.map(lambda name: {"parent": [activity(name)]}),
                },
            )
        },
    )
    sent = data.draw(st.lists(some, min_size=1, max_size=6))
    mark = str(uuid4())
    for statement in sent:
        statement["id"] = str(uuid4())
        if "context" in statement:
            statement["context"].setdefault("registration", mark)
    for index, statement in enumerate(sent[1:]):
        if data.draw(st.booleans()):
            statement["object"] = {"objectType": "StatementRef", "id": sent[index]["id"]}
            statement.pop("context", None)
    with transaction():
        before = {row for row in _all()}
        inbound.accept(actor=CLIENT, body=body(sent), version="2.0.0")
        asked = _filters(data, mark)
        expected = {UUID(s["id"]) for s in sent if _matches(s, asked, {t["id"]: t for t in sent})}
        assert {row for row in _found(asked)} - before == expected


def _all() -> list[UUID]:
    return _found(Filters(limit=500))


def _found(filters: Filters) -> list[UUID]:
    return [UUID(json.loads(text)["id"]) for text in queries.statements(CLIENT, filters).statements]


def _filters(data: st.DataObject, mark: str) -> Filters:
    maybe = st.one_of
    return Filters(
        agent=data.draw(maybe(st.none(), st.sampled_from("abc").map(lambda name: identifier(person(name))))),
        verb=data.draw(maybe(st.none(), st.just("https://gov.example/verbs/did"))),
        activity=data.draw(maybe(st.none(), st.sampled_from("xyz").map(lambda name: activity(name)["id"]))),
        registration=data.draw(maybe(st.none(), st.just(UUID(mark)))),
        related_agents=data.draw(st.booleans()),
        related_activities=data.draw(st.booleans()),
        ascending=data.draw(st.booleans()),
        limit=500,
    )


def _matches(statement: Said, asked: Filters, others: Mapping[str, Said]) -> bool:
    """Each condition is met by the statement or by one that it refers to."""
    chain, target = [statement], target_of(statement)
    while target in others:
        chain.append(others[target])
        target = target_of(others[target])
    conditions = (
        lambda said: asked.agent is None or asked.agent in _people(said, asked.related_agents),
        lambda said: asked.verb is None or said["verb"]["id"] == asked.verb,
        lambda said: asked.activity is None or asked.activity in _things(said, asked.related_activities),
        lambda said: (
            asked.registration is None or said.get("context", {}).get("registration") == str(asked.registration)
        ),
    )
    return all(any(condition(said) for said in chain) for condition in conditions)


def _people(said: Said, related: bool) -> set[str]:
    found = [said["actor"], *facets(said).agents]
    return {identifier(agent) for agent in (*found, *(facets(said).related_agents if related else ()))}


def _things(said: Said, related: bool) -> set[str]:
    own = [said["object"]] if said["object"]["objectType"] == "Activity" else []
    return {thing["id"] for thing in (*own, *(facets(said).related_activities if related else ()))}


def test_what_is_said_of_an_activity_can_be_said_back(lrs: Lrs) -> None:
    for name in ("first", "second", "first"):
        stored(lrs, least(object={**activity("x"), "definition": {"name": {"en": name}}}))
        answer = lrs.get("activities", activityId=activity("x")["id"])
        assert answer.json["definition"]["name"] == {"en": name}
