"""An application for tests that look at the house and not at rows, and a government to walk through."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from lms.app import create_app
from lms.kernel import clock
from lms.kernel.db import db
from lms.settings import read
from tests.conftest import NOW
from tests.databases import Databases
from tests.house import rows
from tests.house.world import World, build


@pytest.fixture(scope="session")
def session_app_any(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    var = tmp_path_factory.mktemp("house")
    app = create_app(read({"LMS_VAR": str(var), "LMS_SECRET_KEY": "test"}))
    with app.app_context():
        yield app


_FOUNDED: dict[str, tuple[World, rows.Kept]] = {}


@pytest.fixture(scope="session")
def founded(session_app: Flask, databases: Databases) -> tuple[World, rows.Kept]:
    """The government, founded once on each database whichever folder asks for it first, and every row of it."""
    address = str(session_app.config["SQLALCHEMY_DATABASE_URI"])
    if address not in _FOUNDED:
        with session_app.app_context(), clock.at(NOW):
            databases.begin_anew()
            world = build(session_app)
            db.session.remove()
            _FOUNDED[address] = world, rows.all_rows(db.engine, db.metadata)
    return _FOUNDED[address]


@pytest.fixture
def world(founded: tuple[World, rows.Kept], databases: Databases, monkeypatch: pytest.MonkeyPatch) -> World:
    """The government as it was founded, whatever a test before did to it; errors become answers, as in earnest."""
    found, kept = founded
    monkeypatch.setitem(found.app.config, "PROPAGATE_EXCEPTIONS", False)
    with found.app.app_context():
        rows.put_back(databases, kept)
    return found
