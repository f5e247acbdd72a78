"""Required learning as pure arithmetic: what counts, until when, what is due, and where a person stands.

Every status is a function of two dates: the day described (`day`, as_at) and the day of knowledge (`known_on`,
known_at). See docs/rules.md, sections 2.2, 2.4 and 4.1.
"""

from __future__ import annotations

from lms.requirements.rules.expiry import accept, expires_on
from lms.requirements.rules.obligation import Obligation, one_obligation
from lms.requirements.rules.standing import Standing, due_on, spell_start, standings, status_on
from lms.requirements.rules.steps import Step, steps
from lms.requirements.rules.terms import (
    RECURRENCES,
    STATUSES,
    Accepted,
    DueRule,
    Evidence,
    Extension,
    PersonFacts,
    Recurrence,
    RequirementTerms,
    Span,
    UnusableTerms,
)
from lms.skills.rules import add_months

__all__ = [
    "RECURRENCES",
    "STATUSES",
    "Accepted",
    "DueRule",
    "Evidence",
    "Extension",
    "Obligation",
    "PersonFacts",
    "Recurrence",
    "RequirementTerms",
    "Span",
    "Standing",
    "Step",
    "UnusableTerms",
    "accept",
    "add_months",
    "due_on",
    "expires_on",
    "one_obligation",
    "spell_start",
    "standings",
    "status_on",
    "steps",
]
