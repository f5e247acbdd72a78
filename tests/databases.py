"""Databases for tests: a SQLite file, and a PostgreSQL cluster started for this run alone."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from pathlib import Path
from types import TracebackType

import pytest
from sqlalchemy import Engine, MetaData, text

from lms.kernel.db import db
from lms.xapi.actions import definitions, terms

POSTGRES_HOMES = ("/usr/lib/postgresql/17/bin", "/usr/lib/postgresql/16/bin", "/usr/lib/postgresql/15/bin")


def postgres_home() -> Path | None:
    """Where PostgreSQL's programs are on this machine."""
    return next((Path(home) for home in POSTGRES_HOMES if (Path(home) / "initdb").exists()), None)


DEEDS_GO = (  # a deed may be removed only once its seal was destroyed
    "delete from seal_leaf",
    "insert into seal_leaf (log, position, subject, entry) select 1, id, id, '' from audit_event",
    "delete from audit_event",
)


class Databases:
    """Gives addresses, starts what needs starting, and stops it at the end; `durable` ones survive a power cut."""

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self._folder = folder
        self._durable = durable
        self._cluster: Path | None = None

    def __enter__(self) -> Databases:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._cluster:
            self._run("pg_ctl", "-D", str(self._cluster), "-m", "immediate", "-w", "stop")
            shutil.rmtree(self._cluster.parent, ignore_errors=True)

    def url(self, kind: str) -> str:
        """The address of a fresh database of a kind."""
        if kind == "sqlite":
            return f"sqlite:///{self._folder / 'test.db'}"
        if os.environ.get("TEST_POSTGRES_URL"):
            return os.environ["TEST_POSTGRES_URL"]
        if postgres_home() is None and not os.environ.get("CI"):
            pytest.skip("PostgreSQL is not installed: these tests ran on SQLite only")
        return self._start_cluster()

    def begin_anew(self) -> None:
        """Empty the database of the application in context, which remembers nothing of it afterwards."""
        db.session.remove()
        self.empty(db.engine, db.metadata)
        terms.forget()
        definitions.forget()

    def empty(self, engine: Engine, metadata: MetaData) -> None:
        """Remove every row, so that each test begins with nothing."""
        tables = list(reversed(metadata.sorted_tables))
        with engine.begin() as connection:
            for statement in DEEDS_GO:
                connection.exec_driver_sql(statement)
            if engine.dialect.name == "postgresql":
                # 150 times faster than TRUNCATE, which makes new files for every table and index
                connection.exec_driver_sql("; ".join(f'delete from "{table.name}"' for table in tables))
                counters = "select setval(quote_ident(sequencename)::regclass, 1, false) from pg_sequences"
                connection.execute(text(counters))
                return
            for table in tables:
                connection.execute(table.delete())

    def _start_cluster(self) -> str:
        base = Path("/tmp") / f"cadre-test-pg-{os.getpid()}"
        shutil.rmtree(base, ignore_errors=True)
        base.mkdir(mode=0o755)
        data = base / "data"
        if os.getuid() == 0:
            shutil.chown(base, "postgres")
        self._run("initdb", "-D", str(data), "-U", "cadre", "-A", "trust", "-E", "UTF8", "--no-sync")
        careless = "" if self._durable else "-c fsync=off -c full_page_writes=off"  # a test needs no disk
        options = f"-k {base} -c listen_addresses='' -c max_connections=60 {careless}"
        self._run("pg_ctl", "-D", str(data), "-o", options, "-l", str(base / "log"), "-w", "start")
        self._cluster = data
        return f"postgresql+psycopg://cadre@/postgres?host={base}"

    def _run(self, program: str, *arguments: str) -> None:
        home = postgres_home()
        assert home is not None
        command = [str(home / program), *arguments]
        # the server refuses to run as root
        demote = {"user": "postgres", "group": pwd.getpwnam("postgres").pw_gid} if os.getuid() == 0 else {}
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/tmp", **demote)
