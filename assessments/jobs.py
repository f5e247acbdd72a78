"""Long work of this room: attempts whose learner went away."""

from __future__ import annotations

from assessments.actions.attempts import SUBMIT_OVERDUE
from assessments.actions.submission import submit_overdue, submit_when_overdue
from lms.kernel.jobs import Job

__all__ = ["SUBMIT_OVERDUE", "hand_in_overdue"]
AT_ONCE = 50


def hand_in_overdue(job: Job) -> bool:
    """Hand in the attempt that the job names, or, where it names none, some of all that are overdue."""
    attempt_id = job.arguments.get("attempt")
    if attempt_id is not None:
        submit_when_overdue(attempt_id=attempt_id)
        return False
    count = submit_overdue(limit=AT_ONCE)
    job.done += count
    return count == AT_ONCE
