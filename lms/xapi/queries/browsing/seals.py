"""The signed checkpoints of a sealed log, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lms.kernel.db import run
from lms.kernel.errors import NotThere
from lms.kernel.sealing.logs import Log
from lms.kernel.sealing.models import SealedCheckpoint

AT_ONCE = 10


@dataclass(frozen=True, slots=True)
class Seal:
    """A checkpoint: how many entries it covers, their root in base64, when it was signed, and with which key."""

    number: int
    size: int
    root: str
    at: datetime
    key: str


@dataclass(frozen=True, slots=True)
class SealedPage:
    """Some checkpoints; `older` is the number below which the next ones stand."""

    seals: Sequence[Seal]
    older: int | None


def seals(log: Log, below: int | None = None) -> SealedPage:
    """The newest checkpoints of a log, or those below a number."""
    row = SealedCheckpoint
    wanted = select(row.number, row.size, row.note, row.at, row.key).where(row.log == log.number)
    if below is not None:
        wanted = wanted.where(row.number < below)
    rows = run(wanted.order_by(row.number.desc()).limit(AT_ONCE + 1)).all()
    found = [Seal(one.number, one.size, root_of(one.note), one.at, one.key) for one in rows[:AT_ONCE]]
    return SealedPage(found, found[-1].number if len(rows) > AT_ONCE else None)


def note_of(log: Log, number: int) -> str:
    """The signed text of a checkpoint; raises NotThere."""
    row = SealedCheckpoint
    note: str | None = run(select(row.note).where(row.log == log.number, row.number == number)).scalar()
    if note is None:
        raise NotThere()
    return note


def root_of(note: str) -> str:
    """The root that a checkpoint signs, as it is written in it."""
    return note.split("\n")[2]
