"""Why somebody was exempt goes with that person; that somebody was exempt stays, for the counts."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update

from lms.kernel.actor import Actor
from lms.kernel.db import run
from lms.people.policy import must_erase
from lms.requirements.models import Exemption


def erase_reasons(*, actor: Actor, person_id: int) -> Sequence[int]:
    """Empty the reasons of a person's exemptions; returns their numbers."""
    must_erase(actor, person_id)
    numbers = run(select(Exemption.id).where(Exemption.person_id == person_id)).scalars().all()
    run(update(Exemption).where(Exemption.person_id == person_id).values(reason=""))
    return numbers
