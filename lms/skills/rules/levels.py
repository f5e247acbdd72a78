"""Levels, bands, and the level a person holds on a day (docs/rules.md, sections 1.1 and 1.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from lms.skills.rules.assurance import COUNTS_FROM

LEVELS: Final = (1, 2, 3, 4, 5, 6, 7, 8)
BANDS: Final = ("basic", "intermediate", "advanced", "highly_advanced")
# The six-level scheme has one step for each of the two highest bands.
SIX_LEVELS: Final = ("A1", "A2", "B1", "B2", "C1", "C1", "C2", "C2")


@dataclass(frozen=True, slots=True)
class Attainment:
    """A level of one competence that a person achieved; `expires_on` is the first day it no longer counts."""

    level: int | None
    achieved_on: date
    expires_on: date | None
    assurance_rank: int
    recorded_on: date
    revoked_on: date | None = None

    def valid(self, day: date, known_on: date) -> bool:
        """Say whether it counts on a day, as far as had been recorded by `known_on`."""
        if self.recorded_on > known_on or (self.revoked_on is not None and self.revoked_on <= known_on):
            return False
        return self.achieved_on <= day and (self.expires_on is None or day < self.expires_on)


def band_of(level: int) -> str:
    """Give the band of one of the eight levels."""
    if level not in LEVELS:
        raise ValueError(f"Level {level} is not on the scale: use 1 to 8.")
    return BANDS[(level - 1) // 2]


def levels_in(band: str) -> tuple[int, int]:
    """Give the lower and the higher level of a band."""
    if band not in BANDS:
        raise ValueError(f"Band {band!r} is unknown: use one of {', '.join(BANDS)}.")
    lower = BANDS.index(band) * 2 + 1
    return lower, lower + 1


def level_on(
    attainments: Iterable[Attainment], day: date, known_on: date | None = None, min_rank: int = COUNTS_FROM
) -> int | None:
    """Give the highest level of one competence that is valid on a day; None means not assessed, which is not level 0.

    Lower levels are implied. Without `known_on`, the day itself is also the day of knowledge.
    """
    known = day if known_on is None else known_on
    counted = (a.level or 0 for a in attainments if a.assurance_rank >= min_rank and a.valid(day, known))
    return max(counted, default=None)


def levels_on(
    by_competence: Mapping[str, Iterable[Attainment]],
    day: date,
    known_on: date | None = None,
    min_rank: int = COUNTS_FROM,
) -> dict[str, int | None]:
    """Give a person's level of every competence named, None where not assessed."""
    return {code: level_on(held, day, known_on, min_rank) for code, held in by_competence.items()}


def highest_targets(profiles: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Join the targets of all of a person's roles; where two name the same competence, the highest level wins."""
    joined: dict[str, int] = {}
    for profile in profiles:
        for code, level in profile.items():
            joined[code] = max(level, joined.get(code, level))
    return joined
