"""Adding to a log: what is new is found, salted, given a position and signed for; what must go leaves its entry."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, insert, select, update

from lms.kernel import clock
from lms.kernel.db import afterwards, run
from lms.kernel.sealing import anchors, shelf, tree
from lms.kernel.sealing.logs import Log
from lms.kernel.sealing.models import Leaf, SealedCheckpoint
from lms.kernel.sealing.signing import signer_here
from lms.kernel.sealing.tree import WIDTH
from lms.kernel.sealing.verify import sha

AT_ONCE = 1000  # on SQLite nobody else writes meanwhile: some hundredths of a second
_IN_LIST = 500
_SALT = 16


class Sealed(NamedTuple):
    """How many rows were sealed, up to which number, and whether there may be more."""

    entries: int
    last: int | None
    more: bool


def seal(log: Log, *, beyond: int | None = None, at_once: int = AT_ONCE) -> Sealed:
    """Seal what is new in a log, and sign a checkpoint where there was anything.

    `beyond` a number, where all that comes before it has been looked at.
    """
    shelf.hold(log)
    if beyond is None:
        newest = run(select(func.max(Leaf.subject)).where(Leaf.log == log.number)).scalar()
        beyond = -1 if newest is None else log.floor(newest)
    rows = run(log.unsealed, {"beyond": beyond, "most": at_once}).all()
    if not rows:
        return Sealed(0, None, False)
    _add(log, [(row[0], log.text(row)) for row in rows])
    return Sealed(len(rows), rows[-1][0], len(rows) == at_once)


def erase(log: Log, subjects: Collection[int], entry: Mapping[str, Any]) -> int:
    """Destroy the salts of some rows and seal that it was done; returns how many there were to destroy.

    To be called before the rows are changed or removed, so that what was not sealed yet leaves its entry too. What came
    before them is sealed first: the newest leaf says up to where all of them are there. The `entry` says under which
    authority (a rule, the number of a deed), never whose rows they were.
    """
    shelf.hold(log)
    _catch_up(log)
    numbers = sorted(set(subjects))
    positions: list[int] = []
    for part in _parts(numbers):
        _seal_these(log, part)
        salted = (Leaf.log == log.number, Leaf.subject.in_(part), Leaf.salt.is_not(None))
        positions += run(select(Leaf.position).where(*salted)).scalars()
        run(update(Leaf).where(*salted).values(salt=None))
    if positions:
        said = {**entry, "at": clock.now().isoformat(), "positions": _ranges(sorted(positions))}
        words = json.dumps({"erasure": said}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        _add(log, [(None, words)])
    return len(positions)


def _catch_up(log: Log) -> None:
    """Seal all that waits for it."""
    sealed = seal(log)
    while sealed.more:
        sealed = seal(log, beyond=sealed.last)


def _seal_these(log: Log, numbers: Sequence[int]) -> None:
    """Seal rows that have no leaf yet."""
    known = run(select(Leaf.subject).where(Leaf.log == log.number, Leaf.subject.in_(numbers))).scalars()
    new = set(numbers) - set(known)
    if new:
        rows = run(log.rows().where(log.subject.in_(new)).order_by(log.subject)).all()
        _add(log, [(row[0], log.text(row)) for row in rows])


def _add(log: Log, new: Sequence[tuple[int | None, str]]) -> None:
    """Add entries and sign for them; what has no number is an erasure entry."""
    if not new:
        return
    size = shelf.size(log)
    rows = [_leaf(log, size + place, subject, words) for place, (subject, words) in enumerate(new)]
    run(insert(Leaf), rows)
    added = [tree.leaf(row["entry"]) for row in rows]
    whole = size - size % WIDTH
    tail = [tree.leaf(entry) for entry in shelf.entries(log, whole, size)]
    known = shelf.parts(log, tree.cover(0, whole))
    made = tree.grow(size, tail, known, added)
    shelf.keep(log, made)
    size += len(rows)
    rest = [*tail, *added][size % WIDTH * -1 :] if size % WIDTH else []
    complete = [(known | made)[part] for part in tree.cover(0, size - size % WIDTH)]
    _sign(log, size, tree.fold([*complete, tree.root(rest)] if rest else complete))


def _leaf(log: Log, position: int, subject: int | None, words: str) -> dict[str, Any]:
    salt = secrets.token_bytes(_SALT)
    return {
        "log": log.number,
        "position": position,
        "subject": subject,
        "salt": salt,
        "entry": sha(salt, words.encode()),
        "erasure": words if subject is None else None,
    }


def _sign(log: Log, size: int, root: bytes) -> None:
    signer, at = signer_here(), clock.now()
    last = run(select(func.max(SealedCheckpoint.number)).where(SealedCheckpoint.log == log.number)).scalar()
    number = (last or 0) + 1
    note = signer.note(log.name, size=size, root=root, number=number, at=at)
    row = {"log": log.number, "number": number, "size": size, "at": at, "key": signer.public(log.name), "note": note}
    run(insert(SealedCheckpoint), row)
    afterwards(lambda: anchors.drop(log))


def _parts(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    return (numbers[start : start + _IN_LIST] for start in range(0, len(numbers), _IN_LIST))


def _ranges(positions: Sequence[int]) -> list[list[int]]:
    """Positions as first and last of those that follow each other."""
    found: list[list[int]] = []
    for position in positions:
        if found and found[-1][1] + 1 == position:
            found[-1][1] = position
        else:
            found.append([position, position])
    return found
