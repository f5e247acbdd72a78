"""Which key and which launched unit reaches which document (rows E1, A9)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from lms.kernel.actor import SYSTEM
from lms.kernel.db import transaction
from lms.xapi.actions.launches import open_launch
from lms.xapi.rules.facts import Stamp
from lms.xapi.rules.iris import account
from tests.xapi.conftest import Lrs
from tests.xapi.documents.conftest import ACTIVITY, AGENT, REGISTRATION, RESOURCES, Documents

READS, WRITES, NONE = (True, False), (True, True), (False, False)
Reaches = Mapping[str, tuple[bool, bool]]
MATRIX: Mapping[str, tuple[Reaches, bool]] = {
    # scope: what it reads and writes of documents, and whether it reads activities and agents
    "statements/read": ({}, True),
    "statements/read/mine": ({}, False),
    "statements/write": ({}, False),
    "state": ({"state": WRITES}, False),
    "activities_profile": ({"activity": WRITES}, False),
    "agents_profile": ({"agent": WRITES}, False),
    "all/read": (dict.fromkeys(RESOURCES, READS), True),
    "all": (dict.fromkeys(RESOURCES, WRITES), True),
}


@pytest.mark.parametrize("scope", MATRIX)
@pytest.mark.parametrize("kind", RESOURCES)
def test_E1_a_key_reaches_the_documents_of_its_scopes(with_key: Callable[..., Lrs], scope: str, kind: str) -> None:
    documents = Documents(with_key(scope), kind, "2.0.0")
    reads, writes = MATRIX[scope][0].get(kind, NONE)
    assert documents.ask("GET").status_code == (404 if reads else 403)
    written = [documents.make({}), documents.send("POST", {}), documents.ask("DELETE")]
    assert [answer.status_code for answer in written] == [204 if writes else 403] * 3


@pytest.mark.parametrize("scope", MATRIX)
def test_E1_a_key_reads_activities_and_agents_by_its_scopes(with_key: Callable[..., Lrs], scope: str) -> None:
    documents = Documents(with_key(scope), "state", "2.0.0")
    wanted = 200 if MATRIX[scope][1] else 403
    assert documents.ask("GET", "activities", agent=None, stateId=None).status_code == wanted
    assert documents.ask("GET", "agents", activityId=None, stateId=None).status_code == wanted


@pytest.fixture
def unit(app: object, client: FlaskClient) -> Lrs:
    """A launched unit of the activity, for a person of ours."""
    with transaction():
        stamp = Stamp(account_name="p-amina", person_id=1, agency_id=2)
        launch = open_launch(actor=SYSTEM, stamp=stamp, activity_iri=ACTIVITY, registration=UUID(REGISTRATION))
    return Lrs(client, {"Authorization": f"Basic {launch.token}"})


OWN = {"agent": json.dumps(account("p-amina"))}
OTHER_ACTIVITY = {"activityId": "https://client.example/things/two"}
OTHER_AGENT = {"agent": json.dumps(AGENT)}
OF_LAUNCH = {"registration": REGISTRATION}
OTHER_REGISTRATION = {"registration": "7c5b1f0e-2d43-4c58-9a3c-0d5f6f4f2b12"}


def statuses(documents: Documents, query: Mapping[str, str]) -> set[int]:
    """What a unit is told when it makes, lists, reads, adds and removes."""
    answers = [
        documents.make({}, **query),
        documents.ask("GET", **query),
        documents.ask("GET", **query, **{documents.named_by: None}),
        documents.send("POST", {}, **query),
        documents.ask("DELETE", **query),
    ]
    return {answer.status_code for answer in answers}


@pytest.mark.parametrize(
    ("kind", "query"),
    [("state", OWN | OF_LAUNCH), ("activity", {}), ("agent", OWN)],
)
def test_E1_a_launched_unit_reaches_its_own_documents(unit: Lrs, kind: str, query: Mapping[str, str]) -> None:
    assert statuses(Documents(unit, kind, "1.0.3"), query) == {200, 204}


@pytest.mark.parametrize(
    ("kind", "query"),
    [
        ("state", OWN),
        ("state", OWN | OTHER_REGISTRATION),
        ("state", OTHER_AGENT | OF_LAUNCH),
        ("state", OWN | OF_LAUNCH | OTHER_ACTIVITY),
        ("activity", OTHER_ACTIVITY),
        ("agent", OTHER_AGENT),
    ],
)
def test_E1_a_launched_unit_reaches_nobody_elses(unit: Lrs, lrs: Lrs, kind: str, query: Mapping[str, str]) -> None:
    assert statuses(Documents(unit, kind, "1.0.3"), query) == {403}
    assert Documents(lrs, kind, "1.0.3").ask("GET", **query).status_code == 404


def test_E1_a_launched_unit_does_not_remove_all_states_of_its_person(unit: Lrs, lrs: Lrs) -> None:
    Documents(lrs, "state", "1.0.3").make({}, **OWN)
    assert Documents(unit, "state", "1.0.3").ask("DELETE", stateId=None, **OWN).status_code == 403
    assert Documents(lrs, "state", "1.0.3").names(**OWN) == ["s-1"]
