"""The tree as it is kept in the tables: its size, and the roots of its parts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import and_, func, insert, or_, select, text

from lms.kernel.db import run
from lms.kernel.db.unit import dialect
from lms.kernel.sealing import tree
from lms.kernel.sealing.logs import Log
from lms.kernel.sealing.models import Leaf, Node
from lms.kernel.sealing.tree import BLOCK, Part, Range

_SEALERS = 1_935_764_588  # the advisory locks of sealers; the second number is the log's
_LOCK = text("select pg_advisory_xact_lock(:sealers, :log)")


def hold(log: Log) -> None:
    """Let nobody else add to the log until this transaction ends; SQLite's single writer is held anyway."""
    if dialect() == "postgresql":
        run(_LOCK, {"sealers": _SEALERS, "log": log.number})


def size(log: Log) -> int:
    """How many entries the log has."""
    last = run(select(func.max(Leaf.position)).where(Leaf.log == log.number)).scalar()
    return 0 if last is None else last + 1


def entries(log: Log, begin: int, end: int) -> list[bytes]:
    """The entries from a position up to another."""
    wanted = select(Leaf.entry).where(Leaf.log == log.number, Leaf.position >= begin, Leaf.position < end)
    return list(run(wanted.order_by(Leaf.position)).scalars())


def roots(log: Log, ranges: Sequence[Range]) -> list[bytes]:
    """The roots of some ranges that the RFC speaks of, in two or three reads."""
    covers = [tree.cover(*one) for one in ranges]
    known = _parts(log, {part for cover in covers for part in cover})
    return [tree.fold([known[part] for part in cover]) for cover in covers]


def parts(log: Log, wanted: Collection[Part]) -> dict[Part, bytes]:
    """The roots of kept parts."""
    if not wanted:
        return {}
    these = or_(*(and_(Node.level == part.level, Node.place == part.place) for part in wanted))
    rows = run(select(Node.level, Node.place, Node.root).where(Node.log == log.number, these))
    return {Part(level, place): root for level, place, root in rows}


def keep(log: Log, made: dict[Part, bytes]) -> None:
    """Keep the roots of complete parts."""
    if made:
        rows = [{"log": log.number, **part._asdict(), "root": root} for part, root in made.items()]
        run(insert(Node), rows)


def _parts(log: Log, wanted: Collection[Part]) -> dict[Part, bytes]:
    """The roots of parts, those within a block out of its leaves."""
    small = [part for part in wanted if part.level < BLOCK]
    found = parts(log, [part for part in wanted if part.level >= BLOCK])
    for begin, end in _joined(small):
        leaves = [tree.leaf(entry) for entry in entries(log, begin, end)]
        for part in small:
            if begin <= part.begin < end:
                found[part] = tree.root(leaves[part.begin - begin : part.end - begin])
    return found


def _joined(small: Iterable[Part]) -> list[Range]:
    """The blocks in which parts lie, as far as they are needed, so that each is read once."""
    found: dict[int, Range] = {}
    for part in small:
        begin, end = found.get(part.begin >> BLOCK, (part.begin, part.end))
        found[part.begin >> BLOCK] = (min(begin, part.begin), max(end, part.end))
    return list(found.values())
