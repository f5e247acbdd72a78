"""Give a person extra time in quizzes, before they begin (row X10)."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import delete, insert

from assessments.models.adjustments import TimeAdjustment
from assessments.policy import FACTORS, STANDARD
from assessments.queries.adjustments import factor_of
from lms.kernel import audit, clock
from lms.kernel.actor import Actor
from lms.kernel.db import db
from lms.kernel.errors import NotAllowed, Refused
from lms.people.queries import person_visible

MANAGE = "people.manage"


def adjust_time(*, actor: Actor, person_id: int, factor: str) -> None:
    """Set how much more time a person has, from the next attempt on; "1" takes the adjustment away.

    Raises NotThere for nobody, Refused for a factor that is not on the list.
    """
    if not actor.may(MANAGE):
        raise NotAllowed()
    person_visible(actor, person_id)
    if factor not in FACTORS:
        message = _("Choose one of the times on the list.")
        raise Refused(message, errors={"factor": message})
    before = factor_of(person_id)
    db.session.execute(delete(TimeAdjustment).where(TimeAdjustment.person_id == person_id))
    if factor != STANDARD:
        row = {"person_id": person_id, "factor": factor, "set_at": clock.now(), "set_by": actor.person_id}
        db.session.execute(insert(TimeAdjustment).values(**row))
    audit.note(
        actor=actor,
        action="assessments.adjust-time",
        subject=("person", person_id),
        before={"factor": before},
        after={"factor": factor},
    )
    db.session.flush()
