"""Ralph with a backend that keeps nothing, or with its own file appended to; runs in Ralph's environment alone.

Ralph has no null backend, and its file backend stops at the second statement unless it is told to append.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from ralph.api import app
from ralph.api.routers import statements
from ralph.backends.data.base import BaseOperationType
from ralph.backends.lrs.fs import FSLRSBackend

__all__ = ["app"]


class Nothing(FSLRSBackend):
    """Knows no statement and keeps none."""

    def write(self, data: Iterable[Any], *rest: Any, **options: Any) -> int:
        """Take everything and let it go."""
        return sum(1 for _ in data)

    def query_statements_by_ids(self, ids: list[str], target: str | None = None) -> list[Any]:
        """Find nothing."""
        return []


class Appending(FSLRSBackend):
    """Its own file backend, which goes on in the file that is there."""

    default_operation_type = BaseOperationType.APPEND


statements.BACKEND_CLIENT = {"nothing": Nothing, "file": Appending}[os.environ["RALPH_KEEPS"]]()
