"""Units of work that several requests share: what comes while somebody writes is written next, by one for all."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future
from copy import copy
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from lms.kernel.db.session import end_unit, keep_unit, writing
from lms.kernel.errors import Busy

Asked = TypeVar("Asked")
Outcome = TypeVar("Outcome")
PATIENCE = 30.0  # seconds in which somebody's turn must come; the database itself keeps nobody waiting as long


class _NotWritten(Exception):
    """Something was wrong with what was asked for: nothing of it has been kept."""

    def __init__(self, cause: Exception) -> None:
        self.cause = cause


class _Waiting(Generic[Asked, Outcome]):
    """Somebody who asks for something; his turn comes when he is to write, or when another one has for him."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.turn = threading.Event()
        self.done: Future[Outcome] = Future()


@dataclass(slots=True)
class _Queue(Generic[Asked, Outcome]):
    """Those who ask for one kind of thing: how many of them write at this moment, and who waits."""

    writing: int = 0
    waiting: deque[_Waiting[Asked, Outcome]] = field(default_factory=deque)


class Gathering(Generic[Asked, Outcome]):
    """Those who write the same kind of thing at the same time.

    Whoever writes does so for all who have come meanwhile: a transaction costs as much for one as for several. Where
    something is wrong with what one of them asks for, what each of them asks for is written alone.
    """

    def __init__(self, write: Callable[[Sequence[Asked]], Sequence[Outcome]], *, most: int, at_once: int) -> None:
        """`write` does what several ask for in one unit of work, all or nothing, and says what each of them gets.

        At the most it is asked by so many together, and `at_once` is how often it runs at the same time.
        """
        self._write, self._most, self._at_once = write, most, at_once
        self._guard = threading.Lock()
        self._queues: dict[Hashable, _Queue[Asked, Outcome]] = {}

    def ask(self, kind: Hashable, asked: Asked) -> Outcome:
        """Have something written, perhaps together with what others of the same kind ask for at this moment.

        It is kept when this returns. Raises what writing raised, and Busy where nobody came to it in time; then nothing
        was kept, unless it was the database that could not say.
        """
        mine = _Waiting[Asked, Outcome](asked)
        if not self._may_write(kind, mine):
            self._wait(kind, mine)
        if not mine.done.done():
            self._write_for_all(kind, mine)
        return mine.done.result()

    def _may_write(self, kind: Hashable, mine: _Waiting[Asked, Outcome]) -> bool:
        with self._guard:
            queue = self._queues.setdefault(kind, _Queue())
            if queue.writing < self._at_once:
                queue.writing += 1
                return True
            queue.waiting.append(mine)
            return False

    def _wait(self, kind: Hashable, mine: _Waiting[Asked, Outcome]) -> None:
        if mine.turn.wait(PATIENCE):
            return
        with self._guard:
            queue = self._queues.get(kind)
            if queue is not None and mine in queue.waiting:
                queue.waiting.remove(mine)
                raise Busy()
        mine.turn.wait()  # somebody is writing it in this very moment

    def _write_for_all(self, kind: Hashable, mine: _Waiting[Asked, Outcome]) -> None:
        with self._guard:
            waiting = self._queues[kind].waiting
            others = [waiting.popleft() for _ in range(min(len(waiting), self._most - 1))]
        try:
            self._settle([mine, *others])
        finally:
            self._hand_on(kind)
            for other in others:
                other.turn.set()

    def _hand_on(self, kind: Hashable) -> None:
        """Let the one write next who has waited longest."""
        with self._guard:
            queue = self._queues[kind]
            if queue.waiting:
                queue.waiting.popleft().turn.set()
                return
            queue.writing -= 1
            if not queue.writing:
                del self._queues[kind]

    def _settle(self, everybody: Sequence[_Waiting[Asked, Outcome]]) -> None:
        """Write for everybody, and say to each what came of it."""
        try:
            outcomes = self._kept([one.asked for one in everybody])
        except _NotWritten as trouble:
            if len(everybody) == 1:
                everybody[0].done.set_exception(trouble.cause)
            else:
                for one in everybody:
                    self._settle([one])
        except BaseException as trouble:
            everybody[0].done.set_exception(trouble)
            for one in everybody[1:]:  # each his own: an error remembers on which way it came
                one.done.set_exception(copy(trouble) if isinstance(trouble, Exception) else Busy())
        else:
            for one, outcome in zip(everybody, outcomes, strict=True):
                one.done.set_result(outcome)

    def _kept(self, asked: Sequence[Asked]) -> Sequence[Outcome]:
        """What each gets, once it is kept; raises _NotWritten, or whatever the database raised."""
        with writing():
            try:
                outcomes = self._written(asked)
                if len(outcomes) != len(asked):
                    raise RuntimeError(f"{len(asked)} asked for something, and {len(outcomes)} were given it.")
                keep_unit()
                return outcomes
            finally:
                end_unit()

    def _written(self, asked: Sequence[Asked]) -> Sequence[Outcome]:
        try:
            return self._write(asked)
        except SQLAlchemyError:  # most likely it would be the same for each of them
            raise
        except Exception as trouble:
            if type(trouble) is Busy:  # as this; a kind of it is about what one of them asks for
                raise
            raise _NotWritten(trouble) from trouble
