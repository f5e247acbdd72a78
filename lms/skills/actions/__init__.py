"""Verbs of skills: loading frameworks, and confirming what somebody can do."""

from lms.skills.actions.frameworks import FrameworksLoaded, load_frameworks
from lms.skills.actions.verifying import verify_profile

__all__ = ["FrameworksLoaded", "load_frameworks", "verify_profile"]
