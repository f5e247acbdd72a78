"""Statements about statements: found by what is said of those (xAPI Communication 2.1.3), and voiding (xAPI 2.3.2)."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import bindparam, delete, select, update

from lms.kernel.db import run
from lms.kernel.db.fresh import insert_returning, insert_unless_there
from lms.kernel.db.unit import dialect, line_here
from lms.xapi.actions import terms
from lms.xapi.actions.rows import Row, Worded
from lms.xapi.models import Carried, Inherited, Link, StatementId, StatementRow
from lms.xapi.rules import verbs
from lms.xapi.rules.agents import identifier
from lms.xapi.rules.errors import wrong
from lms.xapi.rules.facets import Kind, facets, target_of

MOST_HANGING = 2000  # statements about those of one batch, and about these
LONGEST_CHAIN = 50  # statements about statements about statements: beyond that nobody is found through them
Said = Mapping[str, Any]
_ids: Any = StatementId.__table__
_rows: Any = StatementRow.__table__
_PAYLOAD = select(_rows.c.payload).join(_ids, _ids.c.seq == _rows.c.seq).where(_ids.c.id == bindparam("of"))
_NUMBERED = select(_rows.c.payload).where(_rows.c.seq == bindparam("seq"))
_WAITING = {
    "sqlite": "select target, seq from xapi_reference where target in (select value from json_each(?))",
    "postgresql": "select target, seq from xapi_reference where target = any($1::uuid[])",
}
_RELEASE = delete(_ids).where(_ids.c.id == bindparam("which"), _ids.c.seq == bindparam("held_by"))
_VOID = (
    update(_rows)
    .where(_rows.c.seq == select(_ids.c.seq).where(_ids.c.id == bindparam("target")).scalar_subquery())
    .where(_rows.c.voided_by.is_(None))
    .values(voided_by=bindparam("by"))
)
_gone: Any = Carried.__table__
_GONE = _gone.c.seq == select(_ids.c.seq).where(_ids.c.id == bindparam("target")).scalar_subquery()
_GONE_VERB = select(_gone.c.verb).where(_GONE)
_VOID_GONE = update(_gone).where(_GONE, _gone.c.voided_by.is_(None)).values(voided_by=bindparam("by"))
NOT_VOIDABLE = "is {target}, which voids another statement: such a one cannot be voided."


def connect(stored: Sequence[Worded], chosen: Iterable[UUID]) -> set[UUID]:
    """Let statements be found by what they refer to; `chosen` are the ids that others may have referred to before.

    Returns the ids of which something was said already, or in this batch: some of them may be voided by that.
    Raises Malformed where a voiding statement is to be voided, or where too many statements hang on one another.
    """
    spoken_of = set()
    for worded in stored:
        target = worded.names.target
        if target is not None:
            _meet(worded, target)
            spoken_of.add(target)
    voiding = {worded.id for worded in stored if worded.names.verb == verbs.VOIDED}
    return spoken_of | _come(list(chosen), voiding)


def is_voiding(statement: Said) -> bool:
    """Whether a statement withdraws another one."""
    return bool(statement["verb"]["id"] == verbs.VOIDED)


def _meet(worded: Worded, target: UUID) -> None:
    """A statement refers to another one, which may be there or on its way."""
    payload = _payload(target)
    if payload is None and dialect() == "postgresql":
        _wait_for_it(target, worded.seq)
        payload = _payload(target)
    if payload is None:
        _meet_erased(worded, target)
        return
    if is_voiding(worded.statement):
        if is_voiding(payload):
            raise wrong("/object/id", NOT_VOIDABLE.format(target=target))
        if not run(_VOID, {"target": target, "by": worded.id}).rowcount:  # perhaps it was being erased just now
            run(_VOID_GONE, {"target": target, "by": worded.id})
    inherit(worded.seq, worded.statement)


def _meet_erased(worded: Worded, target: UUID) -> None:
    """A statement voids another one that was erased: what was carried forward of it is withdrawn."""
    if not is_voiding(worded.statement):
        return
    if run(_GONE_VERB, {"target": target}).scalar() == verbs.VOIDED:
        raise wrong("/object/id", NOT_VOIDABLE.format(target=target))
    run(_VOID_GONE, {"target": target, "by": worded.id})


def _wait_for_it(target: UUID, seq: int) -> None:
    """Let whoever is storing the target end first: taking its id for a moment, we meet."""
    if run(insert_returning(StatementId.seq), {"id": target, "seq": seq}).scalar() is not None:
        run(_RELEASE, {"which": target, "held_by": seq})


def _come(ids: Sequence[UUID], voiding: Collection[UUID]) -> set[UUID]:
    """Statements have come that earlier ones refer to, or refer to others that do; returns those spoken of.

    `voiding` are those of them that withdraw another one: what was to withdraw these comes to nothing.
    """
    spoken_of: set[UUID] = set()
    met: set[int] = set()
    waiting = list(ids)
    while waiting:
        arrived = _waiting(waiting)
        spoken_of |= {target for target, _ in arrived}
        waiting = []
        for target, seq in arrived:
            text = run(_NUMBERED, {"seq": seq}).scalar() if seq not in met else None
            if text is None:
                continue
            met.add(seq)
            if len(met) > MOST_HANGING:
                raise wrong("", f"has more than {MOST_HANGING} statements hanging on it: send them apart.")
            statement = json.loads(text)
            if is_voiding(statement) and target not in voiding:
                run(_VOID, {"target": target, "by": UUID(statement["id"])})
            inherit(seq, statement)
            waiting.append(UUID(statement["id"]))
    return spoken_of


def _waiting(ids: Sequence[UUID]) -> list[tuple[UUID, int]]:
    """The statements that refer to some others, each with the one it refers to."""
    kind, texts = dialect(), [id.hex for id in ids]
    asked = orjson.dumps(texts).decode() if kind == "sqlite" else f"{{{','.join(texts)}}}"
    rows = line_here().fetch(_WAITING[kind], [asked])
    return [(UUID(str(target)), seq) for target, seq in rows]


def inherit(seq: int, statement: Said) -> None:
    """Find a statement by everything that the ones it refers to are found by."""
    keys, registrations = inherited(statement)
    links = [{"kind": int(kind), "key": key, "seq": seq} for kind, key in sorted(keys)]
    if links:
        run(insert_unless_there(Link), links)
    rows: list[Row] = [{"registration": UUID(text), "seq": seq} for text in sorted(registrations)]
    if rows:
        run(insert_unless_there(Inherited), rows)


def inherited(statement: Said) -> tuple[set[tuple[Kind, int]], set[str]]:
    """What a statement is found by because of those that it refers to: keys, and registrations not its own."""
    chain = list(_chain(statement))
    own = statement.get("context", {}).get("registration")
    registrations = {said["context"]["registration"] for said in chain if "registration" in said.get("context", {})}
    return _keys(chain), registrations - {own}


def referring(ids: Iterable[UUID]) -> dict[int, Said]:
    """The statements that refer to some others, or to one that does, by their numbers."""
    found: dict[int, Said] = {}
    waiting = list(ids)
    while waiting:
        numbers = [seq for _, seq in _waiting(waiting) if seq not in found]
        texts = {seq: run(_NUMBERED, {"seq": seq}).scalar() for seq in numbers}
        new = {seq: json.loads(text) for seq, text in texts.items() if text is not None}
        found |= new
        waiting = [UUID(said["id"]) for said in new.values()]
    return found


def _chain(statement: Said) -> Iterator[Said]:
    """The statements that a statement refers to, the nearest first."""
    met: set[str] = set()
    target = target_of(statement)
    while target is not None and target not in met and len(met) < LONGEST_CHAIN:
        met.add(target)
        said = _payload(UUID(target))
        if said is None:
            return
        yield said
        target = target_of(said)


def _keys(chain: Sequence[Said]) -> set[tuple[Kind, int]]:
    """What statements are found by, to be shared with one that refers to them."""
    keys: set[tuple[Kind, int]] = set()
    for said in chain:
        found, thing = facets(said), said["object"]
        keys |= {(Kind.AGENT, key) for key in _of_agents([said["actor"], *found.agents])}
        keys |= {(Kind.RELATED_AGENT, key) for key in _of_agents([said["authority"], *found.related_agents])}
        keys |= {(Kind.RELATED_ACTIVITY, terms.activity_key(other["id"])) for other in found.related_activities}
        keys.add((Kind.VERB, terms.verb_key(said["verb"]["id"])))
        if thing.get("objectType", "Activity") == "Activity":
            keys.add((Kind.ACTIVITY, terms.activity_key(thing["id"])))
    return keys


def _of_agents(agents: Iterable[Said]) -> set[int]:
    named = {identifier(agent): agent for agent in agents}
    keys = terms.agent_keys(named, anew=True)
    return {keys[name] for name in named}


def _payload(statement_id: UUID) -> Said | None:
    text = run(_PAYLOAD, {"of": statement_id}).scalar()
    if text is None:
        return None
    payload: Said = json.loads(text)
    return payload
