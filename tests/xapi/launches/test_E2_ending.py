"""Who opens a launch, by which secret its unit is known, and until when it is heard (row E2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.kernel import clock
from lms.kernel.actor import SYSTEM, Actor
from lms.kernel.db import db, transaction
from lms.kernel.errors import NotAllowed, NotThere, Refused
from lms.xapi.actions.launches import close_launch, open_launch
from lms.xapi.models import Launch
from lms.xapi.queries import remembered
from lms.xapi.rules import verbs
from lms.xapi.rules.facts import Stamp
from tests.conftest import NOW
from tests.together import together
from tests.xapi.conftest import Lrs, basic, stored_rows
from tests.xapi.launches.conftest import REGISTRATION, SPEAKS, UNIT, Change, opened, said, unit_of


def test_E2_terminated_ends_the_launch_in_the_same_transaction(unit: Lrs) -> None:
    assert unit.post(said(verbs.TERMINATED)).status_code == 200
    answer = unit.post(said())
    assert answer.status_code == 401
    assert not answer.headers["WWW-Authenticate"].startswith("Basic")
    assert stored_rows() == 1


def test_E2_nothing_follows_terminated_in_a_batch(unit: Lrs) -> None:
    assert unit.post([said(verbs.TERMINATED), said(verbs.PASSED)]).status_code == 403
    assert stored_rows() == 0
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
    assert stored_rows() == 1


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

    def end() -> int:
        return unit_of(app.test_client(), launch).post(said(verbs.TERMINATED)).status_code

    first, *others = sorted(together(*[end] * 4))
    assert first == 200
    assert set(others) <= {401, 403}
    assert stored_rows() == 1
