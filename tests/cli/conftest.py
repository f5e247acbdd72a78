"""The `lms` command over an installation of its own for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lms.app import create_app
from lms.kernel.db import db, schema, transaction
from lms.settings import read
from tests.commands import Run, shell
from tests.factories import Make


@pytest.fixture(scope="session")
def new_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the present schema and nothing in it."""
    var = tmp_path_factory.mktemp("new")
    with create_app(read({"LMS_VAR": str(var), "LMS_SECRET_KEY": "test"})).app_context():
        schema.upgrade()
        db.engine.dispose()  # so that the file is whole without its journal
    return var / "cadre.db"


@pytest.fixture
def lms(new_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command over an empty database."""
    var = tmp_path / "var"
    var.mkdir()
    shutil.copy(new_database, var / "cadre.db")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("LMS_VAR", str(var))
    monkeypatch.setenv("LMS_SECRET_KEY", "test")
    return shell(monkeypatch, capsys)


@pytest.fixture
def government(lms: Run) -> Make:
    """A government of one agency, GOV, in the command's database."""
    with create_app().app_context():
        made = Make()
        with transaction():
            made.root()
        return made
