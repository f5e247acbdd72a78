"""Long work: one lease at a time, taken up where it stood, tried again with patience, stopped when told."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from lms.kernel import clock, jobs
from lms.kernel.db import db, transaction
from lms.kernel.db.session import is_begun
from lms.kernel.jobs import LEASE, Job
from tests.conftest import NOW
from tests.together import together


def ask(kind: str = "count", **more: Any) -> int:
    with transaction():
        jobs.enqueue(kind, {"n": 1}, **more)
        return db.session.scalars(select(Job.id).order_by(Job.id.desc())).first() or 0


def job(job_id: int) -> Job:
    with transaction():
        return db.session.get_one(Job, job_id, populate_existing=True)


def test_a_job_runs_step_by_step_until_nothing_is_left(app: Flask) -> None:
    job_id = ask()

    def step(job: Job) -> bool:
        job.done += 1
        return job.done < 3

    assert jobs.run_due({"count": step}) == 3
    assert (job(job_id).state, job(job_id).done) == ("done", 3)
    assert jobs.run_due({"count": step}) == 0


def test_between_its_steps_a_job_lets_others_write(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    rests: list[tuple[float, bool]] = []
    monkeypatch.setattr(jobs, "time", SimpleNamespace(sleep=lambda gap: rests.append((gap, is_begun()))))
    ask()
    ask()
    assert jobs.run_due({"count": lambda job: False}, gap=0.05) == 2
    assert rests == [(0.05, False)] * 2


def test_the_same_key_asks_once(app: Flask) -> None:
    first = ask(key="monthly")
    assert ask(key="monthly") == first
    assert ask() != first


def test_a_job_waits_for_its_moment(app: Flask) -> None:
    ask(after=NOW + timedelta(hours=1))
    assert jobs.run_due({"count": lambda job: False}) == 0
    with clock.at(NOW + timedelta(hours=1)):
        assert jobs.run_due({"count": lambda job: False}) == 1


def test_two_workers_never_hold_one_lease(app: Flask) -> None:
    ask()

    def worker(name: str) -> int | None:
        with transaction():
            return jobs._lease(name)

    taken = together(partial(worker, "a"), partial(worker, "b"), app=app)
    assert sum(found is not None for found in taken) == 1


def test_a_job_whose_worker_died_is_taken_up_by_another_where_it_stood(app: Flask) -> None:
    job_id = ask()

    def step(job: Job) -> bool:
        job.done += 1
        if job.done == 2 and clock.now() == NOW:
            raise SystemExit  # the machine goes down in the middle of the second step
        return job.done < 3

    with pytest.raises(SystemExit):
        jobs.run_due({"count": step})
    assert (job(job_id).done, job(job_id).failures) == (1, 0)
    assert jobs.run_due({"count": step}) == 0  # its lease still runs
    with clock.at(NOW + LEASE + timedelta(seconds=1)):
        assert jobs.run_due({"count": step}) == 2
    assert (job(job_id).state, job(job_id).done) == ("done", 3)


def test_a_worker_that_lost_its_lease_changes_nothing(app: Flask) -> None:
    job_id = ask()
    with transaction():
        jobs._lease("slow")
    with clock.at(NOW + LEASE + timedelta(seconds=1)), transaction():
        assert jobs._lease("quick") == job_id
    jobs._run_step({"count": lambda job: pytest.fail("ran without its lease")}, job_id, "slow")
    assert job(job_id).leased_by == "quick"


def test_a_failure_is_written_down_undone_and_tried_again_later(app: Flask) -> None:
    job_id = ask()

    def step(job: Job) -> bool:
        job.done = 99
        raise ValueError("the file is empty")

    jobs.run_due({"count": step})
    failed = job(job_id)
    assert (failed.state, failed.done, failed.failures) == ("queued", 0, 1)
    assert failed.message == "ValueError: the file is empty"
    assert failed.not_before == NOW + timedelta(minutes=2)
    assert jobs.run_due({"count": step}) == 0
    with clock.at(NOW + timedelta(minutes=2)):
        assert jobs.run_due({"count": lambda job: False}) == 1
    assert job(job_id).state == "done"


def test_after_five_failures_a_job_has_failed(app: Flask) -> None:
    job_id = ask()
    moment, waits = NOW, []
    for _ in range(5):
        with clock.at(moment):
            jobs.run_due({"count": lambda job: 1 / 0 > 0})
        waits.append(job(job_id).not_before - moment)
        moment = job(job_id).not_before
    assert waits == [timedelta(minutes=2**n) for n in range(1, 6)]
    assert (job(job_id).state, job(job_id).failures) == ("failed", 5)
    with clock.at(moment + timedelta(days=9)):
        assert jobs.run_due({"count": lambda job: False}) == 0


def test_a_kind_nobody_knows_says_so(app: Flask) -> None:
    job_id = ask("unheard-of")
    jobs.run_due({})
    assert "unheard-of" in job(job_id).message


def test_a_cancelled_job_stops_before_its_next_step(app: Flask) -> None:
    job_id = ask()

    def until_cancelled(job: Job) -> bool:
        job.done += 1
        return True

    jobs.run_due({"count": until_cancelled}, limit=2)
    with transaction():
        jobs.cancel(job_id)
    assert jobs.run_due({"count": until_cancelled}) == 0
    assert (job(job_id).state, job(job_id).done) == ("cancelled", 2)
    with transaction():
        jobs.cancel(job_id)
    assert job(job_id).state == "cancelled"


def test_work_asked_for_in_a_transaction_that_fails_was_never_asked_for(app: Flask) -> None:
    with pytest.raises(RuntimeError), transaction():
        jobs.enqueue("count", {})
        raise RuntimeError
    assert db.session.scalar(select(Job.id)) is None
