"""Facts as they stand in the tables: of a statement that is there, and of one that was carried forward when it went."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select

from lms.kernel.db import run
from lms.xapi.models import Agent
from lms.xapi.rules.agents import OWN_ENDING
from lms.xapi.rules.carrying import restored
from lms.xapi.rules.facts import Fact

_OWN = select(Agent.id).where(Agent.ifi.endswith(OWN_ENDING, autoescape=True))


def own_authorities() -> frozenset[int]:
    """The keys of the agents in whose name this installation itself speaks."""
    return frozenset(run(_OWN).scalars())


def of_statement(row: Any, *, own: bool) -> Fact:
    """The fact of a statement's row; `own` where its authority is this installation."""
    said = json.loads(row.payload)
    thing = said["object"]
    is_activity = thing.get("objectType", "Activity") == "Activity"
    return _fact(row, said, verb=said["verb"]["id"], object_iri=thing["id"] if is_activity else "", own=own)


def of_carried(row: Any) -> Fact:
    """The fact of a statement that was erased, as far as it was carried forward."""
    said = restored(json.loads(row.essence), row.verb, row.object_iri)
    return _fact(row, said, verb=row.verb, object_iri=row.object_iri, own=row.own)


def _fact(row: Any, said: dict[str, Any], *, verb: str, object_iri: str, own: bool) -> Fact:
    return Fact(
        seq=row.seq,
        id=row.id,
        verb=verb,
        object_iri=object_iri,
        timestamp=row.timestamp,
        stored=row.stored,
        registration=row.registration,
        person_id=row.person_id,
        agency_id=row.agency_id,
        statement=said,
        own=own,
        withdrawn=row.voided_by is not None,
    )
