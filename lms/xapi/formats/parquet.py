"""Statements as Parquet files, a folder for each day of storing, that grow with every export and hold nothing twice.

Things to remember
- Only whole files bear their name: each is written beside it, kept safe, and then renamed.
- `_cadre-records.json` says up to which statement the folder goes. A file that begins after it is one that an
  interrupted export has left; the next export removes it and goes on from what the folder says.
- What stands in a file never changes. Who leaves out voided statements leaves out every id named in `voids`.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path
from typing import Any

import pyarrow as arrow
from pyarrow import parquet

from lms.kernel.errors import Refused
from lms.xapi.formats.columns import Row

STATE, FORMAT = "_cadre-records.json", "cadre-records/1"
AT_ONCE = 5_000  # rows in memory, which are a group of rows in the file
LARGEST_PART = 200_000  # rows in a file
_MOMENT = arrow.timestamp("us", tz="UTC")
_LOCK, _BESIDE = ".lock", ".tmp"
SCHEMA = arrow.schema(
    [
        ("seq", arrow.int64()),
        ("id", arrow.string()),
        ("stored", _MOMENT),
        ("timestamp", _MOMENT),
        ("actor", arrow.string()),
        ("verb", arrow.string()),
        ("object_id", arrow.string()),
        ("object_type", arrow.string()),
        ("registration", arrow.string()),
        ("authority", arrow.string()),
        ("success", arrow.bool_()),
        ("completion", arrow.bool_()),
        ("score_scaled", arrow.float64()),
        ("voided", arrow.bool_()),
        ("voids", arrow.string()),
        ("payload", arrow.string()),
    ]
)

_REPEATED = ["actor", "verb", "object_id", "object_type", "registration", "authority"]


@dataclass(frozen=True, slots=True)
class Written:
    """What an export has added to a folder."""

    statements: int
    files: int


class Folder:
    """A folder of exported statements, held by one export at a time."""

    def __init__(self, path: Path, source: str) -> None:
        self._path, self._source = path, source
        self.last, self.statements = self._known()
        self._remove_leftovers()

    def add(self, rows: Iterable[Row]) -> Written:
        """Write statements that follow the last one, in their order."""
        before = self.statements
        days = groupby(rows, key=lambda row: row.stored.date())
        files = sum(self._add_day(self._path / f"day={day}", of_the_day) for day, of_the_day in days)
        return Written(self.statements - before, files)

    def _add_day(self, folder: Path, rows: Iterator[Row]) -> int:
        files = 0
        while first := list(islice(rows, AT_ONCE)):
            self._write(folder, first, rows)
            files += 1
        return files

    def _write(self, folder: Path, first: list[Row], further: Iterator[Row]) -> None:
        """One file: some rows, and as many of those that follow as it may hold."""
        folder.mkdir(parents=True, exist_ok=True)
        whole = folder / f"part-{first[0].seq:019}.parquet"
        beside = whole.with_name(f".{whole.name}{_BESIDE}")
        count, some = 0, first
        with parquet.ParquetWriter(beside, SCHEMA, compression="zstd", use_dictionary=_REPEATED) as file:
            while some:
                file.write_table(_table(some))
                count, last = count + len(some), some[-1].seq
                some = list(islice(further, min(AT_ONCE, LARGEST_PART - count)))
        _rename(beside, whole)
        self.last, self.statements = last, self.statements + count
        self._keep()

    def _known(self) -> tuple[int, int]:
        path = self._path / STATE
        if not path.exists():
            return 0, 0
        state = json.loads(path.read_text("utf-8"))
        if state.get("format") != FORMAT or state.get("source") != self._source:
            raise Refused(f"{path} is of another record or another version: export into a folder of its own.")
        return int(state["last"]), int(state["statements"])

    def _keep(self) -> None:
        state = {"format": FORMAT, "source": self._source, "last": self.last, "statements": self.statements}
        beside = self._path / f".{STATE}{_BESIDE}"
        beside.write_text(json.dumps(state) + "\n", encoding="utf-8")
        _rename(beside, self._path / STATE)

    def _remove_leftovers(self) -> None:
        """What an interrupted export left: files begun, and one that the folder does not know of yet."""
        for beside in self._path.glob(f"day=*/.part-*{_BESIDE}"):
            beside.unlink()
        for part in self._path.glob("day=*/part-*.parquet"):
            if int(part.stem.removeprefix("part-")) > self.last:
                part.unlink()


@contextmanager
def opened(path: Path, source: str) -> Iterator[Folder]:
    """The folder for one export alone; `source` is the record's name. Raises Refused where another export holds it."""
    path.mkdir(parents=True, exist_ok=True)
    with (path / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Refused(f"Another export writes into {path} at this moment: wait until it has ended.") from None
        yield Folder(path, source)


def _table(rows: list[Row]) -> Any:
    columns = zip(zip(*rows, strict=True), SCHEMA, strict=True)
    return arrow.table([arrow.array(column, kind.type) for column, kind in columns], schema=SCHEMA)


def _rename(beside: Path, whole: Path) -> None:
    """Give a file its name once its content is safe, and make sure that the name is as well."""
    with beside.open("rb") as file:
        os.fsync(file.fileno())
    beside.replace(whole)
    _settle(whole.parent)


def _settle(folder: Path) -> None:
    place = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)
