"""What stands beside the texts of statements held against the texts, which alone are sealed.

Whose act it was here, and at which agency, does not stand in the text: that cannot be told from it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import BigInteger, bindparam, select
from sqlalchemy.orm import aliased

from lms.kernel.db import run
from lms.xapi.models import Activity, Agent, Carried, StatementId, StatementRow, Verb
from lms.xapi.rules import moments, verbs
from lms.xapi.rules.agents import identifier
from lms.xapi.rules.facets import target_of

_AT_ONCE = 1000
_MALFORMED = (LookupError, TypeError, ValueError, AttributeError, RecursionError)
_row, _authority = StatementRow, aliased(Agent)
_ROWS = (
    select(
        *(_row.seq, _row.id, _row.stored, _row.timestamp, _row.registration, _row.voided_by, _row.payload),
        Agent.ifi.label("actor"),
        _authority.ifi.label("authority"),
        Verb.iri.label("verb"),
        Activity.iri.label("activity"),
        _row.activity_id.is_(None).label("has_no_activity"),
        StatementId.seq.label("pointed"),
    )
    .outerjoin(Agent, Agent.id == _row.actor_id)
    .outerjoin(_authority, _authority.id == _row.authority_id)
    .outerjoin(Verb, Verb.id == _row.verb_id)
    .outerjoin(Activity, Activity.id == _row.activity_id)
    .outerjoin(StatementId, StatementId.id == _row.id)
    .where(_row.seq > bindparam("last", type_=BigInteger), _row.seq <= bindparam("newest", type_=BigInteger))
    .order_by(_row.seq)
    .limit(_AT_ONCE)
)
Said = Mapping[str, Any]


def contradictions(newest: int) -> Iterator[tuple[int, str]]:
    """The numbers of statements up to one whose columns say something else than their text, and what it is."""
    last = -1
    while rows := run(_ROWS, {"last": last, "newest": newest}).all():
        said = [(row, _read(row.payload)) for row in rows]
        others = _named([id for row, text in said for id in _about(row, text)])
        for row, text in said:
            for why in _contradicting(row, text, others):
                yield row.seq, f"changed: {why}"
        last = rows[-1].seq


@dataclass(frozen=True, slots=True)
class _Other:
    """A statement that another one names: kept, carried forward, or gone, and then its verb is None."""

    verb: str | None
    target: str | None
    is_kept: bool
    is_voided: bool

    def voids(self, id: UUID) -> bool:
        """Whether it voids a statement; of one that is gone nothing shows that it did not."""
        if self.verb is None:
            return True
        return self.verb == verbs.VOIDED and self.target is not None and UUID(self.target) == id


def _read(payload: str) -> Said:
    """A text that nobody can read says nothing: the seal shows that it was changed."""
    try:
        said = _parsed(payload)
    except _MALFORMED:
        return {}
    return said if isinstance(said, dict) else {}


def _parsed(payload: str) -> Any:
    try:
        return orjson.loads(payload)
    except ValueError:  # numbers of any size and the like
        return json.loads(payload)


def _about(row: Any, said: Said) -> Iterator[UUID]:
    """The statements that must be looked at for this one."""
    if row.voided_by is not None:
        yield row.voided_by
    target = _voided(said)
    if target is not None:
        yield target


def _voided(said: Said) -> UUID | None:
    """The statement that this one voids."""
    try:
        target = target_of(said) if said["verb"]["id"] == verbs.VOIDED else None
        return UUID(target) if target is not None else None
    except _MALFORMED:
        return None


def _named(ids: Collection[UUID]) -> dict[UUID, _Other]:
    """What some ids stand for."""
    found: dict[UUID, _Other] = {}
    wanted = list(set(ids))
    for start in range(0, len(wanted), _AT_ONCE):
        rows = (
            select(
                *(StatementId.id, _row.payload, _row.voided_by),
                *(Carried.verb, Carried.essence, Carried.voided_by.label("carried_voided_by")),
            )
            .outerjoin(_row, _row.seq == StatementId.seq)
            .outerjoin(Carried, Carried.seq == StatementId.seq)
            .where(StatementId.id.in_(wanted[start : start + _AT_ONCE]))
        )
        found |= {row.id: _other(row) for row in run(rows)}
    return found


def _other(row: Any) -> _Other:
    if row.payload is None:
        target = _read(row.essence or "").get("object", {}).get("id")
        return _Other(row.verb, target, False, row.carried_voided_by is not None)
    said = _read(row.payload)
    try:
        return _Other(said["verb"]["id"], target_of(said), True, row.voided_by is not None)
    except _MALFORMED:
        return _Other("", None, True, row.voided_by is not None)


def _contradicting(row: Any, said: Said, others: Mapping[UUID, _Other]) -> Sequence[str]:
    if not said:
        return ()
    try:
        return [*_columns(row, said), *_voiding(row, said, others)]
    except _MALFORMED as error:
        return [f"its text cannot be read as a statement ({error})"]


def _columns(row: Any, said: Said) -> Iterator[str]:
    """The columns that are not what the text says."""
    thing = said["object"]
    registration = said.get("context", {}).get("registration")
    told = {
        "id": row.id == UUID(said["id"]),
        "stored": row.stored == moments.read(said["stored"], zone_needed=True),
        "timestamp": row.timestamp == moments.read(said["timestamp"], zone_needed=False),
        "registration": row.registration == (UUID(registration) if registration is not None else None),
        "actor_id": row.actor == identifier(said["actor"]),
        "verb_id": row.verb == said["verb"]["id"],
        "activity_id": row.has_no_activity
        if thing.get("objectType", "Activity") != "Activity"
        else row.activity == thing["id"],
        "authority_id": row.authority == identifier(said["authority"]),
    }
    for name, is_so in told.items():
        if not is_so:
            yield f"its column {name} is not what its text says"
    if row.pointed != row.seq:
        where = "to nothing" if row.pointed is None else f"to row {row.pointed}"
        yield f"its id {row.id} leads {where} instead of here"


def _voiding(row: Any, said: Said, others: Mapping[UUID, _Other]) -> Iterator[str]:
    """Whether it is withdrawn by what withdraws it, and what it withdraws is."""
    if row.voided_by is not None:
        other = others.get(row.voided_by)
        if other is None or not other.voids(row.id):
            yield f"its column voided_by names {row.voided_by}, which does not void it"
    target = _voided(said)
    voided = others.get(target) if target is not None else None
    if voided is not None and voided.verb not in (None, verbs.VOIDED) and not voided.is_voided:
        yield f"it voids {target}, which is not marked as voided"
