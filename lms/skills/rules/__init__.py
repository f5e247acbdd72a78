"""Assurance, levels and validity, as pure arithmetic on facts (docs/rules.md, section 1.3)."""

from __future__ import annotations

from lms.skills.rules.assurance import ASSURANCE, COUNTS_FROM, assurance_rank, assurance_word
from lms.skills.rules.levels import (
    BANDS,
    LEVELS,
    SIX_LEVELS,
    Attainment,
    band_of,
    highest_targets,
    level_on,
    levels_in,
    levels_on,
)
from lms.skills.rules.validity import (
    COMPETENCE_MONTHS,
    SHORT_LIVED_MONTHS,
    SHORT_LIVED_TOPICS,
    add_months,
    validity_months,
)

__all__ = [
    "ASSURANCE",
    "BANDS",
    "COMPETENCE_MONTHS",
    "COUNTS_FROM",
    "LEVELS",
    "SHORT_LIVED_MONTHS",
    "SHORT_LIVED_TOPICS",
    "SIX_LEVELS",
    "Attainment",
    "add_months",
    "assurance_rank",
    "assurance_word",
    "band_of",
    "highest_targets",
    "level_on",
    "levels_in",
    "levels_on",
    "validity_months",
]
