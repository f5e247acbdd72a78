"""Letting go by itself, once a day."""

from __future__ import annotations

from sqlalchemy import delete

from lms.kernel import clock
from lms.kernel.actor import SYSTEM
from lms.kernel.db import run
from lms.kernel.jobs import Job, enqueue
from lms.privacy.actions.disposing import dispose_some

RETAIN = "privacy.retain"


def ask() -> None:
    """Ask for this day's disposal; asking again changes nothing."""
    enqueue(RETAIN, {}, key=f"{RETAIN}:{clock.today()}")


def let_go(job: Job) -> bool:
    """Let one batch go; there may be more where there was one."""
    gone = dispose_some(actor=SYSTEM)
    job.done += gone.statements
    if gone.statements:
        return True
    run(delete(Job).where(Job.kind == RETAIN, Job.state == "done"))
    return False
