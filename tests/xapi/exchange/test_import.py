"""Statements from files: once each, as the word of outsiders, bad lines named, and on again after an interruption."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from lms.cli import record_import
from lms.xapi.actions import importing
from lms.xapi.actions.importing import Sound
from lms.xapi.formats import json_lines
from lms.xapi.rules.facts import Fact
from tests.commands import Run
from tests.conftest import NOW
from tests.xapi.conftest import Lrs, stored_rows
from tests.xapi.exchange.conftest import FIRST, Tell, written

VOIDED = "http://adlnet.gov/expapi/verbs/voided"


def statement(number: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "actor": {"mbox": f"mailto:learner-{number}@tool.example"},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
        "object": {"id": f"https://tool.example/activities/{number}"},
        "timestamp": (NOW - timedelta(days=number)).isoformat(),
        **more,
    }


def reference(target: object) -> dict[str, Any]:
    return {"objectType": "StatementRef", "id": str(target)}


def test_a_file_comes_in_once(lms: Run, lrs: Lrs, tmp_path: Path) -> None:
    sent = [statement(number) for number in range(1, 4)]
    file = written(tmp_path / "told.jsonl", *sent)
    first = lms("records", "import", "--json", file)
    assert first.code == 0
    assert {"found": 3, "whole": 3, "unchanged": 0, "stored": 3, "refused": 0}.items() <= first.json.items()
    assert {"file": "told.jsonl", "format": "xapi-json-lines", "changed": 0, "kept_as_source": 0}.items() <= (
        first.json.items()
    )
    assert sorted(lrs.ids()) == sorted(one["id"] for one in sent)
    again = lms("records", "import", "--json", file)
    assert (again.json["whole"], again.json["unchanged"], again.json["stored"]) == (3, 3, 0)
    assert again.json["sha256"] == first.json["sha256"] and stored_rows() == 3


def test_what_a_file_says_is_the_word_of_outsiders(
    lms: Run, lrs: Lrs, seen: list[tuple[str, Fact]], tmp_path: Path
) -> None:
    claimed = {"objectType": "Agent", "account": {"homePage": "https://cadre.example", "name": "cadre"}}
    sent = statement(authority=claimed, stored="2020-01-01T00:00:00Z", version="1.0.3")
    ended = lms("records", "import", "--json", written(tmp_path / "told.jsonl", sent))
    assert ended.json["ledger"]["authority"] == {"found": 1, "stored": 0, "noted": 0, "dropped": 1}
    kept = lrs.get(statementId=sent["id"]).json
    assert kept["authority"]["account"]["name"] == "import" and kept["stored"] != sent["stored"]
    assert {fact.own for _, fact in seen} == {False}


def test_an_export_comes_in_elsewhere_and_here(lms: Run, happen: Tell, lrs: Lrs, tmp_path: Path) -> None:
    happen(FIRST, 2)
    lrs.post(statement())
    file = tmp_path / "all.jsonl"
    lms("records", "export", "--to", file)
    ended = lms("records", "import", "--json", file)
    assert (ended.json["found"], ended.json["unchanged"]) == (3, 3)


@pytest.mark.parametrize(
    ("line", "code", "pointer", "said"),
    [
        ("{", "malformed", "", "not JSON"),
        (statement(verb={}), "malformed", "/verb", "id"),
        (statement(result={"score": {"scaled": 2}}), "malformed", "/result/score/scaled", "1"),
        ({key: value for key, value in statement().items() if key != "id"}, "malformed", "/id", "known again"),
        ([statement()], "malformed", "/", "line of its own"),
        (statement(timestamp="yesterday"), "malformed", "/timestamp", ""),
    ],
)
def test_bad_lines_are_named_and_nothing_comes_in(
    lms: Run, lrs: Lrs, tmp_path: Path, line: Any, code: str, pointer: str, said: str
) -> None:
    file = written(tmp_path / "told.jsonl", statement(1), "", line, statement(2))
    ended = lms("records", "import", "--json", file)
    assert ended.code == 1 and not ended.json["accepted"]
    [item] = ended.json["items"]
    [note] = item["notes"]
    assert (item["position"], item["verdict"]) == (3, "refused")
    assert (note["code"], note["pointer"], note["line"]) == (code, pointer, 3) and said in note["message"]
    assert (ended.json["found"], ended.json["refused"], ended.json["stored"]) == (3, 1, 0) and stored_rows() == 0
    assert lms("records", "import", file).out.startswith(f"told.jsonl:3 {code} ")


def test_the_others_come_in_when_asked_for(lms: Run, lrs: Lrs, tmp_path: Path) -> None:
    file = written(tmp_path / "told.jsonl", statement(1), "{}", statement(2))
    ended = lms("records", "import", "--json", "--skip-bad", file)
    assert (ended.code, ended.json["stored"], ended.json["refused"]) == (0, 2, 1) and stored_rows() == 2


def test_a_dry_run_says_the_same_and_stores_nothing(lms: Run, lrs: Lrs, tmp_path: Path) -> None:
    file = written(tmp_path / "told.jsonl", statement(1), statement(2))
    dry = lms("records", "import", "--json", "--dry-run", file).json
    assert stored_rows() == 0
    assert dry | {"stored": 2} == lms("records", "import", "--json", file).json


def test_an_id_stands_once_and_means_one_thing(lms: Run, lrs: Lrs, tmp_path: Path) -> None:
    one = statement()
    lms("records", "import", written(tmp_path / "one.jsonl", one))
    other = {**statement(2), "id": one["id"]}
    ended = lms("records", "import", "--json", written(tmp_path / "other.jsonl", other))
    assert ended.code == 1 and ended.json["items"][0]["notes"][0]["code"] == "conflict"
    ended = lms("records", "import", "--json", written(tmp_path / "twice.jsonl", one, statement(2), one))
    assert ended.code == 1 and (ended.json["items"][0]["position"], stored_rows()) == (3, 1)


def test_only_who_is_to_blame_stays_away(lms: Run, lrs: Lrs, tmp_path: Path) -> None:
    """A voiding cannot be voided, which only the store itself finds out."""
    one = statement()
    voiding = statement(2, verb={"id": VOIDED}, object=reference(one["id"]))
    again = statement(3, verb={"id": VOIDED}, object=reference(voiding["id"]))
    file = written(tmp_path / "told.jsonl", one, voiding, statement(4), again)
    ended = lms("records", "import", "--json", file)
    assert ended.code == 1 and ended.json["stored"] == 3
    assert [(item["position"], item["notes"][0]["pointer"]) for item in ended.json["items"]] == [(4, "/object/id")]
    assert lrs.get(voidedStatementId=one["id"]).status_code == 200


def test_an_interrupted_import_goes_on(lms: Run, lrs: Lrs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "AT_ONCE", 2)
    sent = [statement(number) for number in range(1, 8)]
    file = written(tmp_path / "told.jsonl", *sent)
    take, batches = importing.take, []

    def interrupted(batch: Sequence[Sound]) -> None:
        batches.append(batch)
        take(batch)
        if len(batches) == 3:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(importing, "take", interrupted)
        assert lms("records", "import", file).code == 130
    assert stored_rows() == 4
    ended = lms("records", "import", "--json", file)
    assert (ended.json["stored"], ended.json["unchanged"]) == (3, 4)
    assert sorted(lrs.ids()) == sorted(one["id"] for one in sent)


def test_versions_come_in_side_by_side(lms: Run, lrs: Lrs, tmp_path: Path) -> None:
    agents = [{"objectType": "contextAgent", "agent": {"mbox": "mailto:a@b.example"}}]
    newer = statement(1, version="2.0.0", context={"contextAgents": agents})
    older = statement(2, version="1.0.3", context={"contextAgents": agents})
    plain = statement(3, version="1.0.0")
    ended = lms("records", "import", "--json", "--skip-bad", written(tmp_path / "told.jsonl", newer, older, plain))
    assert [item["position"] for item in ended.json["items"]] == [2] and ended.json["stored"] == 2


def test_a_line_without_end_is_passed_over(lms: Run, lrs: Lrs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_lines, "LONGEST_LINE", 1000)
    file = written(tmp_path / "told.jsonl", statement(1), "x" * 5000, statement(2), "y" * 1001)
    ended = lms("records", "import", "--json", "--skip-bad", file)
    assert [item["position"] for item in ended.json["items"]] == [2, 4] and ended.json["stored"] == 2


def test_a_report_shows_some_bad_lines_and_counts_all(
    lms: Run, lrs: Lrs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_import, "MOST_SHOWN", 2)
    ended = lms("records", "import", "--json", written(tmp_path / "told.jsonl", *["{}"] * 5))
    assert (ended.json["refused"], len(ended.json["items"])) == (5, 2)


def test_ids_are_the_same_however_they_are_written(lms: Run, lrs: Lrs, tmp_path: Path) -> None:
    one = statement()
    lms("records", "import", written(tmp_path / "one.jsonl", one))
    shouted = {**one, "id": one["id"].upper()}
    ended = lms("records", "import", "--json", written(tmp_path / "other.jsonl", json.dumps(shouted)))
    assert (ended.code, ended.json["unchanged"], stored_rows()) == (0, 1, 1)
    assert lrs.ids() == [str(UUID(one["id"]))]
