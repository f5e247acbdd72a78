"""Numbers for statements: each later than the last, whichever thread, worker or command stores it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from lms.kernel import clock
from lms.kernel.db import memory, run
from lms.kernel.db.prepared import Prepared
from lms.kernel.db.unit import dialect, line_here
from lms.xapi.models import StatementRow
from lms.xapi.models.statements import Worker
from lms.xapi.queries import pages
from lms.xapi.rules import order

STEP_BACK = timedelta(minutes=5)  # how far a machine's clock is set back when it is put right
_STEP_BACK = STEP_BACK // timedelta(microseconds=1)
_SECOND = timedelta(seconds=1)
_MEMORY = "xapi.numbering"
_newest = select(StatementRow.seq).order_by(StatementRow.seq.desc()).limit(1)
_NEWEST = Prepared(_newest)
_SLOT = select(Worker.next_value())
_NEWEST_BEFORE = _newest.where(StatementRow.seq < bindparam("end"))


@dataclass(slots=True)
class _Worker:
    """What this process knows of numbers: its slot, and the moment it gave last (microseconds, as `order` counts)."""

    slot: int | None = None
    last: int = 0
    guard: threading.Lock = field(default_factory=threading.Lock)


def numbers(count: int) -> list[tuple[int, datetime]]:
    """Numbers for some statements of the present transaction, and the moments of storing that they stand for.

    The moments rise by a microsecond a statement, even if the machine's clock steps back. History that is lived
    again under a standing clock is stored at the moment it says.
    """
    line_here()  # the transaction begins before the moment is taken: readers rely on that
    now = clock.now()
    if clock.stands():
        return _as_it_says(now, count)
    begin, slot = _after_the_newest(now) if dialect() == "sqlite" else _beside_others(now, count)
    given = [(moment << order.SLOT_BITS | slot, order.moment_at(moment)) for moment in range(begin, begin + count)]
    if given:
        pages.note_stored(given[-1][1])
    return given


def _after_the_newest(now: datetime) -> tuple[int, int]:
    """The first free moment of the database's single writer, and its slot."""
    here = pages.stored_here()
    last = _last_stored() if here is None else order.microseconds(here)
    return _later(order.microseconds(now), last), 0


def _beside_others(now: datetime, count: int) -> tuple[int, int]:
    """The first of some moments in a row that no other thread has, and the slot that sets this worker apart."""
    worker = memory.memory(_MEMORY, _Worker)
    with worker.guard:
        if worker.slot is None:
            worker.last = _last_stored()
            worker.slot = run(_SLOT).scalar_one()
        begin = _later(order.microseconds(now), worker.last)
        worker.last = begin + count - 1
        return begin, worker.slot


def _last_stored() -> int:
    """The moment of the newest statement there is."""
    newest = _NEWEST.first()
    return newest.seq >> order.SLOT_BITS if newest is not None else 0


def _later(now: int, last: int) -> int:
    """A moment after the last one, unless that lies further ahead than a clock is put right."""
    return last + 1 if now <= last <= now + _STEP_BACK else now


def _as_it_says(now: datetime, count: int) -> list[tuple[int, datetime]]:
    begin = order.number(now)
    newest = run(_NEWEST_BEFORE, {"end": order.number(now + _SECOND)}).scalar() or 0
    first = max(begin, newest + 1)
    return [(number, now) for number in range(first, first + count)]
