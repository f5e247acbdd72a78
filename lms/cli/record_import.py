"""Statements from a file of JSON lines, and the report on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import click

from lms.cli.output import Answer, command
from lms.kernel.actor import SYSTEM
from lms.kernel.db import transaction
from lms.kernel.errors import Busy, CadreError
from lms.xapi.actions import importing
from lms.xapi.actions.importing import Bad, Sound
from lms.xapi.formats.json_lines import lines

FORMAT = "xapi-json-lines"
MOST_SHOWN = 1000  # bad lines in a report; all of them are counted
SET_ANEW = ("stored", "authority")


@dataclass(slots=True)
class Tally:
    """What has been found in a file, and what became of it."""

    found: int = 0
    stored: int = 0
    unchanged: int = 0
    bad: list[Bad] = field(default_factory=list)
    refused: int = 0
    said: Counter[str] = field(default_factory=Counter)

    def refuse(self, *bad: Bad) -> None:
        """Note lines that cannot come in."""
        self.refused += len(bad)
        self.bad += bad[: MOST_SHOWN - len(self.bad)]


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would become of it.")
@click.option("--skip-bad", is_flag=True, help="Take in the others where some lines cannot come in.")
@command(commits=False)
def import_(file: Path, dry_run: bool, skip_bad: bool) -> Answer:
    """Take statements in from JSON lines; what is stored already is left alone."""
    tally, digest = Tally(), _digest(file)
    _look_through(file, tally)
    if not dry_run and (skip_bad or not tally.refused):
        _take_in(file, tally)
        with transaction():
            importing.note(actor=SYSTEM, file=file.name, digest=digest, stored=tally.stored, refused=tally.refused)
    return _answer(file.name, digest, tally, accepted=skip_bad or not tally.refused)


def _look_through(path: Path, tally: Tally) -> None:
    """Judge every line without storing any."""
    for batch in importing.in_batches(_sound(path, tally)):
        new, bad = importing.compare(batch)
        tally.unchanged += len(batch) - len(new) - len(bad)
        tally.refuse(*bad)
        for line in batch:
            tally.said.update(name for name in SET_ANEW if name in line.statement)


def _sound(path: Path, tally: Tally) -> Iterator[Sound]:
    with path.open("rb") as file:
        for line in importing.examine(lines(file)):
            tally.found += 1
            if isinstance(line, Bad):
                tally.refuse(line)
            else:
                yield line


def _take_in(path: Path, tally: Tally) -> None:
    """Store what is new, a commit for each batch, so that an interrupted import goes on where it is begun again."""
    for batch in importing.in_batches(_sound(path, Tally())):
        new, _ = importing.compare(batch)
        bad = _stored(new)
        tally.stored += len(new) - len(bad)
        tally.refuse(*bad)


def _stored(batch: Sequence[Sound]) -> list[Bad]:
    """Store a batch; where it is refused, each statement alone, so that only those stay away that are to blame."""
    if not batch:
        return []
    try:
        with transaction():
            importing.take(batch)
    except Busy:
        raise
    except CadreError as error:
        if len(batch) == 1:
            return [importing.refusal(batch[0], error)]
        return [bad for line in batch for bad in _stored([line])]
    return []


def _answer(name: str, digest: str, tally: Tally, *, accepted: bool) -> Answer:
    dropped = {name: {"found": count, "stored": 0, "noted": 0, "dropped": count} for name, count in tally.said.items()}
    content: dict[str, Any] = {
        "file": name,
        "format": FORMAT,
        "sha256": digest,
        "accepted": accepted,
        "found": tally.found,
        "whole": tally.found - tally.refused,
        "unchanged": tally.unchanged,
        "changed": 0,
        "kept_as_source": 0,
        "refused": tally.refused,
        "stored": tally.stored,
        "items": [_item(bad) for bad in tally.bad],
        "ledger": dropped,
    }
    answer = Answer(content) if accepted else Answer.refusing(content)
    answer.told = (
        *(f"{name}:{bad.number} {bad.code} {bad.message}" for bad in tally.bad),
        f"Stored: {tally.stored} of {tally.found} statements; unchanged: {tally.unchanged}; refused: {tally.refused}.",
    )
    return answer


def _item(bad: Bad) -> dict[str, Any]:
    note = {"code": bad.code, "message": bad.message, "line": bad.number, "pointer": bad.pointer, "level": "error"}
    return {"position": bad.number, "id": bad.id, "verdict": "refused", "notes": [note]}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        digest = sha256()
        while part := file.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()
