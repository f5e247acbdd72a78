"""The `lms` command as a shell runs it: an installation of its own for each test, its output and its exit code."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lms.app import create_app
from lms.cli import main
from lms.kernel.db import db, schema, transaction
from lms.settings import read
from tests.factories import Make


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one object on standard output."""
        return json.loads(self.out)


Run = Callable[..., Ended]


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

    def run(*arguments: str | Path) -> Ended:
        monkeypatch.setattr("sys.argv", ["lms", *map(str, arguments)])
        capsys.readouterr()
        try:
            main()
            code = 0
        except SystemExit as ending:
            code = int(ending.code or 0)
        printed = capsys.readouterr()
        return Ended(code, printed.out, printed.err)

    return run


@pytest.fixture
def government(lms: Run) -> Make:
    """A government of one agency, GOV, in the command's database."""
    with create_app().app_context():
        made = Make()
        with transaction():
            made.root()
        return made
