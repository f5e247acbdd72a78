"""What a launched unit may say and touch, and until when (rows E2, E4)."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.kernel import clock
from lms.kernel.actor import SYSTEM, Actor
from lms.kernel.db import db, transaction
from lms.kernel.errors import NotAllowed, NotThere, Refused
from lms.xapi.actions.launches import NewLaunch, close_launch, open_launch
from lms.xapi.models import Launch, StatementRow
from lms.xapi.policy import Launched, must_touch
from lms.xapi.queries import launches, remembered
from lms.xapi.rules import verbs
from lms.xapi.rules.facts import Fact, Stamp
from lms.xapi.statements import account, iri
from tests.conftest import NOW
from tests.xapi.conftest import Lrs, basic

UNIT = "https://content.example/units/7"
NATIVE_QUIZ = iri("courses", "sec-201", "steps", "check")
REGISTRATION = UUID("0192c2a0-0000-7000-8000-000000000001")
SESSION = "https://w3id.org/xapi/cmi5/context/extensions/sessionid"
SPEAKS = {"X-Experience-API-Version": "2.0.0"}
Change = dict[str, Any]


def opened(activity: str = UNIT, name: str = "p-amina", **more: Any) -> NewLaunch:
    stamp = Stamp(account_name=name, person_id=1, agency_id=2)
    with transaction():
        return open_launch(actor=SYSTEM, stamp=stamp, activity_iri=activity, registration=REGISTRATION, **more)


def said(verb: str = verbs.EXPERIENCED, thing: str = UNIT, **more: Any) -> Change:
    """What the unit of Amina's launch may say."""
    context = {"registration": str(REGISTRATION), "contextActivities": {"grouping": [{"id": UNIT}]}}
    return {"actor": account("p-amina"), "verb": {"id": verb}, "object": {"id": thing}, "context": context, **more}


def bound(context: Change, **more: Any) -> Change:
    return {"context": {**said()["context"], **context}, **more}


def unit_of(client: FlaskClient, launch: NewLaunch) -> Lrs:
    return Lrs(client, SPEAKS | {"Authorization": f"Basic {launch.token}"})


@pytest.fixture
def unit(app: Flask, client: FlaskClient) -> Lrs:
    return unit_of(client, opened())


def count() -> int:
    with transaction():
        return db.session.scalar(select(func.count()).select_from(StatementRow)) or 0


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
    assert count() == 0


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
    assert count() == 0


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
    assert count() == 0


def test_E2_terminated_ends_the_launch_in_the_same_transaction(unit: Lrs) -> None:
    assert unit.post(said(verbs.TERMINATED)).status_code == 200
    answer = unit.post(said())
    assert answer.status_code == 401
    assert not answer.headers["WWW-Authenticate"].startswith("Basic")
    assert count() == 1


def test_E2_nothing_follows_terminated_in_a_batch(unit: Lrs) -> None:
    assert unit.post([said(verbs.TERMINATED), said(verbs.PASSED)]).status_code == 403
    assert count() == 0
    assert unit.post([said(verbs.PASSED), said(verbs.TERMINATED)]).status_code == 200


def test_E2_terminated_that_is_not_stored_ends_nothing(unit: Lrs) -> None:
    id = str(uuid4())
    assert unit.post(said(id=id)).status_code == 200
    assert unit.post(said(verbs.TERMINATED, id=id)).status_code == 409
    assert unit.post(said()).status_code == 200


def test_E2_terminated_of_a_part_does_not_end_the_whole(unit: Lrs) -> None:
    assert unit.post(said(verbs.TERMINATED, f"{UNIT}/1")).status_code == 200
    assert unit.post(said()).status_code == 200


def test_E2_another_worker_that_remembers_the_token_stores_nothing_after_the_end(
    app: Flask, client: FlaskClient
) -> None:
    launch = opened()
    unit = unit_of(client, launch)
    assert unit.post(said()).status_code == 200
    with transaction():
        db.session.scalars(select(Launch)).one().ended_at = clock.now()  # as another process does
    assert unit.post(said()).status_code == 403
    assert count() == 1


def test_E2_a_launch_ends_in_time(app: Flask, client: FlaskClient) -> None:
    unit = unit_of(client, opened(lasts=timedelta(hours=1)))
    assert unit.post(said()).status_code == 200
    with clock.at(NOW + timedelta(hours=1)):
        assert unit.post(said()).status_code == 401


def test_E2_a_closed_launch_opens_nothing(app: Flask, client: FlaskClient) -> None:
    launch = opened()
    unit = unit_of(client, launch)
    assert unit.post(said()).status_code == 200
    with transaction():
        close_launch(actor=SYSTEM, name=launch.name)
        close_launch(actor=SYSTEM, name=launch.name)
    assert unit.post(said()).status_code == 401


@pytest.mark.parametrize("change", [lambda s: s[:-1], lambda s: "", lambda s: s.swapcase()])
def test_E2_a_wrong_secret_opens_no_launch(app: Flask, client: FlaskClient, change: Callable[[str], str]) -> None:
    launch = opened()
    answer = Lrs(client, SPEAKS | basic(launch.name, change(launch.secret))).post(said())
    assert answer.status_code == 401
    assert not answer.headers["WWW-Authenticate"].startswith("Basic")


def test_E2_the_secret_is_kept_as_a_hash_alone(app: Flask) -> None:
    launch = opened()
    with transaction():
        row = db.session.scalars(select(Launch)).one()
    assert launch.secret not in str(row.__dict__)
    assert row.secret_hash == remembered.fingerprint(launch.secret)


def test_E4_a_unit_withdraws_nothing(unit: Lrs) -> None:
    own = unit.post(said()).json[0]
    answer = unit.post(said(verbs.VOIDED, object={"objectType": "StatementRef", "id": own}))
    assert answer.status_code == 403
    assert count() == 1


def test_E2_what_only_the_store_may_say_is_overwritten(unit: Lrs, seen: list[tuple[str, Fact]]) -> None:
    forged = {"authority": account("cadre"), "stored": "2001-01-01T00:00:00Z"}
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


def test_E1_a_unit_reads_no_statements_of_others(unit: Lrs, lrs: Lrs) -> None:
    theirs = lrs.post({**said(), "actor": account("p-boris")}).json[0]
    assert theirs not in unit.ids()
    assert unit.get(statementId=theirs).status_code == 404


def bounded(app: Flask) -> Launched:
    launch = opened()
    found = launches.launched(launch.name, launch.secret)
    assert found is not None
    return found


OWN = {"activity": UNIT, "agent": account("p-amina"), "registration": REGISTRATION}


@pytest.mark.parametrize(
    ("kind", "reached"),
    [("state", OWN), ("activity", {"activity": UNIT}), ("agent", {"agent": account("p-amina")})],
)
def test_E2_a_unit_touches_its_own_documents(app: Flask, kind: Any, reached: Change) -> None:
    must_touch(bounded(app), kind, **reached)


@pytest.mark.parametrize(
    ("kind", "reached"),
    [
        ("state", {**OWN, "registration": None}),
        ("state", {**OWN, "registration": uuid4()}),
        ("state", {**OWN, "agent": account("p-boris")}),
        ("state", {**OWN, "activity": "https://content.example/units/8"}),
        ("activity", {"activity": "https://content.example/units/8"}),
        ("agent", {"agent": account("p-boris")}),
        ("agent", {}),
    ],
)
def test_E2_a_unit_touches_nothing_of_others(app: Flask, kind: Any, reached: Change) -> None:
    with pytest.raises(NotAllowed):
        must_touch(bounded(app), kind, **reached)
    must_touch(SYSTEM, kind, **reached)  # whoever is no unit is not asked


def test_E2_a_state_of_somebody_else_is_refused_over_http(unit: Lrs) -> None:
    place = {"activityId": UNIT, "stateId": "bookmark", "registration": str(REGISTRATION)}
    own = {**place, "agent": json.dumps(account("p-amina"))}
    theirs = {**own, "agent": own["agent"].replace("amina", "boris")}
    put = {"data": b"7", "content_type": "text/plain"}
    assert unit.send("PUT", "activities/state", query_string=own, **put).status_code == 204
    assert unit.get("activities/state", **own).data == b"7"
    assert unit.send("PUT", "activities/state", query_string=theirs, **put).status_code == 403
    assert unit.get("activities/state", **theirs).status_code == 403


def test_only_the_learner_or_the_system_launches(app: Flask) -> None:
    stamp = Stamp(account_name="p-amina", person_id=1, agency_id=2)
    asked: Change = {"stamp": stamp, "activity_iri": UNIT, "registration": REGISTRATION}
    with transaction():
        launch = open_launch(actor=Actor("person", account_name="p-amina"), **asked)
    for stranger in (Actor("person", account_name="p-boris"), Actor("client", account_name="p-amina")):
        with pytest.raises(NotAllowed), transaction():
            open_launch(actor=stranger, **asked)
        with pytest.raises(NotAllowed), transaction():
            close_launch(actor=stranger, name=launch.name)
    with pytest.raises(NotThere), transaction():
        close_launch(actor=SYSTEM, name="launch-unknown")


@pytest.mark.parametrize("lasts", [timedelta(), timedelta(days=3)])
def test_a_launch_lasts_a_sensible_time(app: Flask, lasts: timedelta) -> None:
    with pytest.raises(Refused):
        opened(lasts=lasts)


def test_E2_of_two_who_end_a_session_at_once_one_has_the_last_word(app: Flask) -> None:
    launch = opened()
    answers: list[int] = []

    def end() -> None:
        unit = unit_of(app.test_client(), launch)
        answers.append(unit.post(said(verbs.TERMINATED)).status_code)

    threads = [threading.Thread(target=end) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers)[0] == 200
    assert set(sorted(answers)[1:]) <= {401, 403}
    assert count() == 1
