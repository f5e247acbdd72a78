"""Spells of days: half-open, so that one ends on the day the next begins (docs/rules.md, section 2.2.1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Spell:
    """`[starts_on, ends_on)`; open where it has no end."""

    starts_on: date
    ends_on: date | None = None

    @property
    def is_empty(self) -> bool:
        return self.ends_on is not None and self.ends_on <= self.starts_on

    def holds(self, day: date) -> bool:
        """Whether the spell covers a day."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)

    def overlaps(self, other: Spell) -> bool:
        """Whether the two share a day; neighbours do not."""
        if self.is_empty or other.is_empty:
            return False
        begins_in_time = self.ends_on is None or other.starts_on < self.ends_on
        return begins_in_time and (other.ends_on is None or self.starts_on < other.ends_on)


def first_clash(spells: Iterable[Spell], new: Spell) -> Spell | None:
    """The earliest spell that shares a day with a new one."""
    clashing = [spell for spell in spells if spell.overlaps(new)]
    return min(clashing, key=lambda spell: spell.starts_on, default=None)
