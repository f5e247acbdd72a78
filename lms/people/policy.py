"""What each role may do, how far it reaches, and who may change that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from lms.kernel.actor import EVERYWHERE, NOWHERE, OWN, Actor, Reach
from lms.kernel.errors import NotAllowed

LEARNER, ADMINISTRATOR, AUDITOR = "learner", "administrator", "auditor"
ERASE = "privacy.erase"
How = Literal["own", "agency", "everywhere"]

_EVERYBODY: dict[str, How] = {"record.see": "own", "catalogue.see": "everywhere"}
_LEARNER: dict[str, How] = {**_EVERYBODY, "learning.take": "own"}
_REPORTS: dict[str, How] = {
    "coverage.see": "agency",
    "coverage.export": "agency",
    "people.see": "agency",
    "evidence.see": "agency",
}
POWERS: Mapping[str, Mapping[str, How]] = MappingProxyType(
    {
        LEARNER: _LEARNER,
        "line_manager": {**_LEARNER, "coverage.see": "agency", "people.see": "agency", "profiles.verify": "agency"},
        "hr_officer": {**_LEARNER, **_REPORTS, "exemptions.decide": "agency", "requirements.manage": "agency"},
        "trainer": {
            **_LEARNER,
            "courses.author": "agency",
            "courses.see_drafts": "agency",
            "profiles.verify": "agency",
        },
        AUDITOR: {
            **_EVERYBODY,
            **_REPORTS,
            "courses.see_drafts": "agency",
            "audit.see": "agency",
            "records.see": "everywhere",
        },
        ADMINISTRATOR: {
            **_LEARNER,
            **dict.fromkeys(_REPORTS, "everywhere"),
            "courses.author": "everywhere",
            "courses.see_drafts": "everywhere",
            "exemptions.decide": "everywhere",
            "requirements.manage": "everywhere",
            "profiles.verify": "everywhere",
            "people.manage": "everywhere",
            "agencies.manage": "everywhere",
            "records.see": "everywhere",
            "records.keys": "everywhere",
            "records.recognise": "everywhere",
            "audit.see": "everywhere",
            "privacy.erase": "everywhere",
        },
    }
)
ROLES = tuple(POWERS)
SCOPED = frozenset(role for role, powers in POWERS.items() if "agency" in powers.values())
READING = frozenset(POWERS[AUDITOR])


@dataclass(frozen=True, slots=True)
class Grant:
    """A role, and the agency whose subtree it reaches over."""

    role: str
    agency_id: int | None = None


def powers_of(grants: Iterable[Grant]) -> Mapping[str, Reach]:
    """What some grants allow together; without any, what a learner may.

    Whoever audits only reads, whatever else was granted: an auditor who could act would audit himself.
    """
    held = list(grants) or [Grant(LEARNER)]
    powers: dict[str, Reach] = {}
    for grant in held:
        for permission, how in POWERS[grant.role].items():
            powers[permission] = powers.get(permission, NOWHERE) | _reach(how, grant.agency_id)
    if any(grant.role == AUDITOR for grant in held):
        powers = {permission: reach for permission, reach in powers.items() if permission in READING}
    return powers


def roles_of(grants: Iterable[Grant]) -> frozenset[str]:
    """The names of the roles that some grants give."""
    return frozenset(grant.role for grant in grants) or frozenset({LEARNER})


def must_manage(actor: Actor) -> None:
    """Raise NotAllowed unless the actor may change persons, assignments and accounts."""
    if not actor.may("people.manage"):
        raise NotAllowed("Only an administrator changes people and accounts: ask yours to do it.")


def must_grant_to(actor: Actor, person_id: int) -> None:
    """Raise NotAllowed unless the actor may change a person's roles; nobody changes his own (row B6)."""
    must_manage(actor)
    if actor.person_id == person_id:
        raise NotAllowed("Nobody changes his own roles: ask another administrator to do it.")


def must_erase(actor: Actor, person_id: int) -> None:
    """Raise NotAllowed unless the actor may erase a person for good; nobody erases himself."""
    if not actor.may(ERASE):
        raise NotAllowed("Only an administrator erases a person: ask yours to do it.")
    if actor.person_id == person_id:
        raise NotAllowed("Nobody erases himself: ask another administrator to do it.")


def _reach(how: How, agency_id: int | None) -> Reach:
    if how == "own":
        return OWN
    if how == "everywhere":
        return EVERYWHERE
    return Reach(agencies=frozenset() if agency_id is None else frozenset({agency_id}))
