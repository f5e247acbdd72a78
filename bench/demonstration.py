"""Figures of the demonstration government: loading it, its coverage, and how many queries each page takes."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from statistics import median

from flask.testing import FlaskClient
from sqlalchemy import select

from bench import crawl
from bench.report import Figure, at_most, none_of
from bench.stage import Stage, sign_in
from courses.actions.transfers import transfer_result
from lms import demo
from lms.kernel import clock
from lms.kernel.actor import SYSTEM
from lms.kernel.db import db, holds_on, reading, transaction
from lms.people import actions as people_actions
from lms.people import queries as people_queries
from lms.people.models import Assignment

LOAD_SECONDS = 35
ASKED = 12
SMALL = 100
NEXT = "select setval(pg_get_serial_sequence('{table}', '{key}'), (select max({key}) from {table}))"
PATH = "/coverage?open=all"
COMPLETED = "sec-201"


def load(stage: Stage, staff: int) -> float:
    """Live the history; returns the seconds it took."""
    with stage.app.app_context():
        began = time.perf_counter()
        with transaction():
            demo.load(staff=staff)
        return time.perf_counter() - began


def loading(seconds: float, staff: int) -> Figure:
    """How long a newcomer waits; a smaller government is measured against its share of the time."""
    target = LOAD_SECONDS * staff / demo.STAFF
    return at_most(
        f"loading the demonstration ({staff:,} staff)", seconds, target, " s", note="SQLite, one transaction"
    )


def copy(source: Stage, to: Stage) -> None:
    """Put every row of one installation into another's PostgreSQL, and its counters behind them."""
    with source.app.app_context():
        tables = db.metadata.sorted_tables
        with db.engine.connect() as connection:
            rows = [(table, connection.execute(table.select()).mappings().all()) for table in tables]
    with to.app.app_context(), db.engine.begin() as connection:
        for table, found in rows:
            if found:
                connection.execute(table.insert(), [dict(row) for row in found])
        for table, found in rows:
            key = table.autoincrement_column
            if found and key is not None:
                connection.exec_driver_sql(NEXT.format(table=table.name, key=key.name))
        connection.exec_driver_sql("analyze")


def coverage(stage: Stage, staff: int) -> list[Figure]:
    """The whole matrix as HR sees it, answered within this process while the record moves on."""
    client = sign_in(stage.app, demo.ACCOUNTS[1].email, demo.PASSWORD)
    first = _milliseconds(lambda: _answer(client, PATH))
    today = clock.today()
    again = [_milliseconds(lambda: _answer(client, PATH)) for _ in range(ASKED)]
    changed = []
    for number, person_id in enumerate(_some_staff(stage)):
        _change(stage, person_id, number)
        changed.append(_milliseconds(lambda: _answer(client, PATH)))
    days = [f"{PATH}&as_at={today - timedelta(number)}" for number in range(1, ASKED + 1)]
    other = [_milliseconds(lambda day=day: _answer(client, day)) for day in days]  # type: ignore[misc]
    who = f"({staff:,} staff, {stage.kind})"
    life = f"; the first in a worker's life {first:.0f} ms"
    return [
        at_most(f"coverage asked for again {who}", median(again), 50, " ms", note=_spread(again) + life),
        at_most(f"coverage right after a change {who}", median(changed), 50, " ms", note=_spread(changed)),
        at_most(f"coverage of a day nobody asked for {who}", median(other), 50, " ms", note=_spread(other)),
    ]


def queries(large: Stage, small: Stage) -> list[Figure]:
    """Every page that the printed accounts reach by following links, in two governments of different size."""
    found, fewer = crawl.walk(large.app), crawl.walk(small.app)
    pages = {name: visited.statements for name, visited in found.items() if visited.is_page}
    files = {name: visited.statements for name, visited in found.items() if not visited.is_page}
    most, longest = max(pages, key=lambda page: pages[page]), max(files, key=lambda file: files[file])
    grown = sorted(
        f"{name} from {fewer[name].statements} to {found[name].statements}"
        for name in found.keys() & fewer.keys()
        if found[name].statements > fewer[name].statements
    )
    note = f"the most in {most}; {len(pages)} pages; of {len(files)} files the most, {files[longest]}, in {longest}"
    return [
        at_most("queries of a page", pages[most], 10, "", note=note),
        none_of("pages whose queries grow with the staff", grown),
    ]


def _some_staff(stage: Stage) -> list[int]:
    """People who work today, from all over the government."""
    holding = select(Assignment.person_id).where(Assignment.is_primary, holds_on(Assignment, clock.today()))
    with stage.app.app_context(), reading():
        found = db.session.scalars(holding.order_by(Assignment.person_id)).all()
    return list(found[:: max(1, len(found) // ASKED)][:ASKED])


def _change(stage: Stage, person_id: int, number: int) -> None:
    """One person's facts change through an action: a completion and a second post in turn."""
    today = clock.today()
    with stage.app.app_context(), transaction():
        if number % 2:
            place = people_queries.stamp(person_id, today).agency_id or 0
            people_actions.assign(
                actor=SYSTEM, person_id=person_id, agency_id=place, starts_on=today, is_primary=False, fte_percent=20
            )
        else:
            transfer_result(actor=SYSTEM, person_id=person_id, slug=COMPLETED, score=Fraction(9, 10), on=today)


def _answer(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}.")


def _milliseconds(deed: Callable[[], None]) -> float:
    began = time.perf_counter()
    deed()
    return (time.perf_counter() - began) * 1000


def _spread(times: list[float]) -> str:
    return f"{len(times)} times from {min(times):.0f} to {max(times):.0f} ms, the whole page"
