"""The worked example for tests of this room, with somebody to look at it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories import Made, Make
from tests.requirements.world import World, build

Reader = Callable[..., FlaskClient]


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
