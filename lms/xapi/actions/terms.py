"""Short keys for agents, verbs and activities: remembered by each worker, added by whoever meets them first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BigInteger, bindparam, event, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, SessionTransaction

from lms.kernel import strict_json
from lms.kernel.db import memory, run
from lms.kernel.db.fresh import insert_unless_there
from lms.kernel.db.prepared import Among, Prepared
from lms.kernel.db.session import CadreSession
from lms.kernel.db.unit import Notes, dialect, notes, when_kept
from lms.xapi.models import Activity, Agent, Verb
from lms.xapi.rules.agents import identifier

Kept = dict[str, dict[str, int]]
_FIRST_USE = 7_012_031  # the lock that those who add verbs and activities, or say more of one, take in turn
_MOST = 5000  # keys of a kind that a worker remembers: about a megabyte
_MEMORY = "xapi.terms"


_TURN = Prepared(select(func.pg_advisory_xact_lock(bindparam("which", type_=BigInteger))))


def _kinds() -> Kept:
    return {"agent": {}, "verb": {}, "activity": {}}


@dataclass(slots=True)
class Known:
    """What the present transaction has learnt of the store: it is forgotten with the transaction."""

    keys: Kept = field(default_factory=_kinds)
    said: dict[str, int] = field(default_factory=dict)  # what was said last of activities (definitions.py)
    is_whole: bool = True  # no savepoint was undone: what is not known here was written by others


def known() -> Known:
    """What the present transaction knows."""
    return known_in(notes())


def known_in(noted: Notes) -> Known:
    """What a transaction knows by its notes."""
    found: Known | None = noted.get(_MEMORY)
    if found is None:
        found = noted[_MEMORY] = Known()
    return found


def forget() -> None:
    """Remember no keys any more: the database has been exchanged or emptied, or somebody was erased."""
    memory.forget(_MEMORY)
    if _MEMORY in notes():
        notes()[_MEMORY] = Known(is_whole=False)  # some of what is found from now on may be our own


def agent_key(agent: Mapping[str, Any]) -> int:
    """The short key of an agent or group, who is not erased until the transaction ends."""
    text = identifier(agent)
    found = _HELD_AGENT.first(text=text)
    if found is None:
        _add("agent", [{"ifi": text, "payload": strict_json.write(agent)}])
        found = _HELD_AGENT.first(text=text)
    return int(found.id)


def agent_keys(agents: Mapping[str, Mapping[str, Any]], *, anew: bool = False) -> Mapping[str, int]:
    """The short keys of agents and groups by their identifiers.

    A worker may remember the key of somebody who was erased since: whoever stores it looks whether it is there still
    (shelving.py), or asks for it `anew`.
    """
    return _resolve("agent", agents, lambda text: {"ifi": text, "payload": strict_json.write(agents[text])}, anew=anew)


def verb_keys(iris: Iterable[str]) -> Mapping[str, int]:
    """The short keys of verbs."""
    return _resolve("verb", dict.fromkeys(iris), lambda text: {"iri": text})


def verb_key(iri: str) -> int:
    """The short key of a verb."""
    return verb_keys((iri,))[iri]


def activity_key(iri: str) -> int:
    """The short key of an activity."""
    return activity_keys((iri,))[iri]


def activity_keys(iris: Iterable[str]) -> Mapping[str, int]:
    """The short keys of activities; what they are is said with `definitions.learn`."""
    return _resolve("activity", dict.fromkeys(iris), lambda text: {"iri": text, "definition": "{}"})


@dataclass(frozen=True, slots=True)
class _Terms:
    """A table of terms and how it is read: one text, which is the usual case, or many."""

    model: type[Agent | Verb | Activity]
    one: Prepared
    many: Among


def _terms(model: type[Agent | Verb | Activity], text: InstrumentedAttribute[str]) -> _Terms:
    column, id = model.__table__.c[text.key], model.__table__.c.id
    found = select(column.label("text"), id)
    return _Terms(model, Prepared(found.where(column == bindparam("text"))), Among(found, column))


_TERMS: Mapping[str, _Terms] = {
    "agent": _terms(Agent, Agent.ifi),
    "verb": _terms(Verb, Verb.iri),
    "activity": _terms(Activity, Activity.iri),
}
_HELD_AGENT = Prepared(
    select(Agent.__table__.c.id)
    .where(Agent.__table__.c.ifi == bindparam("text"))
    .with_for_update(read=True, key_share=True)
)


def _resolve(
    kind: str, texts: Mapping[str, Any], row: Callable[[str], dict[str, Any]], *, anew: bool = False
) -> Mapping[str, int]:
    """The keys of some texts, all of which are known afterwards."""
    remembered = {} if anew else _remembered()[kind]
    if texts.keys() <= remembered.keys():
        return remembered
    keys = known().keys[kind]
    missing = sorted(text for text in texts if text not in keys and text not in remembered)
    found = _look_up(kind, missing)
    if known().is_whole:
        _remember(kind, found)  # whoever wrote these has ended: what is our own is known already
    keys.update(found)
    new = [text for text in missing if text not in found]
    if new:
        _add(kind, [row(text) for text in new])
        keys.update(_look_up(kind, new))
    return {text: keys[text] if text in keys else remembered[text] for text in texts}


def _remembered() -> Kept:
    return memory.memory(_MEMORY, _kinds)


def _remember(kind: str, found: Mapping[str, int]) -> None:
    remembered = _remembered()
    if len(remembered[kind]) + len(found) > _MOST:
        remembered[kind] = {}  # another thread may still be reading the old ones
    remembered[kind].update(found)


def _look_up(kind: str, texts: list[str]) -> dict[str, int]:
    terms = _TERMS[kind]
    rows = terms.one.all(text=texts[0]) if len(texts) == 1 else terms.many.all(texts) if texts else []
    return {row.text: row.id for row in rows}


def _add(kind: str, rows: list[dict[str, Any]]) -> None:
    """Add what is new. Verbs and activities are everybody's: adding them in turn, no two wait for each other."""
    if kind != "agent":
        in_turn()
    run(insert_unless_there(_TERMS[kind].model), rows)


def in_turn() -> None:
    """Let those who change what is everybody's go one after the other until they have ended."""
    if dialect() == "postgresql":
        _TURN.first(which=_FIRST_USE)


@event.listens_for(CadreSession, "after_soft_rollback")
def _undone(session: Session, transaction: SessionTransaction) -> None:
    if _MEMORY in notes():
        notes()[_MEMORY] = Known(is_whole=False)  # also after a savepoint: what it added is gone


@when_kept
def _kept(noted: Notes) -> None:
    """Remember the keys of what was added once it is kept."""
    known = known_in(noted)
    if known.is_whole:
        for kind, keys in known.keys.items():
            if keys:
                _remember(kind, keys)
