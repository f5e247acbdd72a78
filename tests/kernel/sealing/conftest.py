"""The log of deeds as one to be sealed, with nothing kept from the test before."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from lms.kernel import audit
from lms.kernel.actor import SYSTEM
from lms.kernel.audit import AUDIT
from lms.kernel.db import transaction
from lms.kernel.sealing.sealer import seal
from lms.settings import Settings

Deeds = Callable[[int], None]


@pytest.fixture
def checkpoints(app: Flask) -> Iterator[Path]:
    """The folder in which checkpoints are kept outside of the database."""
    settings: Settings = app.extensions["cadre.settings"]
    folder = settings.var / "checkpoints"
    shutil.rmtree(folder, ignore_errors=True)
    settings.sealing_key.unlink(missing_ok=True)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def deeds(checkpoints: Path) -> Deeds:
    """Writes some deeds into the log."""

    def write(count: int) -> None:
        with transaction():
            for number in range(count):
                audit.note(actor=SYSTEM, action="test.deed", subject=("test", number), after={"wäre": [1.5, None]})

    return write


def seal_all(at_once: int = 5000) -> int:
    """Seals the log of deeds; how many deeds were new."""
    count, beyond, more = 0, None, True
    while more:
        with transaction():
            entries, beyond, more = seal(AUDIT, beyond=beyond, at_once=at_once)
        count += entries
    return count
