"""What a log is to the sealer: a table whose rows only come, each with a number and a text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Row, Select, bindparam, exists, select

from lms.kernel.db.unit import dialect
from lms.kernel.sealing.models import Leaf


def _none(newest: int) -> Iterator[tuple[int, str]]:
    """The text holds everything that a row does."""
    return iter(())


@dataclass(frozen=True, eq=False, kw_only=True)
class Log:
    """A log under its name and number.

    `subject` is the number of a row, which grows; `words` makes the sealed text out of the `columns`. `lateness` is by
    how much less than the newest the number of a row may be that appears after it, since it was committed later.
    `stays_emptied` is true where a row may stay once its salt was destroyed. `contradictions` finds the numbers of
    rows, up to one, of which something beside the text says something else, and what.
    """

    name: str
    number: int
    subject: Any
    columns: tuple[Any, ...]
    words: Callable[..., str]
    lateness: int
    stays_emptied: bool = False
    contradictions: Callable[[int], Iterator[tuple[int, str]]] = _none

    def floor(self, newest: int) -> int:
        """Beyond which number rows may be new, where this is the greatest that was sealed.

        SQLite's single writer commits in order; there, only a clock that was put right is allowed for.
        """
        return newest - (self.lateness // 60 if dialect() == "sqlite" else self.lateness)

    def text(self, row: Row[Any]) -> str:
        """The text of a row that was read with `rows`."""
        return self.words(*row[1 : 1 + len(self.columns)])

    def rows(self) -> Select[*tuple[Any, ...]]:
        """Numbers of rows and what their text is made of."""
        return select(self.subject, *self.columns)

    @cached_property
    def unsealed(self) -> Select[*tuple[Any, ...]]:
        """Rows beyond a number that have no leaf, in order."""
        sealed = exists().where(Leaf.log == self.number, Leaf.subject == self.subject)
        beyond = self.rows().where(self.subject > bindparam("beyond"), ~sealed)
        return beyond.order_by(self.subject).limit(bindparam("most"))
