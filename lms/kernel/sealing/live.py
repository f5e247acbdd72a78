"""The database held against what was sealed of it, by the verifier that everybody else uses too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from sqlalchemy import exists, func, select

from lms.kernel.db import run
from lms.kernel.sealing import anchors, proofs
from lms.kernel.sealing.logs import Log
from lms.kernel.sealing.models import Leaf
from lms.kernel.sealing.verify import Check

_MOST = 100


def check(log: Log, keys: Sequence[str] = (), kept: Sequence[str] = ()) -> tuple[int, list[tuple[int, str]]]:
    """How many entries were checked, and the positions where the database is not what was sealed, with the reason.

    What was never sealed is in order. What came since the last sealing is not looked at.
    """
    with proofs.standing_still():
        findings = [*_strays(log), *_returned(log), *_contradicting(log)]
        notes = [*anchors.kept(log), *kept]
        if not notes and proofs.newest_checkpoint(log) is None and not _leaves(log):
            return 0, findings
        checked, broken = Check(keys, notes).run(proofs.evidence(log))
    return checked, sorted([*broken, *findings])


def _leaves(log: Log) -> int:
    return run(select(func.count()).select_from(Leaf).where(Leaf.log == log.number)).scalar() or 0


def _strays(log: Log) -> list[tuple[int, str]]:
    """Rows without a leaf among those that were sealed long ago."""
    last, newest = run(select(func.max(Leaf.position), func.max(Leaf.subject)).where(Leaf.log == log.number)).one()
    if newest is None:
        return []
    sealed = exists().where(Leaf.log == log.number, Leaf.subject == log.subject)
    lone = select(log.subject).where(log.subject <= log.floor(newest), ~sealed).order_by(log.subject).limit(_MOST)
    why = "inserted: row {} was never sealed, although later ones were (lms records seal --all, where that is in order)"
    return [(last + 1, why.format(number)) for number in run(lone).scalars()]


def _returned(log: Log) -> list[tuple[int, str]]:
    """Rows that stand where one was erased."""
    if log.stays_emptied:
        return []
    there = select(Leaf.position, Leaf.subject).join(log.subject.class_, log.subject == Leaf.subject)
    erased = there.where(Leaf.log == log.number, Leaf.salt.is_(None)).order_by(Leaf.position).limit(_MOST)
    return [(row.position, f"inserted: row {row.subject} stands where one was erased") for row in run(erased)]


def _contradicting(log: Log) -> Iterator[tuple[int, str]]:
    """Rows whose text is not all that says what they are, where the rest says something else."""
    newest = run(select(func.max(Leaf.subject)).where(Leaf.log == log.number)).scalar()
    if newest is None:
        return
    for number, why in islice(log.contradictions(newest), _MOST):
        leaf = select(Leaf.position).where(Leaf.log == log.number, Leaf.subject == number)
        position = run(leaf).scalar()
        if position is not None:  # a row without a leaf is found as such
            yield position, why
