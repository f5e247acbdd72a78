"""One obligation where several requirements ask for the same target (docs/rules.md, section 4.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from lms.requirements.rules.standing import Standing

# Who owes anything under one requirement owes it whatever another one forgives.
_STRICTEST_FIRST: Final = ("overdue", "in_grace", "not_yet_due", "met", "exempt", "excused")


@dataclass(frozen=True, slots=True)
class Obligation:
    """What one person owes for one target: the strictest standing, and every requirement that asks for it."""

    standing: Standing
    sources: tuple[str, ...]


def one_obligation(by_requirement: Mapping[str, Standing]) -> Obligation | None:
    """Join the standings under all requirements on one target; None if none of them applies."""
    applying = {code: s for code, s in by_requirement.items() if s.status != "not_applicable"}
    if not applying:
        return None
    return Obligation(min(applying.values(), key=_strictness), tuple(sorted(applying)))


def _strictness(standing: Standing) -> tuple[int, date]:
    """Order standings: the worst status first, then the earliest due or expiry date."""
    return _STRICTEST_FIRST.index(standing.status), standing.due_on or standing.expires_on or date.max
