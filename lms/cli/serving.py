"""Serving the product."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from importlib.metadata import version

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from lms import settings as settings_module
from lms.cli import database, demo
from lms.cli.jobs import work_once

log = logging.getLogger("lms.jobs")
POLL_SECONDS = 5.0
# One thread of Python runs at a time: more than a few take turns in each other's way, and each keeps memory of its own.
# Most wait at any moment: for the database, for the disk, or for one that stores statements for all.
THREADS = 6


def workers_on(database_url: str) -> int:
    """How many processes serve where nobody says, by where the database is: a SQLite file has one writer anyway."""
    return 1 if database_url.startswith("sqlite") else 2


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", type=int, help="Processes; 1 on SQLite, 2 on PostgreSQL when left out.")
@click.option("--threads", type=int, help=f"Requests a process works on at a time; {THREADS} when left out.")
@click.option("--migrate", is_flag=True, help="Bring the database to the present schema first.")
@click.option("--demo", "with_demo", is_flag=True, help="Load the demonstration government if the database is empty.")
def serve(host: str, port: int, workers: int | None, threads: int | None, migrate: bool, with_demo: bool) -> None:
    """Serve the product until it is stopped."""
    settings = settings_module.read()
    os.environ.setdefault("LMS_SECRET_KEY", settings.secret_key)
    if migrate:
        database.upgrade_if_needed()
    if with_demo:
        demo.load_if_empty()
        click.echo(f"\nCadre {version('cadre-lms')} is at http://{host}:{port}\n")
        demo.print_accounts()
    else:
        click.echo(f"Cadre is at http://{host}:{port} (LMS_VAR is {settings.var})")
    sys.stdout.flush()
    if settings.sqlite:
        threading.Thread(target=_work_on, daemon=True, name="jobs").start()
    Granian(
        "wsgi:app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers or workers_on(settings.database_url),
        blocking_threads=threads or THREADS,
        backpressure=512,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
    ).serve()


def _work_on() -> None:
    """Do what jobs are due, again and again, beside the server (SQLite; PostgreSQL has `lms jobs run`)."""
    while True:
        time.sleep(POLL_SECONDS)
        try:
            work_once()
        except Exception:  # whatever it was, the jobs of the next minute are not to wait for a new start
            log.exception("jobs")
