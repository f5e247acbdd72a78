"""What a key or a launch token opens: scopes, and the powers they give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from lms.kernel.actor import EVERYWHERE, NOWHERE, OWN, Actor, Reach
from lms.kernel.errors import NotAllowed
from lms.xapi.rules.agents import identifier
from lms.xapi.rules.iris import account
from lms.xapi.rules.launches import BEGINNING, Bounds, Kind, is_launch, may_touch

__all__ = ["BEGINNING", "SCOPES", "Launched", "is_launch"]

ERASE = "privacy.erase"
READ, WRITE, VOID, KEYS = "statements.read", "statements.write", "statements.void", "records.keys"
SEE = "records.see"  # of persons, who read the record on its pages
STATE_READ, STATE_WRITE, TERMS = "state.read", "state.write", "terms.read"
ACTIVITIES_READ, ACTIVITIES_WRITE = "profiles.activities.read", "profiles.activities.write"
AGENTS_READ, AGENTS_WRITE = "profiles.agents.read", "profiles.agents.write"
LAUNCH = "launch"  # the authority of whatever a launched unit says

_STATE: Mapping[str, Reach] = {STATE_READ: EVERYWHERE, STATE_WRITE: EVERYWHERE}
_ACTIVITIES: Mapping[str, Reach] = {ACTIVITIES_READ: EVERYWHERE, ACTIVITIES_WRITE: EVERYWHERE}
_AGENTS: Mapping[str, Reach] = {AGENTS_READ: EVERYWHERE, AGENTS_WRITE: EVERYWHERE}
_READING = (READ, STATE_READ, ACTIVITIES_READ, AGENTS_READ, TERMS)
SCOPES: Mapping[str, Mapping[str, Reach]] = {
    "statements/read": {READ: EVERYWHERE, TERMS: EVERYWHERE},
    "statements/read/mine": {READ: OWN},
    "statements/write": {WRITE: EVERYWHERE},
    "state": _STATE,
    "activities_profile": _ACTIVITIES,
    "agents_profile": _AGENTS,
    "all/read": dict.fromkeys(_READING, EVERYWHERE),
    "all": {
        **dict.fromkeys(_READING, EVERYWHERE),
        **_STATE,
        **_ACTIVITIES,
        **_AGENTS,
        WRITE: EVERYWHERE,
        VOID: EVERYWHERE,
    },
}
# each within the bounds of the launch: rules/launches.py
OF_A_LAUNCH: Mapping[str, Reach] = dict.fromkeys(
    (READ, WRITE, STATE_READ, STATE_WRITE, ACTIVITIES_READ, ACTIVITIES_WRITE, AGENTS_READ, AGENTS_WRITE, TERMS), OWN
)


@dataclass(frozen=True, slots=True)
class Launched(Actor):
    """A unit that was launched for a person, within its bounds."""

    bounds: Bounds = field(kw_only=True)


def powers(scopes: Iterable[str]) -> dict[str, Reach]:
    """The powers that some scopes give together; an unknown scope gives none."""
    found: dict[str, Reach] = {}
    for scope in scopes:
        for permission, reach in SCOPES.get(scope, {}).items():
            found[permission] = found.get(permission, NOWHERE) | reach
    return found


def sender(actor: Actor) -> str:
    """The account name that stands as the authority of what an actor sends."""
    return LAUNCH if isinstance(actor, Launched) else actor.account_name


def only_own(actor: Actor) -> str | None:
    """Whose statements alone the actor may read, by the identifier of their authority; None where all."""
    return None if actor.reach(READ).everywhere else identifier(account(actor.account_name))


def may_void(actor: Actor) -> bool:
    """Whether the actor may withdraw statements (row E4)."""
    return actor.may(VOID) and not isinstance(actor, Launched)


def may_manage_keys(actor: Actor) -> bool:
    """Whether the actor may make and revoke keys."""
    return actor.may(KEYS)


def must_erase(actor: Actor) -> None:
    """Raise NotAllowed unless the actor may erase statements for good."""
    if not actor.may(ERASE):
        raise NotAllowed("Only an administrator erases what is on record: ask yours to do it.")


def must_launch(actor: Actor, account_name: str) -> None:
    """Raise NotAllowed unless the actor may open or end a launch for an account: the person's own, or the system."""
    own = actor.kind == "person" and actor.account_name == account_name
    if actor.kind != "system" and not own:
        raise NotAllowed("A unit is launched by the person who learns with it, and by nobody else.")


def must_touch(
    actor: Actor,
    kind: Kind,
    *,
    activity: str | None = None,
    agent: Mapping[str, Any] | None = None,
    registration: UUID | None = None,
) -> None:
    """Raise NotAllowed where a launched unit asks for a document or a thing that is not its own."""
    if isinstance(actor, Launched) and not may_touch(
        actor.bounds, kind, activity=activity, agent=agent, registration=registration
    ):
        raise NotAllowed("That belongs to another activity, person or registration than this launch.")
