"""Both logs of an installation, sealed in portions, with something erased from each."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import delete

from lms.app import LOGS
from lms.kernel import audit
from lms.kernel.actor import SYSTEM
from lms.kernel.db import db, transaction
from lms.kernel.sealing.logs import Log
from lms.kernel.sealing.sealer import erase, seal
from lms.xapi import record
from lms.xapi.actions import road
from tests.xapi.drafts import draft

PORTIONS = 5
EACH = 9
SIZE = PORTIONS * EACH + 1


@pytest.fixture
def sealed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Both logs, sealed in portions, with something erased; afterwards the checkpoints that were kept are gone."""
    settings = app.extensions["cadre.settings"]
    shutil.rmtree(settings.var / "checkpoints", ignore_errors=True)
    monkeypatch.setattr(road, "_projectors", ())
    for portion in range(PORTIONS):
        with transaction():
            for number in range(EACH):
                record(draft(number))
                audit.note(actor=SYSTEM, action="test.deed", subject=("test", number), why=f"portion {portion}")
        with transaction():
            for log in LOGS:
                seal(log)
                if portion == 2:
                    gone = subjects(log)[3:6]
                    erase(log, gone, {"rule": "test"})
                    if not log.stays_emptied:
                        db.session.execute(delete(log.subject.class_).where(log.subject.in_(gone)))
    yield
    shutil.rmtree(settings.var / "checkpoints", ignore_errors=True)


def subjects(log: Log) -> list[int]:
    return list(db.session.execute(log.rows().with_only_columns(log.subject).order_by(log.subject)).scalars())


def altered(text: str, chance: random.Random) -> str:
    """The text with another letter in one place."""
    at = chance.randrange(len(text))
    return text[:at] + chance.choice([c for c in "AQgwxyz012" if c != text[at]]) + text[at + 1 :]
