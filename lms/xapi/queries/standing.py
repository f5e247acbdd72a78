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
from sqlalchemy import BigInteger, String, bindparam, select, type_coerce

from lms.kernel.db import run
from lms.xapi.models import Activity, Agent, Carried, StatementId, StatementRow, Verb
from lms.xapi.rules import moments, verbs
from lms.xapi.rules.agents import identifier
from lms.xapi.rules.facets import target_of

_AT_ONCE = 1000
_MALFORMED = (LookupError, TypeError, ValueError, AttributeError, RecursionError)
_MOST = 5000  # texts of a kind that are remembered from one part to the next
_row = StatementRow
_NUMBERS = (_row.seq, _row.actor_id, _row.verb_id, _row.activity_id, _row.authority_id)
_ROWS = (
    select(
        *(*_NUMBERS, _row.stored, _row.timestamp, _row.payload),
        # as the driver gives them: making ids of them takes longer than all the rest
        *(type_coerce(column, String).label(column.key) for column in (_row.id, _row.registration, _row.voided_by)),
        StatementId.seq.label("pointed"),
    )
    .outerjoin(StatementId, StatementId.id == _row.id)
    .where(_row.seq > bindparam("last", type_=BigInteger), _row.seq <= bindparam("newest", type_=BigInteger))
    .order_by(_row.seq)
    .limit(_AT_ONCE)
)
_COLUMNS = ("id", "stored", "timestamp", "registration", "actor_id", "verb_id", "activity_id", "authority_id")
Said = Mapping[str, Any]


def contradictions(newest: int) -> Iterator[tuple[int, str]]:
    """The numbers of statements up to one whose columns say something else than their text, and what it is."""
    last, terms = -1, _Terms()
    while rows := run(_ROWS, {"last": last, "newest": newest}).all():
        terms.meet(rows)
        withdrawing: list[tuple[Any, UUID | None]] = []
        for row in rows:
            said = _read(row.payload)
            yield from ((row.seq, f"changed: {why}") for why in _columns(row, said, terms))
            target = _voided(said)
            if target is not None or row.voided_by is not None:
                withdrawing.append((row, target))
        yield from _withdrawals(withdrawing)
        last = rows[-1].seq


class _Terms:
    """The texts of agents, verbs and activities by their short keys, as far as they were met lately."""

    def __init__(self) -> None:
        self.agents, self.verbs, self.activities = dict[int, str](), dict[int, str](), dict[int, str]()
        self._shown: dict[int, Said] = {}

    def meet(self, rows: Sequence[Any]) -> None:
        """Look up what some statements are found by."""
        self._learn(self.agents, Agent.id, Agent.ifi, {key for row in rows for key in (row.actor_id, row.authority_id)})
        self._learn(self.verbs, Verb.id, Verb.iri, {row.verb_id for row in rows})
        self._learn(self.activities, Activity.id, Activity.iri, {row.activity_id for row in rows} - {None})

    def is_agent(self, key: int, agent: Said) -> bool:
        """Whether a key is that of an agent."""
        if self._shown.get(key) == agent:
            return True
        if self.agents.get(key) != identifier(agent):
            return False
        if len(self._shown) >= _MOST:
            self._shown.clear()
        self._shown[key] = agent
        return True

    @staticmethod
    def _learn(known: dict[int, str], key: Any, text: Any, wanted: set[int]) -> None:
        if len(known) + len(wanted) > _MOST:
            known.clear()
        missing = list(wanted - known.keys())
        for start in range(0, len(missing), _AT_ONCE):
            rows = run(select(key, text).where(key.in_(missing[start : start + _AT_ONCE])))
            known.update({row[0]: row[1] for row in rows})


@dataclass(frozen=True, slots=True)
class _Other:
    """A statement that another one names: kept, carried forward, or gone, and then its verb is None."""

    verb: str | None
    target: str | None
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
        return _Other(row.verb, target, row.carried_voided_by is not None)
    said = _read(row.payload)
    try:
        return _Other(said["verb"]["id"], target_of(said), row.voided_by is not None)
    except _MALFORMED:
        return _Other("", None, row.voided_by is not None)


def _columns(row: Any, said: Said, terms: _Terms) -> Iterator[str]:
    """What is beside the text and is not what it says."""
    if not said:
        return
    try:
        told = _told(row, said, terms)
        if not all(told):
            for name in (name for name, is_so in zip(_COLUMNS, told, strict=True) if not is_so):
                yield f"its column {name} is not what its text says"
    except _MALFORMED as error:
        yield f"its text cannot be read as a statement ({error})"
    if row.pointed != row.seq:
        where = "to nothing" if row.pointed is None else f"to row {row.pointed}"
        yield f"its id {UUID(_hex(row.id))} leads {where} instead of here"


def _told(row: Any, said: Said, terms: _Terms) -> Sequence[bool]:
    """Of each of the columns, whether it is what the text says."""
    thing = said["object"]
    is_activity = thing.get("objectType", "Activity") == "Activity"
    iri = terms.activities.get(row.activity_id, "") if row.activity_id is not None else None
    return (
        _hex(row.id) == _hex(said["id"]),
        bool(row.stored == moments.read(said["stored"], zone_needed=True)),
        bool(row.timestamp == moments.read(said["timestamp"], zone_needed=False)),
        _hex(row.registration) == _hex(said.get("context", {}).get("registration")),
        terms.is_agent(row.actor_id, said["actor"]),
        terms.verbs.get(row.verb_id) == said["verb"]["id"],
        iri == (thing["id"] if is_activity else None),
        terms.is_agent(row.authority_id, said["authority"]),
    )


def _hex(id: UUID | str | None) -> str:
    """An id in whatever form, in one."""
    if id is None:
        return ""
    return id.replace("-", "").lower() if isinstance(id, str) else id.hex


def _withdrawals(withdrawing: Sequence[tuple[Any, UUID | None]]) -> Iterator[tuple[int, str]]:
    """Whether statements are withdrawn by what withdraws them, and what they withdraw is."""
    marks = {row.seq: UUID(_hex(row.voided_by)) for row, _ in withdrawing if row.voided_by is not None}
    others = _named([*marks.values(), *(target for _, target in withdrawing if target is not None)])
    for row, target in withdrawing:
        by = marks.get(row.seq)
        other = others.get(by) if by is not None else None
        if by is not None and (other is None or not other.voids(UUID(_hex(row.id)))):
            yield row.seq, f"changed: its column voided_by names {by}, which does not void it"
        voided = others.get(target) if target is not None else None
        if voided is not None and voided.verb not in (None, verbs.VOIDED) and not voided.is_voided:
            yield row.seq, f"changed: it voids {target}, which is not marked as voided"
