"""The worker for long work."""

from __future__ import annotations

import time

import click
from flask import Flask, current_app

from lms.app import TIDY, create_app, job_steps
from lms.cli.output import Answer, command
from lms.kernel import clock
from lms.kernel.db import transaction
from lms.kernel.jobs import enqueue, run_due
from lms.kernel.sealing import jobs as sealing
from lms.privacy import jobs as retaining

# Of several processes that want to write to a file, SQLite lets in whoever happens to ask when it is free: a job that
# wrote step after step would keep those waiting who serve pages.
GAP_ON_SQLITE = 0.05  # seconds
_app: Flask | None = None
_asked: int | None = None


@click.group()
def jobs() -> None:
    """Long work."""


@jobs.command("run")
@click.option("--once", is_flag=True, help="Do what is due now, then stop.")
@command(commits=False)
def run(once: bool) -> Answer:
    """Work on jobs until stopped."""
    done = _work(current_app)
    while not once:
        time.sleep(2)
        done += _work(current_app)
    return Answer(steps=done)


def work_once() -> None:
    """Do what is due now, in an application of the worker's own."""
    global _app
    if _app is None:
        _app = create_app()
    with _app.app_context():
        _work(_app)


def _work(app: Flask) -> int:
    """Do what is due now, and by itself: tidying up and letting go once a day, sealing every five minutes."""
    global _asked
    if _asked != sealing.period():
        with transaction():
            enqueue(TIDY, {}, key=f"{TIDY}:{clock.today()}")
            sealing.ask()
            retaining.ask()
        _asked = sealing.period()
    gap = GAP_ON_SQLITE if app.extensions["cadre.settings"].sqlite else 0.0
    return run_due(job_steps(app), limit=10_000, gap=gap)
