"""What every test may ask for: an application on each database, a settable clock, and somebody to act."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.app import create_app
from lms.kernel import clock
from lms.kernel.db import db, transaction
from lms.settings import Settings, read
from tests.counting import count_queries
from tests.databases import Databases
from tests.factories import cheap_passwords, each_request_alone, make

__all__ = ["cheap_passwords", "count_queries", "each_request_alone", "make"]
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """The databases of this run: a SQLite file always, a PostgreSQL cluster of our own where it can be had."""
    with Databases(tmp_path_factory.mktemp("databases")) as found:
        yield found


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        wanted = os.environ.get("TEST_DATABASES", "sqlite,postgresql").split(",")
        concerned = metafunc.definition.get_closest_marker("only")
        if concerned is not None:  # what the test is about does not exist on another
            wanted = [name for name in wanted if name in concerned.args]
        metafunc.parametrize("database", wanted, indirect=True, scope="session")


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest, databases: Databases) -> str:
    """The address of one database."""
    return databases.url(request.param)


@pytest.fixture(scope="session")
def settings(database: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    var = tmp_path_factory.mktemp("var")
    environ = {"LMS_VAR": str(var), "DATABASE_URL": database, "LMS_SECRET_KEY": "test", "LMS_BUSY_SECONDS": "5"}
    return read(environ)


@pytest.fixture(scope="session")
def session_app(settings: Settings, databases: Databases) -> Iterator[Flask]:
    app = create_app(settings)
    app.config["WTF_CSRF_ENABLED"] = False
    app.testing = True
    with app.app_context():
        db.create_all()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def app(session_app: Flask, databases: Databases) -> Iterator[Flask]:
    """The application over an empty database, within its context."""
    with session_app.app_context():
        databases.begin_anew()
        yield session_app
        db.session.remove()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(autouse=True)
def still_clock() -> Iterator[None]:
    """Time stands still in tests; one that needs it to pass says so with `clock.at`."""
    with clock.at(NOW):
        yield


@pytest.fixture
def commit() -> Any:
    """The unit of work, for tests that call actions."""
    return transaction


SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared_files() -> Path:
    """Real files nobody here wrote; a run on CI never goes without them."""
    folder = SHARED / "content" / "files"
    if not folder.is_dir() and not os.environ.get("CI"):
        pytest.skip("../shared/content/files is not there")
    return folder
