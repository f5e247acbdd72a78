"""One linear, numbered chain of migrations whose head equals the models, on both databases (H7)."""

from __future__ import annotations

import re

from flask import Flask

from lms.kernel.db import db, schema


def test_the_chain_is_numbered_and_linear() -> None:
    files = sorted((schema.FOLDER / "versions").glob("[0-9]*.py"))
    revisions = [re.search(r'^revision = "(\d+)"', path.read_text("utf-8"), re.M).group(1) for path in files]  # type: ignore[union-attr]
    before = [re.search(r'^down_revision = "?(\w+)"?', path.read_text("utf-8"), re.M).group(1) for path in files]  # type: ignore[union-attr]
    assert revisions == [f"{number:04d}" for number in range(1, len(files) + 1)]
    assert before == ["None", *revisions[:-1]]


def test_the_head_equals_the_models(app: Flask) -> None:
    db.session.remove()
    db.drop_all()
    try:
        schema.upgrade()
        assert schema.present() == schema.head()
        assert schema.differences() == []
        schema.upgrade()
        assert schema.present() == schema.head()
    finally:
        with db.engine.begin() as connection:
            connection.exec_driver_sql("drop table if exists alembic_version")
        db.drop_all()
        db.create_all()
