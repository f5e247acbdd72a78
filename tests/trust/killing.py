"""Whoever writes while the server is killed, and what they know afterwards."""

from __future__ import annotations

import http.client
import os
import threading
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar

from tests.trust.installations import Installation, kill

ROUNDS = 50 if os.environ.get("CADRE_EVIDENCE") else 3
ENOUGH = 30  # acknowledged writes in a round before the process is killed
Write = TypeVar("Write")


def connected(port: int) -> closing[http.client.HTTPConnection]:
    """A connection to the server here."""
    return closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20))


@dataclass(kw_only=True)
class Busy(ABC, Generic[Write]):
    """Somebody who writes one thing after another, and remembers what was refused and what is of unknown fate."""

    TAKEN: ClassVar[tuple[int, ...]] = (200,)

    unknown: Write | None = None
    refused: list[tuple[Write, int, bytes]] = field(default_factory=list)

    def go_on(self, port: int, count: threading.Semaphore) -> None:
        """Go on until the server is gone."""
        with connected(port) as connection, suppress(OSError, http.client.HTTPException):
            while not self.refused:
                self.unknown = self.unknown or self.following()
                self.settle(connection, self.unknown)
                count.release()

    def retry(self, port: int) -> None:
        """Send once more what nobody knows the fate of."""
        if self.unknown:
            with connected(port) as connection:
                self.settle(connection, self.unknown)

    def settle(self, connection: http.client.HTTPConnection, write: Write) -> None:
        """Send something, and remember whether it was acknowledged or refused."""
        if self.sent(connection, write):
            self.acknowledged(write)
        self.unknown = None

    def sent(self, connection: http.client.HTTPConnection, write: Write) -> bool:
        """Whether it was taken; a refusal is remembered."""
        self.send(connection, write)
        response = connection.getresponse()
        body = response.read()
        if response.status not in self.TAKEN:
            self.refused.append((write, response.status, body))
        return response.status in self.TAKEN

    @abstractmethod
    def following(self) -> Write:
        """What comes next."""

    @abstractmethod
    def send(self, connection: http.client.HTTPConnection, write: Write) -> None:
        """Make a request of it."""

    @abstractmethod
    def acknowledged(self, write: Write) -> None:
        """Remember what the server said it has."""


def retry(installation: Installation, everybody: Sequence[Busy[Any]]) -> None:
    """Let everybody retry what they do not know the fate of."""
    for one in everybody:
        one.retry(installation.port)


def write_until_killed(installation: Installation, everybody: Sequence[Busy[Any]]) -> None:
    """Let everybody retry, go on, and lose the server in the midst of it."""
    with installation.running() as server:
        retry(installation, everybody)
        count = threading.Semaphore(0)
        threads = [threading.Thread(target=one.go_on, args=(installation.port, count)) for one in everybody]
        for thread in threads:
            thread.start()
        for _ in range(ENOUGH):
            assert count.acquire(timeout=20)
        kill(server)
        for thread in threads:
            thread.join(20)
