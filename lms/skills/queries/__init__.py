"""Named reads of skills: frameworks and targets, what people attained, and what proves it."""

from lms.skills.queries.attained import AttainmentRow, attainments_of, latest_levels, levels_of
from lms.skills.queries.frameworks import CompetenceRow, FrameworkRow, competences, families, frameworks, targets
from lms.skills.queries.proofs import Evidence, evidence

__all__ = [
    "AttainmentRow",
    "CompetenceRow",
    "Evidence",
    "FrameworkRow",
    "attainments_of",
    "competences",
    "evidence",
    "families",
    "frameworks",
    "latest_levels",
    "levels_of",
    "targets",
]
