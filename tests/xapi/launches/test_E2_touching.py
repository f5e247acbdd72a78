"""What a launched unit may read and touch (rows E1, E2)."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from lms.kernel.actor import SYSTEM
from lms.kernel.errors import NotAllowed
from lms.xapi.policy import Launched, must_touch
from lms.xapi.queries import launches
from lms.xapi.statements import account
from tests.xapi.conftest import Lrs
from tests.xapi.launches.conftest import REGISTRATION, UNIT, Change, opened, said


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
