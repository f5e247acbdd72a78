"""Servers under measurement: each on one core, with its client on the other."""

from __future__ import annotations

import compileall
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lms.cli.serving import STORES_OF_MEMORY, threads_on

ROOT = Path(__file__).resolve().parents[1]
GRANIAN = str(Path(sys.executable).parent / "granian")
SERVER_CORE, CLIENT_CORE = 0, 1


@dataclass(frozen=True)
class Running:
    """A server that answers, and how long its first answer took (seconds)."""

    url: str
    pid: int
    first_answer: float

    def worker_megabytes(self) -> float:
        """The proportional memory of the largest worker (PSS, MiB)."""
        sizes = [_pss(pid) for pid in _children(self.pid)] or [_pss(self.pid)]
        return max(sizes) / 1024

    def worker_seconds(self) -> float:
        """The processor time that the workers have used so far."""
        return sum(_seconds(pid) for pid in _children(self.pid) or [self.pid])


def compile_product() -> None:
    """Leave the product's modules compiled, as installing it does, so that a start is that of an installed one."""
    for name in ("lms", "courses", "assessments"):
        compileall.compile_dir(ROOT / name, quiet=1)


@contextmanager
def serving(target: str, environ: Mapping[str, str], *, threads: int | None = None) -> Iterator[Running]:
    """Serve an application on one core until the block ends."""

    taken = threads or threads_on(environ.get("DATABASE_URL", "sqlite:"))

    def command(port: int) -> list[str]:
        served = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
        served += ["--blocking-threads", str(taken), "--log-level", "error", "--backpressure", "512"]
        return [GRANIAN, *served, target]

    with run(command, os.environ | STORES_OF_MEMORY | dict(environ)) as running:
        yield running


@contextmanager
def run(command: Callable[[int], list[str]], environ: Mapping[str, str], *, cwd: Path = ROOT) -> Iterator[Running]:
    """Run a server on one core, on a port that is free, until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    pinned = ["taskset", "-c", str(SERVER_CORE), *command(port)]
    began = time.perf_counter()
    server = subprocess.Popen(pinned, cwd=cwd, env={**environ, "LMS_BASE_URL": url})
    try:
        yield Running(url, server.pid, _first_answer(url, began))
    finally:
        server.terminate()
        server.wait(20)


def _first_answer(url: str, began: float) -> float:
    while time.perf_counter() - began < 30:
        try:
            urllib.request.urlopen(url, timeout=5).read()
        except urllib.error.HTTPError:
            pass  # an answer all the same
        except OSError:
            time.sleep(0.01)
            continue
        return time.perf_counter() - began
    raise RuntimeError(f"{url} did not answer within 30 seconds")


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in found]


def _seconds(pid: int) -> float:
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


def _pss(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return float(line.split()[1])
    return 0.0
