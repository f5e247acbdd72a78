"""Credentials that were found right a moment ago: hashing and reading them for every statement would cost too much."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field
from typing import Generic, TypeVar

REMEMBERED = 5.0  # seconds; what was revoked may work this long on another worker
_MOST = 1000
Found = TypeVar("Found")


def fingerprint(secret: str) -> str:
    """What is kept of a secret. It is long and random, so that a plain hash is enough."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(slots=True)
class Remembered(Generic[Found]):
    """What credentials opened, by the fingerprint of what was shown; for a few seconds."""

    found: dict[str, tuple[float, str, Found]] = field(default_factory=dict)

    def recalled(self, shown: str) -> Found | None:
        """What was found a moment ago for what is shown."""
        moment, _, found = self.found.get(shown, (0.0, "", None))
        if found is None:
            return None
        if time.monotonic() - moment <= REMEMBERED:
            return found
        self.found.pop(shown, None)
        return None

    def remember(self, shown: str, name: str, found: Found) -> None:
        """Keep what was found; what is remembered already is not renewed, so that it is looked up again in time."""
        if shown in self.found:
            return
        if len(self.found) >= _MOST:
            self.found.clear()
        self.found[shown] = (time.monotonic(), name, found)

    def forget(self, name: str) -> None:
        """Keep nothing under a name any more."""
        for shown, (_, known, _) in list(self.found.items()):
            if known == name:
                self.found.pop(shown, None)
