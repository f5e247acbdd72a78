"""Sealing by itself, every five minutes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete

from lms.kernel import clock
from lms.kernel.db import run
from lms.kernel.jobs import Job, Step, enqueue
from lms.kernel.sealing.logs import Log
from lms.kernel.sealing.sealer import seal

SEAL = "seal"
EVERY = timedelta(minutes=5)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def ask() -> None:
    """Ask for the sealing of these five minutes; asking again changes nothing."""
    enqueue(SEAL, {}, key=f"{SEAL}:{period()}")


def period() -> int:
    """Which five minutes these are."""
    return (clock.now() - _EPOCH) // EVERY


def sealer(logs: Sequence[Log]) -> Step:
    """The step that seals what is new in some logs, so many at once that nobody waits long for the writer."""

    def step(job: Job) -> bool:
        for log in logs:
            sealed = seal(log, beyond=job.arguments.get(log.name))
            job.done += sealed.entries
            if sealed.last is not None:
                job.arguments = {**job.arguments, log.name: sealed.last}
            if sealed.more:
                return True
        run(delete(Job).where(Job.kind == SEAL, Job.state == "done"))
        return False

    return step
