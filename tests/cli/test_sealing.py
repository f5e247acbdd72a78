"""Sealing, evidence and its check from the command line: from the worker to the auditor."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select

from lms.app import create_app
from lms.kernel.db import db, transaction
from lms.xapi import record
from lms.xapi.actions import road
from lms.xapi.actions.sealing import erase_statements
from lms.xapi.models import StatementRow
from tests.commands import Run
from tests.xapi.drafts import draft


@contextmanager
def installation() -> Iterator[None]:
    """The command's own installation, without the rooms above the record."""
    with create_app().app_context():
        road.set_projectors(())
        yield


@pytest.fixture
def lived(lms: Run) -> list[str]:
    """Three statements; their ids."""
    with installation():
        db.create_all()
        with transaction():
            return [str(record(draft(number)).id) for number in range(3)]


def found(lms: Run, *arguments: Any, code: int = 0) -> Any:
    ended = lms("records", *arguments, "--json")
    assert ended.code == code, ended
    return ended.json


def test_what_is_sealed_is_checked_here_and_elsewhere(lms: Run, lived: list[str], tmp_path: Path) -> None:
    whole = {"checked": 3, "broken": 0, "findings": []}
    assert lms("records", "checkpoint").code == 1
    assert found(lms, "verify") == {**whole, "checked": 0}
    assert found(lms, "seal") == {"statements": 3, "audit": 0}
    assert found(lms, "seal", "--all") == {"statements": 0, "audit": 0}
    assert found(lms, "verify") == whole

    evidence, kept, proof = (tmp_path / name for name in ("evidence.jsonl", "kept.txt", "proof.json"))
    assert found(lms, "evidence", evidence) == {"log": "statements", "entries": 3}
    assert found(lms, "proof", lived[1], proof) == {"position": 1, "size": 3}
    kept.write_text(lms("records", "checkpoint").out, "utf-8")
    key = lms("records", "sealing-key").out.splitlines()[0]
    assert found(lms, "verify", evidence, "--key", key, "--checkpoint", kept) == whole
    assert found(lms, "verify", proof, "--key", key) == {**whole, "checked": 1}
    assert lms("records", "verify", evidence).out.splitlines()[:2] == ["checked: 3", "broken: 0"]

    evidence.write_text(evidence.read_text("utf-8").replace("completed", "mastered", 1), "utf-8")
    why = {"where": "evidence.jsonl", "position": 0, "why": "changed: it is not what was sealed"}
    assert found(lms, "verify", evidence, "--key", key, code=1) == {"checked": 3, "broken": 1, "findings": [why]}
    believed = f"The file's own key was believed ({key.split('+')[1]})"
    assert found(lms, "verify", evidence, code=1)["note"].startswith(believed)


def test_a_kept_checkpoint_is_held_against_its_own_log(lms: Run, lived: list[str], tmp_path: Path) -> None:
    lms("records", "seal")
    lms("records", "sealing-key", "--renew")  # a deed, so that the log of deeds has one
    lms("records", "seal")
    statements, deeds, evidence = (tmp_path / name for name in ("statements.txt", "deeds.txt", "evidence.jsonl"))
    statements.write_text(lms("records", "checkpoint").out, "utf-8")
    deeds.write_text(lms("records", "checkpoint", "--log", "audit").out, "utf-8")
    lms("records", "evidence", evidence)
    for kept in ((statements,), (deeds,), (statements, deeds)):
        given = [word for path in kept for word in ("--checkpoint", path)]
        assert found(lms, "verify", *given)["broken"] == 0
    ended = lms("records", "verify", "--log", "audit", "--checkpoint", statements)
    assert (ended.code, "none of the logs looked at" in ended.err) == (1, True)
    ended = lms("records", "verify", evidence, "--checkpoint", deeds)
    assert (ended.code, ended.err[:15]) == (1, "A checkpoint of")


def test_what_is_no_checkpoint_or_evidence_is_said_in_one_line(lms: Run, lived: list[str], tmp_path: Path) -> None:
    lms("records", "seal")
    junk = tmp_path / "junk.txt"
    junk.write_text("junk", "ascii")
    for arguments, why in ((("--checkpoint", junk), "is no checkpoint:"), ((junk,), "is neither evidence nor a proof")):
        ended = lms("records", "verify", *arguments)
        assert (ended.code, ended.out, ended.err.count("\n")) == (1, "", 1)
        assert ended.err.startswith(f"{junk} {why}")


def test_a_statement_that_is_gone_is_found(lms: Run, lived: list[str]) -> None:
    lms("records", "seal")
    with installation(), transaction():
        last = db.session.scalars(select(StatementRow.seq).order_by(StatementRow.seq.desc())).first()
        db.session.execute(delete(StatementRow).where(StatementRow.seq == last))
    assert found(lms, "verify", "--log", "audit") == {"checked": 0, "broken": 0, "findings": []}
    why = {"where": "statements", "position": 2, "why": "removed"}
    assert found(lms, "verify", code=1) == {"checked": 3, "broken": 1, "findings": [why]}


def test_a_new_key_signs_and_the_former_stays_listed(lms: Run, lived: list[str]) -> None:
    lms("records", "seal")
    former = found(lms, "sealing-key")["statements"]["key"]
    now = found(lms, "sealing-key", "--renew")
    assert now["statements"]["key"] != former
    assert now["statements"]["used"] == [{"key": former, "from": 3, "to": 3}]
    assert found(lms, "seal") == {"statements": 0, "audit": 1}
    assert found(lms, "verify")["broken"] == 0


def test_the_worker_seals_by_itself(lms: Run, lived: list[str]) -> None:
    assert found(lms, "verify")["checked"] == 0
    assert lms("jobs", "run", "--once").code == 0
    assert found(lms, "verify")["checked"] == 3


def test_what_cannot_be_proven_is_said(lms: Run, lived: list[str], tmp_path: Path) -> None:
    ended = lms("records", "proof", lived[0], tmp_path / "proof.json")
    assert (ended.code, ended.err[:23]) == (1, "This is not sealed yet.")
    nobody = "00000000-0000-4000-8000-000000000000"
    ended = lms("records", "proof", nobody, tmp_path / "proof.json")
    assert (ended.code, ended.err) == (1, f"There is no statement {nobody} in the record.\n")
    lms("records", "seal")
    with installation(), transaction():
        seq = db.session.scalars(select(StatementRow.seq).order_by(StatementRow.seq).limit(1)).one()
        erase_statements(seqs=[seq], entry={"rule": "test"})
        db.session.execute(delete(StatementRow).where(StatementRow.seq == seq))
    ended = lms("records", "proof", lived[0], tmp_path / "proof.json")
    assert (ended.code, ended.err[:16]) == (1, "This was erased:")
    assert not (tmp_path / "proof.json").exists()
