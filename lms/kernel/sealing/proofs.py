"""What is handed out of a sealed log: the proof of one entry, the whole as evidence, and the public keys."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, text, true

from lms.kernel.db import reading, run, writing
from lms.kernel.db.session import end_unit
from lms.kernel.db.unit import dialect
from lms.kernel.errors import NotThere, Refused
from lms.kernel.sealing import shelf, tree
from lms.kernel.sealing.logs import Log
from lms.kernel.sealing.models import Leaf, SealedCheckpoint
from lms.kernel.sealing.signing import encoded, signer_here

_AT_ONCE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """That one text is the entry at a position of a log; `path` leads from it to the root that a checkpoint signs."""

    origin: str
    key: str
    position: int
    size: int
    salt: bytes
    payload: str
    path: tuple[bytes, ...]
    checkpoint: str

    def line(self) -> str:
        """The proof as a file that the verifier reads."""
        return line(
            {
                "origin": self.origin,
                "key": self.key,
                "position": self.position,
                "salt": encoded(self.salt),
                "payload": self.payload,
                "path": [encoded(step) for step in self.path],
                "checkpoint": self.checkpoint,
            }
        )


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key and the sizes of the first and the last checkpoint that it belongs to."""

    text: str
    begin: int
    end: int


def proof(log: Log, subject: int) -> Proof:
    """The proof of a row by its number; raises NotThere where it was erased, Refused where it is not sealed yet."""
    last = SealedCheckpoint
    newest = select(last.size, last.note, last.key).where(last.log == log.number).order_by(last.number.desc())
    signed = newest.limit(1).subquery()
    wanted = select(log.subject, *log.columns, Leaf.position, Leaf.salt, signed).select_from(Leaf).join(signed, true())
    joined = wanted.outerjoin(log.subject.class_, log.subject == Leaf.subject)
    found: Any = run(joined.where(Leaf.log == log.number, Leaf.subject == subject)).first()
    if found is None:
        if run(log.rows().where(log.subject == subject)).first() is None:
            raise NotThere("This was erased before it was sealed: nothing shows any more what it said.")
        raise Refused("This is not sealed yet. The record is sealed every five minutes; ask again after that.")
    if found[0] is None or found.salt is None:
        raise NotThere("This was erased: its entry stands in the log, but nothing shows any more what it said.")
    return Proof(
        origin=found.key.split("+", 1)[0],
        key=found.key,
        position=found.position,
        size=found.size,
        salt=found.salt,
        payload=log.text(found),
        path=tuple(shelf.roots(log, tree.inclusion(found.position, found.size))),
        checkpoint=found.note,
    )


def continuation(log: Log, old: int, size: int) -> list[bytes]:
    """The path which proves that the log of a size goes on where it had ended at an older one."""
    return shelf.roots(log, tree.consistency(old, size))


def evidence(log: Log) -> Iterator[dict[str, Any]]:
    """The whole of a log as the verifier takes it: its keys, its checkpoints, every entry in order."""
    row = SealedCheckpoint
    keys = [key.text for key in public_keys(log)]
    yield {"origin": signer_here().origin(log.name), "keys": keys}
    number = 0
    wanted = select(row.number, row.note).where(row.log == log.number).order_by(row.number).limit(_AT_ONCE)
    while found := run(wanted.where(row.number > number)).all():
        yield from ({"checkpoint": one.note} for one in found)
        number = found[-1].number
    yield from _entries(log)


def newest_checkpoint(log: Log) -> str | None:
    """The newest signed checkpoint of a log."""
    row = SealedCheckpoint
    wanted = select(row.note).where(row.log == log.number).order_by(row.number.desc()).limit(1)
    found: str | None = run(wanted).scalar()
    return found


def public_keys(log: Log) -> list[PublicKey]:
    """The public keys of a log, in the order in which they came into use."""
    row = SealedCheckpoint
    begin = func.min(row.size)
    wanted = select(row.key, begin, func.max(row.size)).where(row.log == log.number).group_by(row.key).order_by(begin)
    return [PublicKey(*found) for found in run(wanted)]


def line(item: Mapping[str, Any]) -> str:
    """A line of a file that the verifier reads."""
    return json.dumps(item, ensure_ascii=False, separators=(",", ":")) + "\n"


@contextmanager
def standing_still() -> Iterator[None]:
    """Within: everything is read as it was at one moment, however long it takes."""
    if dialect() == "sqlite":
        with reading():
            yield
        return
    with writing():
        try:
            run(text("set transaction isolation level repeatable read, read only"))
            yield
        finally:
            end_unit()


def _entries(log: Log) -> Iterator[dict[str, Any]]:
    """Every leaf with the text of its row, as far as there is one."""
    row = select(Leaf.position, *log.columns, Leaf.salt, Leaf.entry, Leaf.erasure, log.subject)
    joined = row.outerjoin_from(Leaf, log.subject.class_, log.subject == Leaf.subject).where(Leaf.log == log.number)
    wanted, next_one = joined.order_by(Leaf.position).limit(_AT_ONCE), 0
    while found := run(wanted.where(Leaf.position >= next_one)).all():
        for one in found:
            salt, entry, erasure, subject = one[-4:]
            item = {"position": one[0], "entry": encoded(entry)}
            if salt is not None:
                item["salt"] = encoded(salt)
                if erasure is not None or subject is not None:
                    item["payload"] = log.text(one) if erasure is None else erasure
            yield item
        next_one = found[-1][0] + 1
