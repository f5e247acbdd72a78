"""Clients: wrk for rates (closed loop), and an open-loop client of our own for tails.

A closed loop waits for each answer before it asks again and so hides every stall; a tail is only honest
when requests leave on time whatever happened to those before (coordinated omission).
"""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from bench.servers import CLIENT_CORE

ROTATING = """
local cookies = {%s}
local turn = 0
request = function()
  turn = turn %% #cookies + 1
  wrk.headers["Cookie"] = cookies[turn]
  return wrk.format("GET")
end
"""


def make_sure_of_wrk() -> None:
    """Say what is missing before anything is begun."""
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is needed for rates: install Debian's package `wrk`.")


def rate(url: str, *, cookies: Sequence[str] = (), seconds: int = 5) -> float:
    """Requests per second that a server answers with 2xx, under 16 connections, for some readers in turn."""
    command = ["taskset", "-c", str(CLIENT_CORE), "wrk", "-t1", "-c16", f"-d{seconds}s"]
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        if cookies:
            script.write(ROTATING % ", ".join(f'"{cookie}"' for cookie in cookies))
            script.flush()
            command += ["-s", script.name]
        printed = subprocess.run([*command, url], check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in printed:
        raise SystemExit(f"{url} answered with errors:\n{printed}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", printed)
    if found is None:
        raise SystemExit(f"wrk said nothing of a rate:\n{printed}")
    return float(found.group(1))


@dataclass(frozen=True)
class Request:
    """One request as bytes on the wire, and the status that makes it a success."""

    wire: bytes
    expected: int

    @property
    def is_save(self) -> bool:
        """Whether it writes."""
        return self.wire.startswith(b"POST")


@dataclass(frozen=True)
class Tail:
    """What an open-loop run saw of its saves, and the p99 of its pages; milliseconds from each one's due moment."""

    sent: int
    errors: int
    p50: float
    p99: float
    worst: float
    others_p99: float


async def open_loop(
    host: str, port: int, next_request: Callable[[int], Request], *, per_second: float, seconds: float, lanes: int = 64
) -> Tail:
    """Send requests at a fixed rate over keep-alive connections, each counted from its due moment."""
    queue: asyncio.Queue[tuple[float, Request] | None] = asyncio.Queue()
    waits: dict[bool, list[float]] = {True: [], False: []}
    errors = 0

    async def lane() -> None:
        nonlocal errors
        reader, writer = await asyncio.open_connection(host, port)
        while (item := await queue.get()) is not None:
            due, request = item
            writer.write(request.wire)
            status = await _read_answer(reader)
            waits[request.is_save].append((time.perf_counter() - due) * 1000)
            errors += status != request.expected
        writer.close()

    lanes_running = [asyncio.create_task(lane()) for _ in range(lanes)]
    began = time.perf_counter()
    total = int(per_second * seconds)
    for index in range(total):
        due = began + index / per_second
        delay = due - time.perf_counter()
        if delay > 0:
            await asyncio.sleep(delay)
        queue.put_nowait((due, next_request(index)))
    for _ in lanes_running:
        queue.put_nowait(None)
    await asyncio.gather(*lanes_running)
    saves = waits[True]
    return Tail(total, errors, median(saves), _quantile(saves, 0.99), max(saves), _quantile(waits[False], 0.99))


async def _read_answer(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    found = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    if found:
        await reader.readexactly(int(found.group(1)))
    return status


def _quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
