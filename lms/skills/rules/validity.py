"""How long an attained level counts (docs/rules.md, sections 1.3 and 2.2)."""

from __future__ import annotations

import calendar
from datetime import date
from typing import Final

COMPETENCE_MONTHS: Final = 36
SHORT_LIVED_MONTHS: Final = 12
# What is true of threats and of artificial intelligence changes within a year.
SHORT_LIVED_TOPICS: Final = frozenset({"security", "ai"})
_SHORTEST_MONTH: Final = 28


def add_months(day: date, months: int) -> date:
    """Move a day by calendar months, clamped to the end of the month (29 February + 12 months = 28 February)."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    if day.day <= _SHORTEST_MONTH:
        return day.replace(year, month)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def validity_months(topic: str | None = None) -> int:
    """Say how many months an attainment on a topic counts when nothing else is laid down."""
    return SHORT_LIVED_MONTHS if topic in SHORT_LIVED_TOPICS else COMPETENCE_MONTHS
