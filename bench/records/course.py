"""The figures of the record on both databases, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url

from bench.records import ingest, paging
from bench.records.sender import furnish
from bench.records.shelf import Shelf
from bench.report import Figure
from bench.stage import Stage, staged

Say = Callable[[str], None]


def figures(
    folder: Path, postgresql: str | None, *, statements: int, must_have_ralph: bool, say: Say
) -> Iterator[Figure]:
    """Everything about the record; `statements` is among how many pages are looked for in the end."""
    for kind in ("sqlite", "postgresql") if postgresql else ("sqlite",):
        say(f"storing statements on {kind}")
        place = folder / f"records-{kind}"
        with _stage(place, postgresql, kind, "product") as product, _stage(place, postgresql, kind, "bare") as bare:
            yield from ingest.figures(product, bare, place / "ralph", must_have_ralph=must_have_ralph)
        say(f"pages among {statements:,} statements on {kind}")
        with _stage(place, postgresql, kind, "few") as small, _stage(place, postgresql, kind, "many") as large:
            few, many = (Shelf(stage, furnish(stage)) for stage in (small, large))
            few.grow(statements // 10)
            many.grow(statements)
            yield from paging.figures(kind, *paging.measure(few, many), statements)


@contextmanager
def _stage(place: Path, postgresql: str | None, kind: str, name: str) -> Iterator[Stage]:
    """An installation on a new database of a kind."""
    if kind == "sqlite" or postgresql is None:
        with staged(kind, place / name, f"sqlite:///{place / name / 'cadre.db'}") as stage:
            yield stage
        return
    whole = make_url(postgresql)
    chief = create_engine(whole, isolation_level="AUTOCOMMIT")
    try:
        with chief.connect() as connection:
            connection.exec_driver_sql(f"create database cadre_{name}")
        url = whole.set(database=f"cadre_{name}").render_as_string(hide_password=False)
        with staged(kind, place / name, url) as stage:
            yield stage
        with chief.connect() as connection:
            connection.exec_driver_sql(f"drop database cadre_{name} with (force)")
    finally:
        chief.dispose()
