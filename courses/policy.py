"""Who may do what with courses: pure functions of the actor and the object."""

from __future__ import annotations

from collections.abc import Collection

from lms.kernel.actor import Actor, Reach

AUTHOR = "courses.author"
SEE_DRAFTS = "courses.see_drafts"


def covers(reach: Reach, agency_id: int, agencies: Collection[int]) -> bool:
    """Whether a permission reaches an agency; `agencies` are those within the reach's subtrees."""
    return reach.everywhere or agency_id in agencies


def may_take(actor: Actor, person_id: int) -> bool:
    """Whether the actor may enrol somebody: oneself, or anyone on behalf of the system."""
    return actor.kind == "system" or (actor.person_id == person_id and actor.may("learning.take"))
