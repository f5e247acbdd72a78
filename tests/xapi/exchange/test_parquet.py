"""Parquet by day: what stands in it, that it grows by what is new alone, and that a killed export leaves no trace."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.dataset
import pytest

from lms.settings import Settings
from lms.xapi import queries
from lms.xapi.formats import parquet
from tests.commands import Run
from tests.conftest import NOW
from tests.xapi.conftest import Lrs
from tests.xapi.exchange.conftest import FIRST, SECOND, THIRD, Tell

KILLED = """
import os, sys
from datetime import datetime
from pathlib import Path
from lms.app import create_app
from lms.kernel import clock
from lms.kernel.db import reading
from lms.xapi.actions import export
from lms.xapi.formats import parquet

left, replace, parquet.AT_ONCE, parquet.LARGEST_PART = int(sys.argv[2]), Path.replace, 2, 2

def counted(self, target):
    global left
    left -= 1
    if left < 0:
        os._exit(137)  # as a kill: nothing is tidied up
    return replace(self, target)

Path.replace = counted
with create_app().app_context(), clock.at(datetime.fromisoformat(sys.argv[3])), reading():
    export.export_parquet(Path(sys.argv[1]))
"""


def rows(folder: Path) -> list[dict[str, Any]]:
    """What any reader of Parquet finds, in the order of storing."""
    found = pyarrow.dataset.dataset(folder, format="parquet", partitioning="hive").to_table().to_pylist()
    return sorted(found, key=lambda row: row["seq"])


def test_statements_stand_in_columns_by_day(lms: Run, happen: Tell, lrs: Lrs, tmp_path: Path) -> None:
    first, _ = happen(FIRST, 2, result={"success": True, "completion": True, "score": {"scaled": 0.8}})
    happen(SECOND, 1)
    ended = lms("records", "export", "--json", "--parquet", tmp_path / "out")
    assert (ended.code, ended.json) == (0, {"statements": 3, "files": 2})
    found = rows(tmp_path / "out")
    assert [row["day"] for row in found] == ["2026-11-20", "2026-11-20", "2026-11-21"]
    row = found[0]
    statement = json.loads(row["payload"])
    assert row["id"] == str(first) == statement["id"]
    assert row["stored"] == row["timestamp"] == FIRST
    assert json.loads(row["actor"]) == {"account": statement["actor"]["account"]}
    assert json.loads(row["authority"]) == {"account": statement["authority"]["account"]}
    assert (row["verb"], row["object_id"], row["object_type"]) == (
        statement["verb"]["id"],
        statement["object"]["id"],
        "Activity",
    )
    assert (row["success"], row["completion"], row["score_scaled"]) == (True, True, 0.8)
    assert (row["registration"], row["voided"], row["voids"]) == (None, False, None)
    assert found[2]["success"] is None and not any("person" in name for name in row)


def test_a_second_export_adds_what_is_new(lms: Run, happen: Tell, tmp_path: Path) -> None:
    happen(FIRST, 3)
    out = tmp_path / "out"
    lms("records", "export", "--parquet", out)
    before = {path: path.read_bytes() for path in out.rglob("*.parquet")}
    assert lms("records", "export", "--json", "--parquet", out).json == {"statements": 0, "files": 0}
    happen(FIRST.replace(hour=11), 1)
    happen(SECOND, 2)
    assert lms("records", "export", "--json", "--parquet", out).json == {"statements": 3, "files": 2}
    assert {path: path.read_bytes() for path in before} == before
    assert len({row["id"] for row in rows(out)}) == len(rows(out)) == 6


def test_a_late_voiding_is_a_row_of_its_own(lms: Run, happen: Tell, lrs: Lrs, tmp_path: Path) -> None:
    one, other = happen(FIRST, 2)
    out = tmp_path / "out"
    lms("records", "export", "--parquet", out)
    voiding = {
        "actor": {"mbox": "mailto:a@b.example"},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/voided"},
        "object": {"objectType": "StatementRef", "id": str(one)},
    }
    assert lrs.post(voiding).status_code == 200
    lms("records", "export", "--parquet", out)
    found = rows(out)
    assert [row["voids"] for row in found] == [None, None, str(one)]
    left = {row["id"] for row in found} - {row["voids"] for row in found}
    assert str(other) in left and str(one) not in left


def test_only_what_was_stored_since(lms: Run, happen: Tell, tmp_path: Path) -> None:
    happen(FIRST, 1)
    happen(SECOND, 1)
    lms("records", "export", "--parquet", tmp_path / "out", "--since", FIRST.isoformat())
    assert [row["stored"] for row in rows(tmp_path / "out")] == [SECOND]


def test_what_may_still_grow_waits_for_the_next_export(
    lms: Run, happen: Tell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    happen(FIRST, 1)
    happen(THIRD, 1)
    with monkeypatch.context() as patch:
        patch.setattr(queries, "consistent_through", lambda: SECOND)
        lms("records", "export", "--parquet", tmp_path / "out")
    assert [row["stored"] for row in rows(tmp_path / "out")] == [FIRST]
    happen(SECOND.replace(hour=12), 1)  # what began before and was committed late
    lms("records", "export", "--parquet", tmp_path / "out")
    assert [row["stored"].day for row in rows(tmp_path / "out")] == [20, 21, 22]


@pytest.mark.parametrize("renamed", range(4))
def test_a_killed_export_is_completed_by_the_next(
    lms: Run, happen: Tell, settings: Settings, tmp_path: Path, renamed: int
) -> None:
    told = [*happen(FIRST, 3), *happen(SECOND, 1)]
    out = tmp_path / "out"
    environ = os.environ | {"DATABASE_URL": settings.database_url, "LMS_VAR": str(tmp_path), "LMS_SECRET_KEY": "test"}
    command = [sys.executable, "-c", KILLED, str(out), str(renamed), NOW.isoformat()]
    assert subprocess.run(command, env=environ, check=False).returncode == 137
    assert len(rows(out)) <= 4  # every file that bears its name is whole
    assert lms("records", "export", "--parquet", out).code == 0
    assert Counter(row["id"] for row in rows(out)) == Counter(str(id) for id in told)
    assert not list(out.rglob("*.tmp"))


def test_large_days_fall_into_files_and_groups(
    lms: Run, happen: Tell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "AT_ONCE", 2)
    monkeypatch.setattr(parquet, "LARGEST_PART", 3)
    happen(FIRST, 7)
    assert lms("records", "export", "--json", "--parquet", tmp_path / "out").json == {"statements": 7, "files": 3}
    assert len({row["id"] for row in rows(tmp_path / "out")}) == 7


def test_a_folder_is_of_one_record_and_for_one_export_at_a_time(lms: Run, happen: Tell, tmp_path: Path) -> None:
    happen(FIRST, 1)
    with parquet.opened(tmp_path, "here"):
        ended = lms("records", "export", "--parquet", tmp_path)
        assert ended.code == 1 and "Another export" in ended.err
    (tmp_path / parquet.STATE).write_text('{"format": "cadre-records/1", "source": "elsewhere", "last": 1}', "utf-8")
    ended = lms("records", "export", "--parquet", tmp_path)
    assert ended.code == 1 and "a folder of its own" in ended.err


def test_lines_and_parquet_at_once_is_used_wrongly(lms: Run, tmp_path: Path) -> None:
    assert lms("records", "export", "--parquet", tmp_path / "out", "--to", tmp_path / "file").code == 2


def test_lines_go_as_far_as_parquet_does(lms: Run, happen: Tell, monkeypatch: pytest.MonkeyPatch) -> None:
    happen(FIRST, 2)
    happen(THIRD, 1)
    monkeypatch.setattr(queries, "consistent_through", lambda: datetime(2026, 11, 21, tzinfo=UTC))
    assert len(lms("records", "export").out.splitlines()) == 2


def test_a_server_does_not_load_what_only_this_export_needs() -> None:
    asked = "import sys, lms.cli; sys.exit('pyarrow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0
