"""What PostgreSQL is told of its disk, unless somebody has told it already."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import create_engine

from lms.kernel.db import db

pytestmark = pytest.mark.only("postgresql")
Say = Callable[[str], None]


@pytest.fixture
def say(app: Flask) -> Iterator[Say]:
    """Set something for the whole database, as whoever runs it may; whoever connects from then on finds it."""

    def said(words: str) -> None:
        with app.app_context():
            chief = create_engine(db.engine.url, isolation_level="AUTOCOMMIT")
            with chief.connect() as connection:
                connection.exec_driver_sql(f'alter database "{db.engine.url.database}" {words}')
            chief.dispose()
            db.engine.dispose()

    yield said
    said("reset random_page_cost")


@pytest.mark.parametrize(
    ("words", "cost"),
    [("reset random_page_cost", "1.1"), ("set random_page_cost = 2", "2"), ("set random_page_cost = 4.0", "1.1")],
)
def test_pages_out_of_order_cost_little_unless_the_server_knows_better(
    app: Flask, say: Say, words: str, cost: str
) -> None:
    say(words)
    with app.app_context(), db.engine.connect() as connection:
        assert connection.exec_driver_sql("show random_page_cost").scalar() == cost
