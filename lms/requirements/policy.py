"""Who may lay down a requirement, and who may decide on an exemption from one."""

from __future__ import annotations

from collections.abc import Sequence

from lms.kernel.actor import Actor, Reach
from lms.kernel.errors import NotAllowed, Refused


def must_lay_down(actor: Actor, path: Sequence[int]) -> None:
    """Raise NotAllowed unless the actor may require learning of an agency; `path` leads from the top to it."""
    if not _covers(actor.reach("requirements.manage"), path):
        raise NotAllowed("Only an HR officer or an administrator of the agency lays down what it requires.")


def must_exempt(actor: Actor, *, person_id: int, path: Sequence[int]) -> int:
    """Give the person who decides on somebody's exemption; raise for who may not, first of all the person concerned."""
    if actor.person_id is None:
        raise NotAllowed("An exemption is decided by a person: sign in as an HR officer.")
    if actor.person_id == person_id:
        raise Refused("Nobody decides on their own exemption: ask another HR officer to do it.")
    if not _covers(actor.reach("exemptions.decide"), path):
        raise NotAllowed("Only an HR officer or an administrator of the person's agency decides on exemptions.")
    return actor.person_id


def _covers(reach: Reach, path: Sequence[int]) -> bool:
    return reach.everywhere or not reach.agencies.isdisjoint(path)
