"""What an installation may get wrong: said in one line that names the setting, and nothing starts (row I6)."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from lms.app import create_app
from lms.settings import SettingsRefused, read
from tests.house.source import ROOT

WRONG = {
    "LMS_BASE_URL": "cadre.example",
    "DATABASE_URL": "mysql://somewhere",
    "LMS_BUSY_SECONDS": "soon",
    "LMS_SESSION_HOURS": "0",
    "LMS_SIGN_IN_TRIES": "-1",
    "LMS_UPLOAD_MEGABYTES": "1.5",
    "LMS_PROXIES": "many",
}


@pytest.mark.parametrize("name", WRONG)
def test_I6_a_setting_that_makes_no_sense_is_named_in_one_line(name: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsRefused) as refusal:
        read({"LMS_VAR": str(tmp_path), name: WRONG[name]})
    said = str(refusal.value)
    assert said.startswith(name) and WRONG[name].split("://")[0] in said and "\n" not in said


def test_I6_the_server_does_not_start_with_it(tmp_path: Path) -> None:
    environ = {**os.environ, "LMS_VAR": str(tmp_path), "LMS_BUSY_SECONDS": "soon"}
    lms = str(Path(sys.executable).parent / "lms")
    done = subprocess.run([lms, "serve"], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "LMS_BUSY_SECONDS" in done.stderr + done.stdout and "Traceback" not in done.stderr


def test_I6_each_installation_makes_a_secret_of_its_own_that_only_its_owner_reads(tmp_path: Path) -> None:
    one, other = (read({"LMS_VAR": str(tmp_path / name)}) for name in ("one", "other"))
    assert len(one.secret_key) == 64 and one.secret_key != other.secret_key
    assert read({"LMS_VAR": str(tmp_path / "one")}).secret_key == one.secret_key
    assert stat.S_IMODE((tmp_path / "one" / "secret-key").stat().st_mode) == 0o600


def test_I6_nothing_of_a_workshop_is_left_on(tmp_path: Path) -> None:
    app = create_app(read({"LMS_VAR": str(tmp_path)}))
    assert not app.debug and not app.testing
    assert app.config["WTF_CSRF_ENABLED"] is not False
    assert app.config["MAX_CONTENT_LENGTH"]
