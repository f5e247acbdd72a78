"""Verbs of required learning: laying down requirements, and exempting somebody from one for a time."""

from lms.requirements.actions.exempting import exempt, withdraw_exemption
from lms.requirements.actions.laying_down import create_requirement

__all__ = ["create_requirement", "exempt", "withdraw_exemption"]
