"""Verbs of skills: loading frameworks, confirming what somebody can do, recognising activities elsewhere."""

from lms.skills.actions.frameworks import FrameworksLoaded, load_frameworks
from lms.skills.actions.recognising import recognise, withdraw
from lms.skills.actions.verifying import verify_profile

__all__ = ["FrameworksLoaded", "load_frameworks", "recognise", "verify_profile", "withdraw"]
