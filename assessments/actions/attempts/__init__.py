"""What a learner does in an attempt, without ever meeting a key: begin it, and save one answer at a time."""

from assessments.actions.attempts.saving import AlreadySubmitted, Saved, StaleAnswer, TimeOver, save
from assessments.actions.attempts.starting import SUBMIT_OVERDUE, NoAttemptLeft, start

__all__ = [
    "SUBMIT_OVERDUE",
    "AlreadySubmitted",
    "NoAttemptLeft",
    "Saved",
    "StaleAnswer",
    "TimeOver",
    "save",
    "start",
]
