"""A server starts light: what only rare acts need is loaded by whoever comes to them first."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RARE = {
    "alembic": "bringing a database up to date",
    "cryptography": "signing checkpoints, and checking signatures",
    "joserfc": "signed statements",
    "markdown_it": "reading a lesson's text",
    "nh3": "reading a lesson's text",
    "openpyxl": "workbooks",
    "pyarrow": "the export as Parquet",
    "smtplib": "sending mail",
    "xlsxwriter": "the export as a workbook",
    "yaml": "reading and writing courses",
}
STARTED = "import sys, wsgi; print(*sorted(set(sys.argv[1:]) & sys.modules.keys()))"
RESUMED = "import gc, wsgi; print(gc.isenabled(), gc.get_freeze_count() > 100_000)"


def started(tmp_path: Path, asked: str, *words: str) -> str:
    """What a new process says of itself once it could serve."""
    environ = {**os.environ, "LMS_VAR": str(tmp_path), "DATABASE_URL": "", "LMS_SECRET_KEY": "a start"}
    command = [sys.executable, "-c", asked, *words]
    return subprocess.run(command, cwd=ROOT, env=environ, check=True, capture_output=True, text=True).stdout.strip()


@pytest.mark.only("sqlite")
def test_a_server_starts_without_what_only_rare_acts_need(tmp_path: Path) -> None:
    loaded = started(tmp_path, STARTED, *RARE).split()
    assert not loaded, "\n".join(f"{name} is loaded at the start, for {RARE[name]}: import it there" for name in loaded)


@pytest.mark.only("sqlite")
def test_a_server_that_has_started_looks_for_garbage_again_but_not_in_what_it_started_with(tmp_path: Path) -> None:
    assert started(tmp_path, RESUMED) == "True True"
