"""The one road: store a statement and, in the same transaction, let every projector see it in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lms.kernel import clock, ids, strict_json
from lms.kernel.db import run
from lms.kernel.db.fresh import insert_returning
from lms.xapi import statements
from lms.xapi.actions import terms
from lms.xapi.models import StatementRow
from lms.xapi.rules.facts import Draft, Fact, Projector, Stamp

STEP_BACK = timedelta(minutes=5)  # how far a machine's clock is set back when it is put right
_NEWEST = select(StatementRow.stored).order_by(StatementRow.seq.desc()).limit(1)
_projectors: tuple[Projector, ...] = ()


def set_projectors(projectors: Iterable[Projector]) -> None:
    """Fix who sees each statement and in which order; called once, by the factory."""
    global _projectors
    _projectors = tuple(projectors)


def projectors() -> tuple[Projector, ...]:
    """Who sees each statement, in order."""
    return _projectors


def record(draft: Draft) -> Fact:
    """Store what happened and let every projector see it, and then whatever follows from it."""
    fact = store(draft)
    show(fact)
    return fact


def show(fact: Fact) -> None:
    """Let every projector see a stored statement, and record what follows from it."""
    for projector in _projectors:
        projector.project(fact)
    consequences = [draft for projector in _projectors for draft in projector.follow(fact)]
    for consequence in consequences:
        record(consequence)


def store(draft: Draft) -> Fact:
    """Write one own statement."""
    stored = moment_of_storing()
    statement_id = ids.new()
    payload = statements.build(draft, statement_id=statement_id, stored=stored, authority=statements.own_authority())
    fact = insert_row(
        payload,
        statement_id=statement_id,
        stored=stored,
        happened=draft.timestamp or stored,
        registration=draft.registration,
        stamp=draft.stamp,
        own=True,
    )
    if fact is None:
        raise RuntimeError(f"The new id {statement_id} was taken already: the source of ids is broken.")
    return fact


def moment_of_storing() -> datetime:
    """When a statement is stored: now, and not before what was stored last, even if the machine's clock steps back.

    History that is lived again under a standing clock is stored at the moment it says.
    """
    if clock.stands():
        return clock.now()
    known = terms.known()
    if known.last_stored is None:
        known.last_stored = run(_NEWEST).scalar()
    now = clock.now()  # taken within the transaction: readers rely on that
    last = known.last_stored
    known.last_stored = last if last and now < last <= now + STEP_BACK else now
    return known.last_stored


def insert_row(
    payload: dict[str, Any],
    *,
    statement_id: UUID,
    stored: datetime,
    happened: datetime,
    registration: UUID | None,
    stamp: Stamp | None,
    own: bool,
) -> Fact | None:
    """Put a worded statement into the store beside what finds it again; None where its id is there already."""
    values = {
        "id": statement_id,
        "stored": stored,
        "timestamp": happened,
        "actor_id": terms.agent_key(payload["actor"]),
        "verb_id": terms.verb_key(payload["verb"]["id"]),
        "activity_id": terms.activity_key(payload["object"]) if terms.is_activity(payload["object"]) else None,
        "registration": registration,
        "authority_id": terms.agent_key(payload["authority"]),
        "person_id": stamp.person_id if stamp else None,
        "agency_id": stamp.agency_id if stamp else None,
        "payload": strict_json.write(payload),
    }
    seq = run(insert_returning(StatementRow.seq), values).scalar()
    return None if seq is None else fact_of(values | {"seq": seq, "own": own}, payload)


def fact_of(row: Mapping[str, Any], payload: Mapping[str, Any]) -> Fact:
    """A stored row as projectors see it."""
    thing = payload["object"]
    return Fact(
        seq=row["seq"],
        id=row["id"],
        verb=payload["verb"]["id"],
        object_iri=thing["id"] if terms.is_activity(thing) else "",
        timestamp=row["timestamp"],
        stored=row["stored"],
        registration=row["registration"],
        person_id=row["person_id"],
        agency_id=row["agency_id"],
        statement=payload,
        own=row["own"],
    )
