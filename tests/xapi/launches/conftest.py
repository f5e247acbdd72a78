"""A unit launched for Amina, and what it may say."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.kernel.actor import SYSTEM
from lms.kernel.db import transaction
from lms.xapi.actions.launches import NewLaunch, open_launch
from lms.xapi.rules import verbs
from lms.xapi.rules.facts import Stamp
from lms.xapi.statements import account
from tests.xapi.conftest import VERSION_HEADER, Lrs

UNIT = "https://content.example/units/7"
REGISTRATION = UUID("0192c2a0-0000-7000-8000-000000000001")
SPEAKS = {VERSION_HEADER: "2.0.0"}
Change = dict[str, Any]


def opened(activity: str = UNIT, name: str = "p-amina", **more: Any) -> NewLaunch:
    stamp = Stamp(account_name=name, person_id=1, agency_id=2)
    with transaction():
        return open_launch(actor=SYSTEM, stamp=stamp, activity_iri=activity, registration=REGISTRATION, **more)


def said(verb: str = verbs.EXPERIENCED, thing: str = UNIT, **more: Any) -> Change:
    """What the unit of Amina's launch may say."""
    context = {"registration": str(REGISTRATION), "contextActivities": {"grouping": [{"id": UNIT}]}}
    return {"actor": account("p-amina"), "verb": {"id": verb}, "object": {"id": thing}, "context": context, **more}


def unit_of(client: FlaskClient, launch: NewLaunch) -> Lrs:
    return Lrs(client, SPEAKS | {"Authorization": f"Basic {launch.token}"})


@pytest.fixture
def unit(app: Flask, client: FlaskClient) -> Lrs:
    return unit_of(client, opened())
