"""Whatever is sent, the record answers 4xx and stores nothing, alike on both databases (rows E6, E7)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.kernel.test_strict_json import REFUSED
from tests.rules.statement_corpus import TIMESTAMPS_WRONG, WRONG, full, least
from tests.xapi.conftest import Lrs, stored_rows

GENTLE = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def test_E6_what_is_not_strict_json_is_refused(lrs: Lrs) -> None:
    answers = {name: lrs.post(body) for name, body in REFUSED.items()}
    assert {name: (a.status_code, a.content_type) for name, a in answers.items()} == dict.fromkeys(
        REFUSED, (400, "application/problem+json")
    )
    assert stored_rows() == 0


def test_E6_what_is_no_statement_is_refused_with_a_pointer_and_takes_its_batch_with_it(lrs: Lrs) -> None:
    found = {}
    for name, change, _ in WRONG:
        statement = full()
        change(statement)
        answer = lrs.post([least(), statement])
        found[name] = (answer.status_code, answer.json["errors"][0]["field"])
    assert found == {name: (400, ("/1" + pointer).rstrip("/")) for name, _, pointer in WRONG}
    assert stored_rows() == 0


def test_E7_a_bad_timestamp_is_refused(lrs: Lrs) -> None:
    found = {}
    for text in TIMESTAMPS_WRONG:
        answer = lrs.post(least(timestamp=text))
        found[text] = (answer.status_code, answer.json["errors"][0]["field"])
    assert found == dict.fromkeys(TIMESTAMPS_WRONG, (400, "/timestamp"))


@pytest.mark.parametrize("text", ["1900-01-01T00:00:00+14:00", "2199-12-31T23:59:59.999999-14:00"])
def test_E7_the_first_and_the_last_moment_come_back_as_they_went_in(lrs: Lrs, text: str) -> None:
    (made,) = lrs.post(least(timestamp=text)).json
    assert lrs.get(statementId=made).json["timestamp"] == text


def test_E6_the_longest_words_that_are_taken_can_be_stored_and_found(lrs: Lrs) -> None:
    iri = "https://gov.example/" + "é" * 490
    actor = {"account": {"homePage": "https://gov.example/" + "x" * 900, "name": "é" * 5000}}
    statement = least(
        object={"id": iri},
        verb={"id": "https://gov.example/" + "v" * 380},
        actor=actor,
        result={"response": "ü\u202e\U0001f600" * 30_000},
    )
    (made,) = lrs.post(statement).json
    assert lrs.ids(activity=iri, verb=statement["verb"]["id"]) == [made]
    assert lrs.ids(agent=json.dumps(actor)) == [made]


values: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats()
    | st.text(st.characters(), max_size=8)
    | st.sampled_from(["http://a.example/", "Agent", "Group", "Activity", "StatementRef", "SubStatement", "en", "P1D"])
    | st.sampled_from(TIMESTAMPS_WRONG),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "objectType", "mbox", "member", "definition", "en"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)
PLACES = (
    "id actor actor.account actor.account.name verb verb.id verb.display object object.id object.definition "
    "object.definition.name object.definition.choices object.definition.extensions result result.score "
    "result.score.raw result.response result.extensions context context.registration context.team "
    "context.contextActivities context.statement timestamp version authority stored attachments"
)
places = st.sampled_from(PLACES.split())


def changed(place: str, value: Any) -> dict[str, Any]:
    statement = full()
    *parts, last = place.split(".")
    inner: Any = statement
    for part in parts:
        inner = inner[part]
    inner[last] = value
    return statement


@GENTLE
@given(place=places, value=values, many=st.booleans())
def test_E6_a_statement_with_anything_anywhere_is_taken_or_refused_but_breaks_nothing(
    lrs: Lrs, place: str, value: Any, many: bool
) -> None:
    statement = changed(place, value)
    body = json.dumps([least(), statement] if many else statement)
    answer = lrs.post(body.encode())
    assert answer.status_code in {200, 400, 409}, answer.text


@GENTLE
@given(st.dictionaries(places | st.sampled_from(["agent", "limit", "since", "more"]), st.text(max_size=20), max_size=3))
def test_E6_no_query_breaks_the_reader(lrs: Lrs, query: dict[str, str]) -> None:
    answer = lrs.send("GET", query_string=query)
    assert answer.status_code in {200, 400}


@GENTLE
@given(
    name=st.sampled_from(["agent", "verb", "activity", "registration", "since", "limit", "statementId", "more"]),
    text=st.text(max_size=30) | values.map(json.dumps) | st.sampled_from(TIMESTAMPS_WRONG),
)
def test_E6_no_parameter_breaks_the_reader(lrs: Lrs, name: str, text: str) -> None:
    answer = lrs.send("GET", query_string={name: text})
    assert answer.status_code in {200, 400, 404}
