"""Ralph beside us: an environment of its own, made from pinned files, and its server on the same core as ours."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.records.clients import Door
from bench.servers import ROOT, run

HOME = ROOT / "var" / "bench" / "ralph"
PINNED = ROOT / "bench" / "ralph.txt"
_READY = HOME / "ready"
_PYTHON = str(HOME / "bin" / "python")
# of the word "measured", as cheap as bcrypt goes; Ralph remembers whom it has checked for an hour
_HASH = "$2b$04$eMmPd4Eomszp0Kn6hZ4G.uGzp6iW/ANo.WprT/y69u5t1.cPbjq7G"


class NotHere(Exception):
    """Ralph cannot be installed on this machine now."""


@dataclass(frozen=True)
class Ralph:
    """A running Ralph, and the file that it appends to."""

    door: Door
    file: Path

    def hold(self, texts: Sequence[str]) -> None:
        """Let the file hold these statements and no other: Ralph reads all of it for each request."""
        self.file.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")


def install() -> None:
    """Make Ralph's environment once; raises NotHere."""
    if _READY.exists() and _READY.read_bytes() == PINNED.read_bytes():
        return
    try:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(HOME)], check=True, capture_output=True)
        pip = [_PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes", "-r", PINNED]
        subprocess.run(pip, check=True, capture_output=True, text=True, timeout=300)
    except (subprocess.SubprocessError, OSError) as error:
        said = getattr(error, "stderr", "") or str(error)
        raise NotHere(str(said).strip().splitlines()[-1]) from error
    _READY.write_bytes(PINNED.read_bytes())


@contextmanager
def ralph(keeps: str, folder: Path) -> Iterator[Ralph]:
    """Serve Ralph with one worker; it keeps "nothing" or a "file"."""
    folder.mkdir(parents=True, exist_ok=True)
    agent = {"mbox": "mailto:measured@tool.example"}
    entry = {"username": "measured", "hash": _HASH, "scopes": ["all"], "agent": agent, "target": None}
    (folder / "auth.json").write_text(json.dumps([entry]), encoding="utf-8")
    kept = Ralph(Door("", "/xAPI/statements/", "measured", "measured"), folder / "fs_lrs.jsonl")
    kept.hold(())
    environ = os.environ | {
        "PYTHONPATH": str(ROOT),
        "RALPH_APP_DIR": str(folder),
        "RALPH_AUTH_FILE": str(folder / "auth.json"),
        "RALPH_HISTORY_FILE": str(folder / "history.json"),
        "RALPH_RUNSERVER_BACKEND": "fs",
        "RALPH_BACKENDS__LRS__FS__DEFAULT_DIRECTORY_PATH": str(folder),
        "RALPH_KEEPS": keeps,
    }

    def command(port: int) -> list[str]:
        served = ["--host", "127.0.0.1", "--port", str(port), "--log-level", "warning", "--no-access-log"]
        return [_PYTHON, "-m", "uvicorn", "bench.ralph_app:app", "--workers", "1", *served]

    with run(command, environ, cwd=folder) as server:
        yield Ralph(Door(server.url, kept.door.path, "measured", "measured"), kept.file)
