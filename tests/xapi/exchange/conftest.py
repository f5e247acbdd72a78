"""The `lms` command over the test's own database."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from lms.cli import output
from lms.kernel import clock
from lms.kernel.db import transaction
from lms.xapi.actions import road
from tests.commands import Run, shell
from tests.xapi.drafts import draft

FIRST, SECOND, THIRD = (datetime(2026, 11, day, 10, tzinfo=UTC) for day in (20, 21, 22))
Tell = Callable[..., list[UUID]]


@pytest.fixture
def lms(app: Flask, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command over the database of the test."""
    monkeypatch.setattr(output, "create_app", lambda: app)
    return shell(monkeypatch, capsys)


@pytest.fixture
def happen(app: Flask) -> Tell:
    """Has some own statements stored at a moment; returns their ids."""

    def happened(moment: datetime, count: int, **more: Any) -> list[UUID]:
        with clock.at(moment), transaction():
            return [road.record(draft(person, **more)).id for person in range(1, count + 1)]

    return happened


def written(path: Path, *lines: Any) -> Path:
    """A file of lines: texts as they are, everything else as JSON."""
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    return path
