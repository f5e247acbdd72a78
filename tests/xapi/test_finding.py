"""What a statement is found by (xAPI Communication 2.1.3): people, activities, and the statements it speaks of."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.kernel import clock
from lms.kernel.db import transaction
from lms.xapi import queries
from lms.xapi.actions import inbound
from lms.xapi.rules import verbs
from lms.xapi.rules.agents import identifier
from lms.xapi.rules.facets import facets, target_of
from lms.xapi.rules.parameters import Filters
from tests.conftest import NOW
from tests.rules.statement_corpus import least
from tests.xapi.conftest import Lrs
from tests.xapi.drafts import body
from tests.xapi.test_storing import CLIENT

Said = dict[str, Any]


def person(name: str) -> Said:
    return {"objectType": "Agent", "mbox": f"mailto:{name}@gov.example"}


def group(*names: str, known: str = "") -> Said:
    found: Said = {"objectType": "Group", "member": [person(name) for name in names]}
    return found | ({"mbox": f"mailto:{known}@gov.example"} if known else {})


def activity(name: str) -> Said:
    return {"objectType": "Activity", "id": f"https://gov.example/{name}"}


def about(statement_id: str, **more: Any) -> Said:
    return least(object={"objectType": "StatementRef", "id": statement_id}, **more)


def stored(lrs: Lrs, *sent: Said) -> list[str]:
    answer = lrs.post(list(sent))
    assert answer.status_code == 200, answer.text
    ids: list[str] = answer.json
    return ids


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


CHAINS = list(itertools.permutations(range(3)))


@pytest.mark.parametrize("order", CHAINS, ids=str)
def test_statements_about_statements_are_found_by_what_those_are_found_by(lrs: Lrs, order: tuple[int, ...]) -> None:
    """Over several links, and in whatever order they come: an answer may be there before what it answers."""
    ids = [str(uuid4()) for _ in range(3)]
    registration = str(uuid4())
    deed = least(
        id=ids[0],
        actor=person("x"),
        verb={"id": "https://gov.example/verbs/built"},
        object=activity("x"),
        context={
            "registration": registration,
            "instructor": person("coach"),
            "contextActivities": {"parent": [activity("whole")]},
        },
    )
    sent = [deed, about(ids[0], id=ids[1]), about(ids[1], id=ids[2])]
    for number, which in enumerate(order):
        with clock.at(NOW + timedelta(minutes=number)):
            stored(lrs, sent[which])
    newest_first = [ids[which] for which in reversed(order)]
    asked: list[Mapping[str, str]] = [
        {"agent": json.dumps(person("x"))},
        {"agent": json.dumps(person("coach")), "related_agents": "true"},
        {"activity": activity("x")["id"]},
        {"activity": activity("whole")["id"], "related_activities": "true"},
        {"verb": "https://gov.example/verbs/built"},
        {"registration": registration},
        {"agent": json.dumps(person("x")), "verb": "https://gov.example/verbs/built", "registration": registration},
    ]
    for query in asked:
        assert lrs.ids(**query) == newest_first, query
        assert lrs.ids(**query, ascending="true") == newest_first[::-1], query
    assert lrs.ids(activity=activity("whole")["id"]) == []


def test_a_circle_of_statements_ends(lrs: Lrs) -> None:
    first, second = str(uuid4()), str(uuid4())
    stored(lrs, about(second, id=first, actor=person("x")))
    stored(lrs, about(first, id=second, actor=person("y")))
    assert set(lrs.ids(agent=json.dumps(person("x")))) == {first, second}
    assert set(lrs.ids(agent=json.dumps(person("y")))) == {first, second}


def test_what_is_voided_before_it_comes_is_voided_when_it_comes(lrs: Lrs) -> None:
    late = str(uuid4())
    (voiding,) = stored(lrs, about(late, verb={"id": verbs.VOIDED}))
    stored(lrs, least(id=late, actor=person("x")))
    assert lrs.ids() == [voiding]
    assert lrs.get(statementId=late).status_code == 404
    assert lrs.get(voidedStatementId=late).status_code == 200
    assert lrs.ids(agent=json.dumps(person("x"))) == [voiding], "what refers to a voided statement is still found by it"


def test_a_statement_and_the_one_that_withdraws_it_may_come_at_once(app: Flask) -> None:
    """Neither has seen the other when it is sent: whoever ends last finds the other one."""
    gate = threading.Barrier(2)
    troubles: list[BaseException] = []

    def send(sent: list[Said]) -> None:
        try:
            with app.app_context():
                gate.wait(10)
                with transaction():
                    inbound.accept(actor=CLIENT, body=body(sent), version="2.0.0")
        except BaseException as trouble:
            troubles.append(trouble)

    deeds = [least(id=str(uuid4()), actor=person("x")) for _ in range(12)]
    withdrawals = [about(deed["id"], id=str(uuid4()), verb={"id": verbs.VOIDED}) for deed in deeds]
    for deed, withdrawal in zip(deeds, withdrawals, strict=True):
        threads = [threading.Thread(target=send, args=([one],)) for one in (deed, withdrawal)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
    assert troubles == []
    with transaction():
        shown = {str(id) for id in _found(Filters(agent=identifier(person("x")), limit=500))}
        assert shown == {withdrawal["id"] for withdrawal in withdrawals}


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


def test_a_withdrawal_that_is_itself_to_be_withdrawn_stands_in_whatever_order_they_come(lrs: Lrs) -> None:
    deed, withdrawal, second = (str(uuid4()) for _ in range(3))
    stored(lrs, least(id=deed, actor=person("x")))
    stored(lrs, about(withdrawal, id=second, verb={"id": verbs.VOIDED}))  # what it withdraws is not there yet
    stored(lrs, about(deed, id=withdrawal, verb={"id": verbs.VOIDED}))
    assert lrs.get(statementId=withdrawal).status_code == 200
    assert lrs.get(statementId=deed).status_code == 404


def test_a_long_chain_of_statements_about_statements_is_no_fault(lrs: Lrs) -> None:
    """The first comes last, and all that hang on it are found by it as far as chains are followed."""
    ids = [str(uuid4()) for _ in range(120)]
    for begin in range(1, 120, 40):
        stored(lrs, *(about(ids[at - 1], id=ids[at]) for at in range(begin, min(begin + 40, 120))))
    stored(lrs, least(id=ids[0], actor=person("x")))
    found = lrs.ids(agent=json.dumps(person("x")), limit=500)
    assert ids[0] in found and ids[1] in found and len(found) >= 50


def test_what_is_said_of_an_activity_can_be_said_back(lrs: Lrs) -> None:
    for name in ("first", "second", "first"):
        stored(lrs, least(object={**activity("x"), "definition": {"name": {"en": name}}}))
        answer = lrs.get("activities", activityId=activity("x")["id"])
        assert answer.json["definition"]["name"] == {"en": name}
