"""A client that posts prepared requests over some connections as fast as they are answered."""

from __future__ import annotations

import base64
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

PATIENCE = 60.0


@dataclass(frozen=True)
class Door:
    """Where statements are posted to, and as whom."""

    url: str
    path: str
    key: str
    secret: str

    def request(self, body: str) -> bytes:
        """A POST as bytes on the wire."""
        address, sent = urlsplit(self.url), body.encode()
        shown = base64.b64encode(f"{self.key}:{self.secret}".encode()).decode()
        head = (
            f"POST {self.path} HTTP/1.1\r\nHost: {address.netloc}\r\nAuthorization: Basic {shown}\r\n"
            f"X-Experience-API-Version: 1.0.3\r\nContent-Type: application/json\r\nContent-Length: {len(sent)}\r\n\r\n"
        )
        return head.encode() + sent


def post(door: Door, requests: Sequence[bytes], connections: int) -> float:
    """Send all requests over so many connections; returns the seconds. Raises where one is not answered with 200."""
    gate = threading.Barrier(connections + 1)
    problems: list[str] = []
    lanes = [
        threading.Thread(target=_lane, args=(door, requests[number::connections], gate, problems))
        for number in range(connections)
    ]
    for lane in lanes:
        lane.start()
    gate.wait(PATIENCE)
    began = time.perf_counter()
    for lane in lanes:
        lane.join()
    took = time.perf_counter() - began
    if problems:
        raise RuntimeError(f"{door.url}{door.path} answered {problems[0]}")
    return took


def _lane(door: Door, requests: Sequence[bytes], gate: threading.Barrier, problems: list[str]) -> None:
    address = urlsplit(door.url)
    with socket.create_connection((address.hostname, address.port), PATIENCE) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        gate.wait(PATIENCE)
        for request in requests:
            line.sendall(request)
            answer = _answer(line)
            if not answer.startswith(b"HTTP/1.1 200"):
                problems.append(answer[:600].decode(errors="replace"))
                return


def _answer(line: socket.socket) -> bytes:
    found = line.recv(65536)
    while b"\r\n\r\n" not in found:
        found += _more(line, found)
    head, _, body = found.partition(b"\r\n\r\n")
    named = head.lower().partition(b"content-length:")[2]
    length = int(named.partition(b"\r\n")[0]) if named else 0
    while len(body) < length:
        body += _more(line, body)
    return head + b"\r\n\r\n" + body


def _more(line: socket.socket, found: bytes) -> bytes:
    part = line.recv(65536)
    if not part:
        raise RuntimeError(f"The server closed the connection after {found[:200]!r}.")
    return part
