"""What a launched unit may say (rows E2, E4)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.xapi.rules import verbs
from lms.xapi.rules.facts import Fact
from lms.xapi.statements import account, iri
from tests.xapi.conftest import Lrs, stored_rows
from tests.xapi.launches.conftest import UNIT, Change, opened, said, unit_of

NATIVE_QUIZ = iri("courses", "sec-201", "steps", "check")
SESSION = "https://w3id.org/xapi/cmi5/context/extensions/sessionid"


def bound(context: Change, **more: Any) -> Change:
    return {"context": {**said()["context"], **context}, **more}


@pytest.mark.parametrize(
    "statement",
    [
        said(),
        said(verbs.COMPLETED),
        said(verbs.PASSED, result={"score": {"scaled": 0.9}, "success": True}),
        said(verbs.ANSWERED, f"{UNIT}/questions/1"),
        said(verbs.ANSWERED, f"{UNIT}#q1"),
        said(verbs.PASSED, f"{UNIT}?part=2"),
        said(**bound({"contextActivities": {"parent": {"id": UNIT}}}, object={"id": f"{UNIT}/a"})),
    ],
)
def test_E2_a_unit_says_what_its_learner_did_in_it(unit: Lrs, seen: list[tuple[str, Fact]], statement: Change) -> None:
    answer = unit.post(statement)
    assert answer.status_code == 200, answer.text
    fact = seen[0][1]
    assert not fact.own
    assert fact.statement["authority"] == account("launch")


OTHER = str(uuid4())
BEYOND = [
    ("another actor", {"actor": account("p-boris")}, "/actor"),
    ("an actor elsewhere", {"actor": {"account": {"homePage": "https://x.example", "name": "p-amina"}}}, "/actor"),
    ("a mailbox", {"actor": {"mbox": "mailto:amina@gov.example"}}, "/actor"),
    ("a group", {"actor": {"objectType": "Group", **account("p-amina"), "member": []}}, "/actor"),
    ("another activity", {"object": {"id": "https://content.example/units/8"}}, "/object/id"),
    ("an activity that begins alike", {"object": {"id": f"{UNIT}1"}}, "/object/id"),
    ("beneath it without saying so", bound({"contextActivities": {}}, object={"id": f"{UNIT}/1"}), "contextActivities"),
    ("a statement", {"object": {"objectType": "StatementRef", "id": OTHER}}, "/object"),
    ("an agent", {"object": {"objectType": "Agent", "mbox": "mailto:a@b.example"}}, "/object"),
    ("another registration", bound({"registration": OTHER}), "/context/registration"),
    ("no registration", {"context": {}}, "/context/registration"),
    ("another session", bound({"extensions": {SESSION: OTHER}}), SESSION),
    ("a session that is no text", bound({"extensions": {SESSION: 7}}), SESSION),
    ("completed of a native course", said(verbs.COMPLETED, iri("courses", "sec-201")), "/object/id"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "place"), [row[1:] for row in BEYOND], ids=[row[0] for row in BEYOND])
def test_E2_a_unit_says_nothing_beyond_its_launch(unit: Lrs, change: Change, place: str) -> None:
    answer = unit.post({**said(), **change})
    assert answer.status_code in (400, 403), answer.text
    assert place in answer.json["detail"]
    assert stored_rows() == 0


@pytest.mark.parametrize(
    "verb", [verbs.PASSED, verbs.FAILED, verbs.COMPLETED, verbs.MASTERED, verbs.SATISFIED, verbs.WAIVED]
)
@pytest.mark.parametrize("activity", [NATIVE_QUIZ, iri("courses", "sec-201"), iri("competences", "4.2")])
def test_E2_a_learners_own_token_judges_nothing_of_ours(
    app: Flask, client: FlaskClient, verb: str, activity: str
) -> None:
    unit = unit_of(client, opened(activity))  # even launched for it
    statement = said(verb, activity)
    statement["context"]["contextActivities"] = {"grouping": [{"id": activity}]}
    answer = unit.post(statement)
    assert answer.status_code == 403, answer.text
    assert "judged here alone" in answer.json["detail"]
    assert stored_rows() == 0


def test_E2_an_activity_named_for_a_launched_unit_is_judged_by_the_unit(app: Flask, client: FlaskClient) -> None:
    activity = iri("units", "sec-201", "film")
    unit = unit_of(client, opened(activity))
    statement = said(verbs.PASSED, activity)
    statement["context"]["contextActivities"] = {}
    assert unit.post(statement).status_code == 200


def test_E2_a_batch_with_one_statement_beyond_the_launch_is_refused_whole(unit: Lrs) -> None:
    answer = unit.post([said(), said(actor=account("p-boris"))])
    assert answer.status_code == 403
    assert answer.json["detail"].startswith("/1/actor ")
    assert stored_rows() == 0


def test_E4_a_unit_withdraws_nothing(unit: Lrs) -> None:
    own = unit.post(said()).json[0]
    answer = unit.post(said(verbs.VOIDED, object={"objectType": "StatementRef", "id": own}))
    assert answer.status_code == 403
    assert stored_rows() == 1


def test_E2_what_only_the_store_may_say_is_overwritten(unit: Lrs, seen: list[tuple[str, Fact]]) -> None:
    forged: Change = {"authority": account("cadre"), "stored": "2001-01-01T00:00:00Z"}
    assert unit.post(said(**forged)).status_code == 200
    fact = seen[0][1]
    assert fact.statement["authority"] == account("launch")
    assert not fact.statement["stored"].startswith("2001")
    assert not fact.own


def test_a_launch_may_allow_some_verbs_alone(app: Flask, client: FlaskClient) -> None:
    unit = unit_of(client, opened(allowed_verbs=[verbs.EXPERIENCED]))
    assert unit.post(said()).status_code == 200
    answer = unit.post(said(verbs.PASSED))
    assert answer.status_code == 403
    assert "this launch allows" in answer.json["detail"]
