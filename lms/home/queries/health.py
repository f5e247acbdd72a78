"""Whether this process can do its work (row I2)."""

from __future__ import annotations

import shutil
from pathlib import Path

from sqlalchemy import literal, select
from sqlalchemy.exc import SQLAlchemyError

from lms.kernel.db import db, schema

FREE_MEGABYTES = 50


def readiness(var: Path) -> dict[str, bool]:
    """What the product needs, by name, and whether it is there."""
    try:
        db.session.execute(select(literal(1)))
        database = True
        up_to_date = schema.present() == schema.head()
    except SQLAlchemyError:
        database = up_to_date = False
    return {"database": database, "schema": up_to_date, "disk": _free(var) >= FREE_MEGABYTES}


def _free(folder: Path) -> int:
    return shutil.disk_usage(folder).free // (1024 * 1024) if folder.is_dir() else 0
