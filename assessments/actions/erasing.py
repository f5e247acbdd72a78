"""What somebody wrote in quizzes goes with that person; what was chosen and how it was marked stays, for the counts."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from assessments.models.adjustments import TimeAdjustment
from assessments.models.attempts import Attempt, AttemptItem
from assessments.rules.responses import Written
from assessments.rules.stored import response_to_json
from lms.kernel.actor import Actor
from lms.kernel.db import run
from lms.people.policy import must_erase

WRITTEN = response_to_json(Written(""))


def erase_writing(*, actor: Actor, person_id: int) -> int:
    """Empty every answer in a person's own words, and forget how much time the person had; returns how many answers."""
    must_erase(actor, person_id)
    theirs = select(Attempt.id).where(Attempt.person_id == person_id)
    items = run(select(AttemptItem.id, AttemptItem.response).where(AttemptItem.attempt_id.in_(theirs))).all()
    written = [row.id for row in items if isinstance(row.response, dict) and row.response.get("written")]
    for start in range(0, len(written), 500):
        part = written[start : start + 500]
        run(update(AttemptItem).where(AttemptItem.id.in_(part)).values(response=WRITTEN, save_id=""))
    run(delete(TimeAdjustment).where(TimeAdjustment.person_id == person_id))
    return len(written)
