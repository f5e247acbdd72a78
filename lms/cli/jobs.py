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

_app: Flask | None = None


@click.group()
def jobs() -> None:
    """Long work."""


@jobs.command("run")
@click.option("--once", is_flag=True, help="Do what is due now, then stop.")
@command(commits=False)
def run(once: bool) -> Answer:
    """Work on jobs until stopped."""
    done = run_due(job_steps(current_app), limit=10_000)
    while not once:
        time.sleep(2)
        done += run_due(job_steps(current_app), limit=10_000)
    return Answer(steps=done)


def work_once() -> None:
    """Do what is due now, in an application of the worker's own; tidy up once a day."""
    global _app
    if _app is None:
        _app = create_app()
    with _app.app_context():
        with transaction():
            enqueue(TIDY, {}, key=f"{TIDY}:{clock.today()}")
        run_due(job_steps(_app))
