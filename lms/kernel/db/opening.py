"""Opening the database of an installation."""

from __future__ import annotations

from typing import Any

from flask import Flask

from lms.kernel.db.engine import prepare_postgresql, prepare_sqlite, refuse_writing_while_reading, watch_lines
from lms.kernel.db.line import MOST_WAITING
from lms.kernel.db.session import db, end_unit
from lms.settings import Settings


def engine_options(settings: Settings) -> dict[str, Any]:
    """How the engine is built: enough connections for every request thread, and never a wait without end."""
    if settings.sqlite:
        slots = settings.writer_slots + MOST_WAITING  # lines that wait for a reader leave the writers theirs
        return {"connect_args": {"check_same_thread": False}, "pool_size": slots, "max_overflow": 0}
    return {"pool_size": 16, "max_overflow": 16, "pool_timeout": settings.busy_seconds, "pool_recycle": 1800}


def open_database(app: Flask, settings: Settings) -> None:
    """Bind the application to its database."""
    if settings.sqlite:
        settings.var.mkdir(parents=True, exist_ok=True)
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(settings)
    db.init_app(app)
    app.teardown_appcontext(lambda _error: end_unit())
    with app.app_context():
        refuse_writing_while_reading(db.engine)
        watch_lines(db.engine)
        if settings.sqlite:
            prepare_sqlite(db.engine, settings.busy_seconds)
        else:
            prepare_postgresql(db.engine, settings.busy_seconds)
