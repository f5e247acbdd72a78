"""Named reads of required learning: what is in force, where people stand, and why.

Things to remember: everything that decides a standing is read in one statement, for one person as for all; figures
are computed for a day and a moment of knowledge, and recomputing them gives the same.
"""

from lms.requirements.queries.facts import facts, facts_by_requirement
from lms.requirements.queries.obligations import Obligation, standings_of, why_me
from lms.requirements.queries.rows import (
    RequirementRow,
    requirement_by_code,
    requirements,
    requirements_in_force,
    requirements_met_by,
)
from lms.requirements.queries.standing import standing_by_person, standings_by_requirement, standings_on

__all__ = [
    "Obligation",
    "RequirementRow",
    "facts",
    "facts_by_requirement",
    "requirement_by_code",
    "requirements",
    "requirements_in_force",
    "requirements_met_by",
    "standing_by_person",
    "standings_by_requirement",
    "standings_of",
    "standings_on",
    "why_me",
]
