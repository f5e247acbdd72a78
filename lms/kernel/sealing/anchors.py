"""The newest checkpoint of each day, kept in a file outside of the database: one that was set back is found out."""

from __future__ import annotations

from pathlib import Path

from flask import current_app
from sqlalchemy import exists, select

from lms.kernel import ids
from lms.kernel.db import run
from lms.kernel.errors import Refused
from lms.kernel.sealing.logs import Log
from lms.kernel.sealing.models import SealedCheckpoint
from lms.kernel.sealing.verify import Checkpoint
from lms.settings import Settings


def drop(log: Log) -> None:
    """Keep the newest checkpoint in the file of its day; what the database no longer knows is never written over."""
    row = SealedCheckpoint
    newest = run(select(row.number, row.at, row.note).where(row.log == log.number).order_by(row.number.desc()).limit(1))
    for number, at, note in newest:
        path = _folder() / f"{log.name}-{at:%Y-%m-%d}.txt"
        if path.exists() and not _is_known(log, path.read_text("utf-8", "replace")):
            path = path.with_stem(f"{path.stem}-{number}")
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{ids.text()}")
        fresh.write_text(note, "utf-8")
        fresh.replace(path)


def kept(log: Log) -> list[str]:
    """The checkpoints that were kept, of all days; raises Refused where a file is none."""
    return [_note(path) for path in sorted(_folder().glob(f"{log.name}-*.txt"))]


def _note(path: Path) -> str:
    try:
        note = path.read_text("utf-8")
        Checkpoint(note)
    except ValueError as error:
        raise Refused(
            f"{path} is no checkpoint any more: {error}. Put back what stood there, or take it out and note why."
        ) from error
    return note


def _is_known(log: Log, note: str) -> bool:
    if "\0" in note:  # as a file may be full of after a power cut, and as no database takes it
        return False
    same = exists().where(SealedCheckpoint.log == log.number, SealedCheckpoint.note == note)
    return bool(run(select(same)).scalar())


def _folder() -> Path:
    settings: Settings = current_app.extensions["cadre.settings"]
    return settings.var / "checkpoints"
