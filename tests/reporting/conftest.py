"""The worked example for tests of this room, with somebody to look at it, and a government that lives on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.reporting.queries.record import Record, keeping
from tests.factories import Made, Make
from tests.reporting.living import Life
from tests.requirements.world import World, build

Reader = Callable[..., FlaskClient]
Reads = list[Record]


@pytest.fixture
def world(app: Flask) -> World:
    """The government of the worked example at the end of March 2026."""
    return build()


@pytest.fixture
def reader(app: Flask, make: Make) -> Reader:
    """Signs somebody in who holds a role over an agency and is counted nowhere."""

    def signed_in(role: str, agency: int) -> FlaskClient:
        person: Made = make.person(agency=agency, roles=[role], assigned=False)
        client = app.test_client()
        make.sign_in(client, person)
        return client

    return signed_in


@pytest.fixture
def life(app: Flask) -> Life:
    return Life(seed=2026)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Reads:
    """Every time that everything was read anew."""
    found: Reads = []
    everything = keeping._read

    def noted(state: Any) -> Record:
        found.append(everything(state))
        return found[-1]

    monkeypatch.setattr(keeping, "_read", noted)
    return found
