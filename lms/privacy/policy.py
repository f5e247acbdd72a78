"""Who may look into everything about a person, erase somebody, and say how long records are kept."""

from __future__ import annotations

from lms.kernel.actor import Actor
from lms.kernel.errors import NotAllowed
from lms.people.policy import ERASE, must_erase

__all__ = ["ERASE", "SEE", "must_erase", "must_govern", "must_see"]

SEE = "records.see"  # who may see the whole record also sees what of it is kept


def must_govern(actor: Actor) -> None:
    """Raise NotAllowed unless the actor may say what is kept and what goes."""
    if not actor.may(ERASE):
        raise NotAllowed("Only an administrator says what is kept and what goes: ask yours to do it.")


def must_see(actor: Actor) -> None:
    """Raise NotAllowed unless the actor may see what is kept and what goes."""
    if not actor.may(SEE):
        raise NotAllowed("Only administrators and auditors see what is kept and what goes.")
