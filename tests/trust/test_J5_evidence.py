"""Whoever changes, removes, inserts or reorders lines of evidence is found out: 1,000 of 1,000 (row J5)."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from sqlalchemy import text

from lms.app import LOGS
from lms.kernel.db import db, transaction
from lms.kernel.sealing import live, proofs, signing, verify
from lms.kernel.sealing.logs import Log
from lms.kernel.sealing.sealer import seal
from lms.xapi.queries.proofs import STATEMENTS
from tests.trust.sealed import SIZE, altered, subjects

ROUNDS = 1000
Lines = list[dict[str, Any]]


def evidence(log: Log = STATEMENTS) -> Lines:
    with transaction():
        return list(proofs.evidence(log))


def b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


# each returns the position where it can be named exactly, otherwise None


def _entries(lines: Lines, *, whole: bool = False) -> list[int]:
    return [n for n, line in enumerate(lines) if "entry" in line and (not whole or "payload" in line)]


def change(lines: Lines, chance: random.Random) -> int | None:
    line = lines[chance.choice(_entries(lines, whole=True))]
    kind = chance.choice(["payload", "salt", "entry"])
    line[kind] = altered(line[kind], chance)
    return int(line["position"])


def change_and_count_anew(lines: Lines, chance: random.Random) -> int | None:
    line = lines[chance.choice(_entries(lines, whole=True))]
    line["payload"] = altered(line["payload"], chance)
    line["entry"] = b64(hashlib.sha256(base64.b64decode(line["salt"]) + line["payload"].encode()).digest())
    return None


def remove(lines: Lines, chance: random.Random) -> int | None:
    at = chance.choice(_entries(lines))
    return int(lines.pop(at)["position"])


def cut_off(lines: Lines, chance: random.Random) -> int | None:
    first, last = _entries(lines)[0], len(lines)
    at = chance.randrange(first, last)
    position = int(lines[at]["position"])
    del lines[at:]
    return position


def put_in(lines: Lines, chance: random.Random) -> int | None:
    at = chance.choice(_entries(lines))
    salt, payload = chance.randbytes(16), '{"verb":"passed"}'
    entry = b64(hashlib.sha256(salt + payload.encode()).digest())
    forged = {"position": lines[at]["position"], "entry": entry, "salt": b64(salt), "payload": payload}
    lines.insert(at + 1, forged)
    return int(forged["position"]) + 1


def swap(lines: Lines, chance: random.Random) -> int | None:
    one, other = sorted(chance.sample(_entries(lines), 2))
    lines[one], lines[other] = lines[other], lines[one]
    return one - _entries(lines)[0]


def erase_unseen(lines: Lines, chance: random.Random) -> int | None:
    line = lines[chance.choice(_entries(lines, whole=True))]
    del line["salt"], line["payload"]
    return int(line["position"])


def edit_checkpoint(lines: Lines, chance: random.Random) -> int | None:
    line = chance.choice([line for line in lines if "checkpoint" in line])
    line["checkpoint"] = altered(line["checkpoint"], chance)
    return None


def lose_checkpoint(lines: Lines, chance: random.Random) -> int | None:
    lines.remove(chance.choice([line for line in lines if "checkpoint" in line]))
    return None


def other_key(lines: Lines, chance: random.Random) -> int | None:
    lines[0]["keys"][0] = altered(lines[0]["keys"][0], chance)
    return None


def numbered_anew(tamper: Callable[[Lines, random.Random], int | None]) -> Callable[[Lines, random.Random], int | None]:
    """The same by somebody who then counts the positions anew."""

    def more_cunning(lines: Lines, chance: random.Random) -> int | None:
        tamper(lines, chance)
        for position, at in enumerate(_entries(lines)):
            lines[at]["position"] = position
        return None

    return more_cunning


IN_FILES = (
    *(change, change_and_count_anew, remove, cut_off, put_in, swap, erase_unseen),
    *(edit_checkpoint, lose_checkpoint, other_key),
    *(numbered_anew(remove), numbered_anew(put_in), numbered_anew(swap)),
)


def written(lines: Lines, path: Path) -> Path:
    path.write_text("".join(map(proofs.line, lines)), "utf-8")
    return path


@pytest.mark.only("sqlite")
def test_J5_a_thousand_tamperings_with_an_evidence_file_are_found(sealed: None, tmp_path: Path) -> None:
    chance, file = random.Random(5), tmp_path / "evidence.jsonl"
    whole = [*map(proofs.line, evidence())]
    assert verify.check_file(written(evidence(), file), [], [])[:2] == (SIZE, [])
    for number in range(ROUNDS):
        lines = [json.loads(line) for line in whole]
        position = IN_FILES[number % len(IN_FILES)](lines, chance)
        _checked, findings, _note = verify.check_file(written(lines, file), [], [])
        assert findings, (number, IN_FILES[number % len(IN_FILES)])
        assert position is None or position in [at for at, _why in findings], (number, findings, position)


@pytest.mark.only("sqlite")
def test_J5_a_thousand_changed_bytes_and_cuts_are_found(sealed: None, tmp_path: Path) -> None:
    chance, file = random.Random(6), tmp_path / "evidence.jsonl"
    whole = written(evidence(), file).read_bytes()
    for number in range(ROUNDS):
        at = chance.randrange(len(whole))
        other = bytes([chance.choice([n for n in range(256) if n != whole[at]])])
        file.write_bytes(whole[:at] + (other + whole[at + 1 :] if number % 2 else b""))
        try:
            assert verify.check_file(file, [], [])[1], (number, at, whole[at], other)
        except ValueError as error:  # in the first line, without which nothing else can be checked
            assert (at < whole.index(b"\n") + 1, "its first line was changed" in str(error)) == (True, True)


def test_J5_an_older_checkpoint_shows_a_history_that_was_sealed_anew(sealed: None, app: Flask, tmp_path: Path) -> None:
    before, settings = evidence(), app.extensions["cadre.settings"]
    older = [line["checkpoint"] for line in before if "checkpoint" in line]
    with transaction():
        for table in ("seal_leaf", "seal_node", "seal_checkpoint"):
            db.session.execute(text(f"delete from {table}"))
        db.session.execute(text("delete from xapi_statement where seq = (select min(seq) from xapi_statement)"))
    shutil.rmtree(settings.var / "checkpoints")
    with transaction():
        seal(STATEMENTS)
    file = written(evidence(), tmp_path / "evidence.jsonl")
    assert verify.check_file(file, [], [])[1] == []
    for note in older:
        size = verify.Checkpoint(note).size
        ((position, why),) = verify.check_file(file, [], [note])[1]
        assert (position, why.split(":")[0]) == ((0, "changed or reordered") if size <= 41 else (41, "rollback"))


def test_J5_the_verifier_runs_alone(sealed: None, tmp_path: Path) -> None:
    alone = shutil.copy(verify.__file__, tmp_path / "verify.py")
    assert len(Path(alone).read_text("utf-8").splitlines()) < 200
    for log in LOGS:
        lines = evidence(log)
        file = written(lines, tmp_path / "evidence.jsonl")
        newest = tmp_path / "newest.txt"
        newest.write_text([line["checkpoint"] for line in lines if "checkpoint" in line][-1], "utf-8")
        command = [
            sys.executable,
            "-I",
            str(alone),
            str(file),
            "--key",
            lines[0]["keys"][0],
            "--checkpoint",
            str(newest),
        ]
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
        assert (done.returncode, done.stdout, done.stderr) == (0, "checked 46\nbroken 0\n", "")
        lines[-3]["payload"] += " "
        written(lines, file)
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (1, "")
        assert done.stdout.splitlines()[2] == "position 43: changed: it is not what was sealed"


def checkpoints(log: Log) -> list[str]:
    return [line["checkpoint"] for line in evidence(log) if "checkpoint" in line]


def run_alone(folder: Path, *arguments: str | Path) -> tuple[int, str, str]:
    """The verifier by itself: its exit code and what it says."""
    alone = shutil.copy(verify.__file__, folder / "verify.py")
    command = [sys.executable, "-I", str(alone), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder)
    return done.returncode, done.stdout, done.stderr


def one_proof() -> proofs.Proof:
    with transaction():
        return proofs.proof(STATEMENTS, subjects(STATEMENTS)[-1])


def signed_by_a_stranger(proof: proofs.Proof) -> dict[str, Any]:
    """Another statement under a checkpoint of the same size, signed with a key that is nobody's here."""
    leaf = verify.sha(verify.LEAF, verify.sha(proof.salt, b"forged"))
    root = verify.root_above(proof.position, proof.size, leaf, proof.path)
    stranger = signing.Signer(Ed25519PrivateKey.generate(), proof.origin.rpartition("/")[0])
    one = verify.Checkpoint(proof.checkpoint)
    note = stranger.note("statements", size=proof.size, root=root, number=one.number, at=datetime.now(UTC))
    forged = {"payload": "forged", "key": stranger.public("statements"), "checkpoint": note}
    return {**json.loads(proof.line()), **forged}


def test_J5_a_forged_proof_does_not_stand_against_a_kept_checkpoint(sealed: None, tmp_path: Path) -> None:
    proof, file, kept = one_proof(), tmp_path / "proof.json", tmp_path / "kept.txt"
    *_, older, newest = checkpoints(STATEMENTS)
    file.write_text(proof.line(), "utf-8")
    kept.write_text(newest, "utf-8")
    assert run_alone(tmp_path, file, "--key", proof.key, "--checkpoint", kept) == (0, "checked 1\nbroken 0\n", "")
    code, said, _wrong = run_alone(tmp_path, file)
    own = verify.OWN.format(proof.key.split("+")[1])
    assert (code, said.splitlines()) == (0, ["checked 1", "broken 0", own])

    forged = written([signed_by_a_stranger(proof)], tmp_path / "forged.json")
    assert run_alone(tmp_path, forged)[0] == 0  # it believes its own key, and says so
    code, said, _wrong = run_alone(tmp_path, forged, "--checkpoint", kept)
    why = f"position {proof.position}: changed: the checkpoint that was kept has another root"
    assert (code, said.splitlines()[1:3]) == (1, ["broken 1", why])
    assert run_alone(tmp_path, forged, "--key", proof.key)[0] == 1

    kept.write_text(older, "utf-8")
    for one in (file, forged):
        numbers = [verify.Checkpoint(note).number for note in (older, newest)]
        why = "Checkpoint {} neither proves nor refutes this; give number {}.\n".format(*numbers)
        assert run_alone(tmp_path, one, "--checkpoint", kept) == (2, "", why)
    assert verify.check_file(file, [], [older, newest])[1] == []
    assert verify.check_file(forged, [], [older, newest])[1] != []


def test_J5_a_kept_checkpoint_is_held_against_its_own_log_only(sealed: None, tmp_path: Path) -> None:
    file, kept = written(evidence(), tmp_path / "evidence.jsonl"), tmp_path / "kept.txt"
    other = checkpoints(LOGS[1])[-1]
    kept.write_text(other, "utf-8")
    origin = verify.Checkpoint(other).origin
    code, said, why = run_alone(tmp_path, file, "--checkpoint", kept)
    assert (code, said, why.startswith(f"A checkpoint of {origin} was given")) == (2, "", True)
    for log in LOGS:
        assert live.check(log, kept=checkpoints(log))[1] == []


@pytest.mark.parametrize("content", [b"", b"{}\n", b"[]\n", b"junk", b"\0\xff", b'{"path":[]}\n'])
def test_J5_what_is_no_evidence_is_said_in_one_line(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    why = f"{file} is neither evidence nor a proof, or its first line was changed.\n"
    assert run_alone(tmp_path, file) == (2, "", why)


def test_J5_what_cannot_be_read_is_said_in_one_line(sealed: None, tmp_path: Path) -> None:
    file, junk = written(evidence(), tmp_path / "evidence.jsonl"), tmp_path / "junk.txt"
    nothing = tmp_path / "nothing"
    for arguments in ((nothing,), (tmp_path,), (file, "--checkpoint", nothing)):
        code, said, why = run_alone(tmp_path, *arguments)
        assert (code, said, why.count("\n"), why[:6]) == (2, "", 1, "[Errno"), arguments
    for content in (b"", b"junk", b"\xff", checkpoints(STATEMENTS)[0].replace("=", "!", 1).encode()):
        junk.write_bytes(content)
        for one in (file, written([json.loads(one_proof().line())], tmp_path / "proof.json")):
            code, said, why = run_alone(tmp_path, one, "--checkpoint", junk)
            assert (code, said, why.count("\n")) == (2, "", 1), why
            assert "Traceback" not in why
