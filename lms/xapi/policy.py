"""What a key to the record opens: scopes, and the powers they give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lms.kernel.actor import EVERYWHERE, NOWHERE, OWN, Actor, Reach

READ, WRITE, VOID, KEYS = "statements.read", "statements.write", "statements.void", "records.keys"

SCOPES: Mapping[str, Mapping[str, Reach]] = {
    "statements/read": {READ: EVERYWHERE},
    "statements/read/mine": {READ: OWN},
    "statements/write": {WRITE: EVERYWHERE},
    "all/read": {READ: EVERYWHERE},
    "all": {READ: EVERYWHERE, WRITE: EVERYWHERE, VOID: EVERYWHERE},
}


def powers(scopes: Iterable[str]) -> dict[str, Reach]:
    """The powers that some scopes give together; an unknown scope gives none."""
    found: dict[str, Reach] = {}
    for scope in scopes:
        for permission, reach in SCOPES.get(scope, {}).items():
            found[permission] = found.get(permission, NOWHERE) | reach
    return found


def may_void(actor: Actor) -> bool:
    """Whether the actor may withdraw statements (row E4)."""
    return actor.may(VOID)


def may_manage_keys(actor: Actor) -> bool:
    """Whether the actor may make and revoke keys."""
    return actor.may(KEYS)
