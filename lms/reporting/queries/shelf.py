"""Figures that were worked out before, each under everything it depends on: so none is ever stale."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

V = TypeVar("V")


class Shelf:
    """The last few results of some work, within this process."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: dict[Hashable, Any] = {}
        self._guard = threading.Lock()

    def get(self, key: Hashable, work: Callable[[], V]) -> V:
        """What was worked out for a key, or works it out now."""
        with self._guard:
            if key in self._kept:
                found: V = self._kept.pop(key)
                self._kept[key] = found
                return found
        made = work()
        with self._guard:
            self._kept[key] = made
            while len(self._kept) > self._most:
                del self._kept[next(iter(self._kept))]
        return made
