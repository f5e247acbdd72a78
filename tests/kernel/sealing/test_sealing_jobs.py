"""Sealing goes on by itself, in portions, and leaves no heap of finished jobs."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from lms.kernel import clock, jobs
from lms.kernel.audit import AUDIT
from lms.kernel.db import db, transaction
from lms.kernel.jobs import Job
from lms.kernel.sealing import jobs as sealing
from lms.kernel.sealing import live, sealer
from tests.conftest import NOW
from tests.kernel.sealing.conftest import Deeds


def test_the_worker_seals_every_five_minutes_in_portions(deeds: Deeds, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "seal", partial(sealer.seal, at_once=4))
    steps = {sealing.SEAL: sealing.sealer([AUDIT])}
    for minutes in (0, 5, 10):
        with clock.at(NOW + timedelta(minutes=minutes)):
            deeds(10)
            for _ in range(2):
                with transaction():
                    sealing.ask()
            assert jobs.run_due(steps) == 3
    assert live.check(AUDIT) == (30, [])
    with transaction():
        (left,) = db.session.scalars(select(Job).where(Job.kind == sealing.SEAL))
        assert (left.state, left.done) == ("done", 10)
