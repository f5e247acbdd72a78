"""`make bench`: every performance figure beside its target, in one run on one machine."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from bench import demonstration, learning
from bench.load import make_sure_of_wrk
from bench.records import course as records
from bench.report import Figure, as_json, table
from bench.servers import CLIENT_CORE, ROOT, SERVER_CORE, compile_product
from bench.stage import Stage, staged
from lms import demo
from lms.kernel.db import db
from tests.databases import Databases, postgres_home

WRITTEN = ROOT / "var" / "bench.json"


def main(arguments: Sequence[str]) -> int:
    """Measure, print, and write down."""
    asked = _asked(arguments)
    make_sure_of_wrk()
    compile_product()
    _take_the_clients_core()
    began = time.perf_counter()
    with (
        tempfile.TemporaryDirectory(prefix="cadre-bench-") as folder,
        Databases(Path(folder), durable=True) as databases,
    ):
        figures = list(_measure(asked, Path(folder), databases))
    found = as_json(figures) | {"staff": asked.staff, "seconds": round(time.perf_counter() - began)}
    WRITTEN.parent.mkdir(exist_ok=True)
    WRITTEN.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=1) if asked.json else table(figures))
    return 0


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--staff", type=int, default=demo.STAFF, help="size of the demonstration government")
    parser.add_argument("--json", action="store_true", help="print what is written to var/bench.json")
    parser.add_argument("--only", choices=("house", "records"), help="measure one part alone")
    parser.add_argument("--quick", action="store_true", help="search 100,000 statements instead of a million")
    parser.add_argument("--all", action="store_true", help="fail where something to compare with is not there")
    return parser.parse_args(arguments)


def _take_the_clients_core() -> None:
    """Leave the server's core to the server; clients and PostgreSQL share the other, as they would another machine."""
    if not {SERVER_CORE, CLIENT_CORE} <= os.sched_getaffinity(0):
        raise SystemExit(f"The figures need two cores ({SERVER_CORE} and {CLIENT_CORE}) of this machine.")
    os.sched_setaffinity(0, {CLIENT_CORE})


def _measure(asked: argparse.Namespace, folder: Path, databases: Databases) -> Iterator[Figure]:
    postgresql = databases.url("postgresql") if _has_postgresql() else None
    if asked.only != "records":
        yield from _house(asked.staff, folder, databases, postgresql)
    if asked.only != "house":
        must = asked.all or bool(os.environ.get("CI"))
        many = 100_000 if asked.quick else 1_000_000
        yield from records.figures(folder, postgresql, statements=many, must_have_ralph=must, say=_say)


def _house(staff: int, folder: Path, databases: Databases, postgresql: str | None) -> Iterator[Figure]:
    _say(f"the demonstration government of {staff:,} staff")
    with _sqlite(folder, "large") as large:
        yield demonstration.loading(demonstration.load(large, staff), staff)
        _say("its coverage")
        yield from demonstration.coverage(large, staff)
        if postgresql:
            with staged("postgresql", folder / "copy", postgresql) as copied:
                demonstration.copy(large, copied)
                yield from demonstration.coverage(copied, staff)
                _empty(databases, copied)
        _say("the queries of every page")
        with _sqlite(folder, "small") as small:
            demonstration.load(small, demonstration.SMALL)
            yield from demonstration.queries(large, small)
    _say("learners on SQLite")
    with _sqlite(folder, "learners") as stage:
        yield from learning.figures(stage)
    if postgresql:
        _say("learners on PostgreSQL")
        with staged("postgresql", folder / "postgresql", postgresql) as stage:
            yield from learning.figures(stage)


def _sqlite(folder: Path, name: str) -> AbstractContextManager[Stage]:
    return staged("sqlite", folder / name, f"sqlite:///{folder / name / 'cadre.db'}")


def _has_postgresql() -> bool:
    found = postgres_home() is not None or bool(os.environ.get("TEST_POSTGRES_URL"))
    if not found:
        _say("PostgreSQL is not installed: SQLite alone")
    return found


def _empty(databases: Databases, stage: Stage) -> None:
    with stage.app.app_context():
        databases.empty(db.engine, db.metadata)


def _say(what: str) -> None:
    print(f"… {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
