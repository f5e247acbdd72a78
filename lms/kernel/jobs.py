"""Long work: a leased row, written in the same commit as what asked for it, with an effect exactly once.

A job's kind names a step; a step does one piece in one transaction and returns whether more is left.
The lease is taken, extended and given up in the same commits as the work, so a worker that dies leaves
a job that another takes up where it stood.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import JSON, CheckConstraint, Index, Integer, String, Text, or_, select
from sqlalchemy.orm import Mapped

from lms.kernel import clock, ids
from lms.kernel.db import Base, db, plain, transaction
from lms.kernel.db.fresh import insert_unless_there

LEASE = timedelta(minutes=5)
ATTEMPTS = 5
State = Literal["queued", "done", "failed", "cancelled"]


class Job(Base):
    """One piece of long work and how far it has come."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("state in ('queued','done','failed','cancelled')", name="state"),
        Index("ix_job_due", "state", "not_before"),
    )

    id: Mapped[int] = plain(primary_key=True)
    kind: Mapped[str] = plain(String(60))
    key: Mapped[str | None] = plain(String(120), unique=True)
    arguments: Mapped[dict[str, Any]] = plain(JSON)
    state: Mapped[str] = plain(String(12), default="queued")
    done: Mapped[int] = plain(Integer, default=0)
    total: Mapped[int] = plain(Integer, default=0)
    message: Mapped[str] = plain(Text, default="")
    failures: Mapped[int] = plain(Integer, default=0)
    not_before: Mapped[datetime] = plain()
    leased_until: Mapped[datetime | None] = plain()
    leased_by: Mapped[str | None] = plain(String(40))


Step = Callable[[Job], bool]


def enqueue(kind: str, arguments: Mapping[str, Any], *, key: str | None = None, after: datetime | None = None) -> None:
    """Ask for work within the present transaction; the same key asks only once."""
    row = {"kind": kind, "key": key, "arguments": dict(arguments), "not_before": after or clock.now()}
    db.session.execute(insert_unless_there(Job), row)


def cancel(job_id: int) -> None:
    """Stop a job before its next step."""
    job = db.session.get_one(Job, job_id)
    if job.state == "queued":
        job.state = "cancelled"


def run_due(steps: Mapping[str, Step], *, limit: int = 100, gap: float = 0.0) -> int:
    """Run steps of the jobs that are due until none is left or the limit is reached; returns the steps run.

    A `gap` of some seconds after each step lets the writers of other processes in.
    """
    worker = str(ids.new())
    for count in range(limit):
        with transaction():
            job_id = _lease(worker)
        if job_id is None:
            return count
        _run_step(steps, job_id, worker)
        time.sleep(gap)
    return limit


def _lease(worker: str) -> int | None:
    now = clock.now()
    free = or_(Job.leased_until.is_(None), Job.leased_until < now)
    due = select(Job).where(Job.state == "queued", Job.not_before <= now, free).order_by(Job.id).limit(1)
    job = db.session.scalar(due.with_for_update(skip_locked=True))
    if job is None:
        return None
    job.leased_until, job.leased_by = now + LEASE, worker
    return job.id


def _run_step(steps: Mapping[str, Step], job_id: int, worker: str) -> None:
    try:
        with transaction():
            job = _held(job_id, worker)
            if job is not None:
                more = _step(steps, job.kind)(job)
                job.state = "queued" if more else "done"
                job.leased_until = job.leased_by = None
    except Exception as error:  # a step may fail in any way: what failed is written down and tried again later
        with transaction():
            job = _held(job_id, worker)
            if job is not None:
                _note_failure(job, error)


def _held(job_id: int, worker: str) -> Job | None:
    """The job, locked, while it still waits and this worker's lease on it has not gone to another."""
    mine = select(Job).where(Job.id == job_id, Job.state == "queued", Job.leased_by == worker)
    return db.session.scalar(mine.with_for_update().execution_options(populate_existing=True))


def _step(steps: Mapping[str, Step], kind: str) -> Step:
    found = steps.get(kind)
    if found is None:
        raise LookupError(f"No step is known for jobs of the kind {kind!r}: this worker is older than the job.")
    return found


def _note_failure(job: Job, error: Exception) -> None:
    job.failures += 1
    job.message = f"{type(error).__name__}: {error}"[:500]
    job.leased_until = job.leased_by = None
    job.not_before = clock.now() + timedelta(minutes=2**job.failures)
    if job.failures >= ATTEMPTS:
        job.state = "failed"
