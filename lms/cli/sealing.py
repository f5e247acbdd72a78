"""Evidence that the record and the log of deeds stand as they were written: sealing, proofs, and the check of both."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from lms.app import LOGS
from lms.cli.output import Answer, command
from lms.kernel import audit
from lms.kernel.actor import SYSTEM
from lms.kernel.db import transaction
from lms.kernel.errors import NotThere, Refused
from lms.kernel.sealing import live, proofs, signing, verify
from lms.kernel.sealing.logs import Log
from lms.kernel.sealing.sealer import seal
from lms.xapi.queries.proofs import proof_of

NAMED = {log.name: log for log in LOGS}
FILE = click.Path(dir_okay=False, path_type=Path)
THERE = click.Path(exists=True, dir_okay=False, path_type=Path)
LOG = click.option("--log", "name", type=click.Choice(list(NAMED)), help="Which log.")


@click.command("seal")
@click.option("--all", "whole", is_flag=True, help="Look at every row, however old, and not only at what is new.")
@command(commits=False)
def seal_(whole: bool) -> Answer:
    """Seal what is new now, without waiting for the worker."""
    return Answer({log.name: _seal(log, -1 if whole else None) for log in LOGS})


def _seal(log: Log, beyond: int | None) -> int:
    count, more = 0, True
    while more:
        with transaction():
            entries, last, more = seal(log, beyond=beyond)
        count, beyond = count + entries, last
    return count


@click.command("checkpoint")
@LOG
@command(commits=False)
def checkpoint(name: str | None) -> Answer:
    """Print the newest signed checkpoint, to be kept where nobody here can change it."""
    note = proofs.newest_checkpoint(NAMED[name or "statements"])
    if note is None:
        raise NotThere("Nothing is sealed yet. Run lms records seal.")
    return _told({"log": name or "statements", "checkpoint": note}, note.splitlines())


@click.command("sealing-key")
@click.option("--renew", is_flag=True, help="Let a new key sign from now on.")
@command()
def sealing_key(renew: bool) -> Answer:
    """Print the public keys with which others check what is sealed."""
    if renew:
        signing.renew_key()
        audit.note(actor=SYSTEM, action="records.sealing_key.renewed", subject=("sealing key", "public"))
    signer = signing.signer_here()
    content = {log.name: {"key": signer.public(log.name), "used": _used(log)} for log in LOGS}
    return _told(content, [signer.public(log.name) for log in LOGS])


def _used(log: Log) -> list[dict[str, Any]]:
    return [{"key": key.text, "from": key.begin, "to": key.end} for key in proofs.public_keys(log)]


@click.command("proof")
@click.argument("statement", type=click.UUID)
@click.argument("target", metavar="FILE", type=FILE)
@command(commits=False)
def proof(statement: UUID, target: Path) -> Answer:
    """Write the proof that a statement stands in the record as it was stored."""
    try:
        found = proof_of(statement)
    except NotThere as error:
        raise NotThere(error.detail or f"There is no statement {statement} in the record.") from error
    target.write_text(found.line(), "utf-8")
    return Answer(position=found.position, size=found.size)


@click.command("evidence")
@click.argument("target", metavar="FILE", type=FILE)
@LOG
@command(commits=False)
def evidence(target: Path, name: str | None) -> Answer:
    """Write a whole log with its checkpoints, to be checked anywhere with the verifier."""
    with target.open("w", encoding="utf-8", newline="\n") as file, proofs.standing_still():
        items = proofs.evidence(NAMED[name or "statements"])
        count = sum("entry" in item for item in items if file.write(proofs.line(item)))
    return Answer(log=name or "statements", entries=count)


@click.command("verify")
@click.argument("source", metavar="[FILE]", type=THERE, required=False)
@LOG
@click.option("--key", "keys", multiple=True, help="A public key that is trusted; otherwise the file's own are.")
@click.option("--checkpoint", "kept", type=THERE, multiple=True, help="A checkpoint that was kept.")
@command(commits=False)
def verify_(source: Path | None, name: str | None, keys: Sequence[str], kept: Sequence[Path]) -> Answer:
    """Check an evidence file or a proof; without a file, the database against what was sealed of it."""
    notes = [_checkpoint(path) for path in kept]
    if source is not None:
        return _file(source, keys, notes)
    logs = [NAMED[name]] if name else LOGS
    own = _by_log(logs, notes)
    checked, findings = 0, []
    for log in logs:
        count, broken = live.check(log, keys, own[log])
        checked += count
        findings += [(log.name, *one) for one in broken]
    return _verdict(checked, findings)


def _file(source: Path, keys: Sequence[str], notes: Sequence[str]) -> Answer:
    try:
        checked, broken, note = verify.check_file(source, keys, notes)
    except (OSError, ValueError) as error:
        raise Refused(str(error)) from error
    return _verdict(checked, [(source.name, *one) for one in broken], note)


def _checkpoint(path: Path) -> str:
    """The text of a checkpoint that somebody kept."""
    try:
        note = path.read_text("utf-8")
        verify.Checkpoint(note)
    except (OSError, ValueError) as error:
        raise Refused(f"{path} is no checkpoint: {error}. Give the file as it was kept.") from error
    return note


def _by_log(logs: Sequence[Log], notes: Sequence[str]) -> dict[Log, list[str]]:
    """Which checkpoints belong to which log; refused where one belongs to none of them."""
    signer = signing.signer_here()
    found: dict[str, list[str]] = {signer.origin(log.name): [] for log in logs}
    for note in notes:
        one = verify.Checkpoint(note)
        if one.origin not in found:
            known = ", ".join(found)
            raise Refused(f"Checkpoint {one.number} is of {one.origin}, none of the logs looked at ({known}).")
        found[one.origin].append(note)
    return {log: found[signer.origin(log.name)] for log in logs}


def _verdict(checked: int, findings: Sequence[tuple[str, int, str]], note: str = "") -> Answer:
    content: dict[str, Any] = {
        "checked": checked,
        "broken": len(findings),
        "findings": [{"where": where, "position": position, "why": why} for where, position, why in findings[:20]],
        **({"note": note} if note else {}),
    }
    return Answer.refusing(content) if findings else Answer(content)


def _told(content: dict[str, Any], lines: Sequence[str]) -> Answer:
    answer = Answer(content)
    answer.told = lines
    return answer


COMMANDS = (seal_, checkpoint, sealing_key, proof, evidence, verify_)
