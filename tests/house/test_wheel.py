"""What is installed is the whole product: templates, built files, frameworks and the library travel in the wheel."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("lms", "courses", "assessments", "migrations")
LEFT_OUT = frozenset({"migrations/script.py.mako"})  # only for writing a migration, which nobody does where it runs


def test_the_wheel_carries_every_file_of_the_product(tmp_path: Path) -> None:
    source, made = tmp_path / "source", tmp_path / "made"
    for part in PARTS:
        shutil.copytree(ROOT / part, source / part, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    for name in ("setup.cfg", "pyproject.toml", "wsgi.py", "README.md"):
        shutil.copy(ROOT / name, source / name)
    wanted = {str(path.relative_to(source)) for part in PARTS for path in (source / part).rglob("*") if path.is_file()}
    options = ["--no-deps", "--no-build-isolation", "--disable-pip-version-check", "-q", "-w", str(made)]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, str(source)], check=True, capture_output=True)
    (wheel,) = made.glob("*.whl")
    carried = set(ZipFile(wheel).namelist())
    assert wanted - carried == LEFT_OUT
    assert {"wsgi.py", "lms/web/static/dist/app.css", "courses/library/sec-201/course.yaml"} <= carried
