"""Who may load frameworks, verify a profile, and see what proves an attainment."""

from __future__ import annotations

from collections.abc import Sequence

from lms.kernel.actor import Actor, Reach
from lms.kernel.errors import NotAllowed, Refused

RECOGNISE = "records.recognise"
SEE = "records.see"  # who may see the whole record also sees what counts by which decision


def must_load(actor: Actor) -> None:
    """Raise NotAllowed unless the actor may load frameworks."""
    if not actor.may("agencies.manage"):
        raise NotAllowed("Only an administrator loads frameworks: ask yours to do it.")


def must_verify(actor: Actor, *, person_id: int, path: Sequence[int]) -> None:
    """Raise unless the actor may confirm a person's levels; `path` leads from the top to the person's agency.

    An assessor confirms within their reach, a trainer within their agencies, and nobody their own (docs/rules.md, 5.4).
    """
    if actor.person_id == person_id:
        raise Refused("Nobody confirms their own levels: ask your line manager or a trainer to do it.")
    if not _covers(actor.reach("profiles.verify"), path):
        raise NotAllowed("Only a trainer or the line manager of a person confirms that person's levels.")


def may_see_evidence(actor: Actor, *, person_id: int, path: Sequence[int]) -> bool:
    """Whether an attainment and its proof are shown: one's own, or within the agencies one may look into."""
    return actor.person_id == person_id or _covers(actor.reach("evidence.see"), path)


def must_recognise(actor: Actor) -> None:
    """Raise NotAllowed unless the actor may decide what activities elsewhere count as."""
    if not actor.may(RECOGNISE):
        raise NotAllowed("Only an administrator decides what activities elsewhere count as: ask yours to do it.")


def must_see(actor: Actor) -> None:
    """Raise NotAllowed unless the actor may see what activities elsewhere count as."""
    if not actor.may(SEE):
        raise NotAllowed("Only administrators and auditors see what activities elsewhere count as.")


def _covers(reach: Reach, path: Sequence[int]) -> bool:
    return reach.everywhere or not reach.agencies.isdisjoint(path)
