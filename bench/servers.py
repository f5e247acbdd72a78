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

from lms.cli.memory import STORES_OF_MEMORY
from lms.cli.serving import THREADS

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = Path(sys.executable).parent
SERVER_CORE, CLIENT_CORE = 0, 1


@dataclass(frozen=True)
class Running:
    """A server that answers, and how long its first answer took (seconds)."""

    url: str
    pid: int
    first_answer: float

    def worker_megabytes(self) -> float:
        """The proportional memory of the largest worker (PSS, MiB): what it shares counts by the share."""
        sizes = [_pss(pid) for pid in _children(self.pid)] or [_pss(self.pid)]
        return max(sizes) / 1024

    def megabytes(self) -> float:
        """The memory of all its processes together (PSS, MiB)."""
        return sum(_pss(pid) for pid in (self.pid, *_children(self.pid))) / 1024

    def worker_seconds(self) -> float:
        """The processor time that the workers have used so far; what their parent does beside them is not theirs."""
        return sum(_seconds(pid) for pid in _children(self.pid) or [self.pid])


def compile_product() -> None:
    """Leave the product's modules compiled, as installing it does, so that a start is that of an installed one."""
    for name in ("lms", "courses", "assessments"):
        compileall.compile_dir(ROOT / name, quiet=1)


@contextmanager
def serving(environ: Mapping[str, str]) -> Iterator[Running]:
    """Serve the product on one core until the block ends, as an installation does: with `lms serve`.

    Its first process has loaded the product, and the worker shares that. On SQLite the first process also does the
    jobs that are due, every few seconds and on the same core: figures contain what they keep the worker from.
    """

    def command(port: int) -> list[str]:
        return [str(COMMANDS / "lms"), "serve", *_at(port)]

    with run(command, os.environ | dict(environ)) as running:
        yield running


@contextmanager
def greeting() -> Iterator[Running]:
    """Serve the yardstick on the same core with the same server, as `lms serve` would if it had another application."""

    def command(port: int) -> list[str]:
        served = ["--interface", "wsgi", *_at(port), "--blocking-threads", str(THREADS)]
        return [str(COMMANDS / "granian"), *served, "--log-level", "error", "--backpressure", "512", "bench.hello:app"]

    with run(command, os.environ | STORES_OF_MEMORY) as running:
        yield running


def _at(port: int) -> list[str]:
    return ["--host", "127.0.0.1", "--port", str(port), "--workers", "1"]


@contextmanager
def run(command: Callable[[int], list[str]], environ: Mapping[str, str], *, cwd: Path = ROOT) -> Iterator[Running]:
    """Run a server on one core, on a port that is free, until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    pinned = ["taskset", "-c", str(SERVER_CORE), *command(port)]
    began = time.perf_counter()
    # what a server says is not among the figures, which may be read by a program
    server = subprocess.Popen(pinned, cwd=cwd, env={**environ, "LMS_BASE_URL": url}, stdout=sys.stderr)
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
