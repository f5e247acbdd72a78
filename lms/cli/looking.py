"""An installation that is only looked at: nothing can be written into its database, whatever the verb would do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import quote

from flask import current_app
from sqlalchemy import make_url, select

from lms.app import create_app
from lms.kernel.db import db, reading, run, transaction
from lms.settings import Settings


@contextmanager
def looking() -> Iterator[None]:
    """Within: a unit of work over the database of the present application that keeps nobody from writing.

    On SQLite the file itself is opened for reading alone: there a unit of work would be the one that writes.
    """
    settings: Settings = current_app.extensions["cadre.settings"]
    if settings.sqlite:
        with reading():
            run(select(1))  # only who may write can give a file its write-ahead log, as one just restored needs it
        settings = replace(settings, database_url=_to_read(settings.database_url))
    with create_app(settings).app_context():
        try:
            with transaction():
                yield
        finally:
            db.engine.dispose()


def _to_read(address: str) -> str:
    """The address of a SQLite file under which it cannot be written into."""
    url = make_url(address)
    file = url.database or ""
    if not file.startswith("file:"):
        url = url.set(database=f"file:{quote(file)}")
    return url.update_query_dict({"uri": "true", "mode": "ro"}).render_as_string(hide_password=False)
