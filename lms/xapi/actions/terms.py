"""Short keys for agents, verbs and activities: looked up once a transaction, added by whoever meets them first."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, event, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, SessionTransaction

from lms.kernel.db import db, run
from lms.kernel.db.fresh import dialect, insert_unless_there
from lms.kernel.db.session import CadreSession
from lms.xapi.models import Activity, Agent, Verb
from lms.xapi.rules.agents import identifier

_FIRST_USE = 7_012_031  # the lock that those who add verbs and activities take in turn
_MANY = 500


@dataclass(slots=True)
class Known:
    """What the present transaction has already learnt of the store: it is forgotten with the transaction."""

    keys: dict[str, dict[str, int]] = field(default_factory=lambda: {"agent": {}, "verb": {}, "activity": {}})
    last_stored: datetime | None = None


def known() -> Known:
    """What the present transaction knows."""
    found: Known | None = db.session.info.get("xapi")
    if found is None:
        found = db.session.info["xapi"] = Known()
    return found


def agent_key(agent: Mapping[str, Any]) -> int:
    """The short key of an agent or group."""
    text = identifier(agent)
    found = known().keys["agent"].get(text)
    return found if found is not None else _resolve("agent", {text: _agent_row(text, agent)})[text]


def verb_key(iri: str) -> int:
    """The short key of a verb."""
    found = known().keys["verb"].get(iri)
    return found if found is not None else _resolve("verb", {iri: {"iri": iri}})[iri]


def activity_key(activity: Mapping[str, Any]) -> int:
    """The short key of an activity."""
    iri = activity["id"]
    found = known().keys["activity"].get(iri)
    return found if found is not None else _resolve("activity", {iri: _activity_row(activity)})[iri]


def learn(statements: Iterable[Mapping[str, Any]]) -> None:
    """Look up, and add where they are new, all keys of a batch, in one order for everybody."""
    rows: dict[str, dict[str, dict[str, Any]]] = {"agent": {}, "verb": {}, "activity": {}}
    for statement in statements:
        for agent in (statement["actor"], statement["authority"]):
            text = identifier(agent)
            rows["agent"].setdefault(text, _agent_row(text, agent))
        iri = statement["verb"]["id"]
        rows["verb"][iri] = {"iri": iri}
        thing = statement["object"]
        if is_activity(thing):
            rows["activity"].setdefault(thing["id"], _activity_row(thing))
    for kind, wanted in rows.items():
        _resolve(kind, wanted)


def is_activity(thing: Mapping[str, Any]) -> bool:
    """Whether a statement's object is an activity."""
    return bool(thing.get("objectType", "Activity") == "Activity")


@dataclass(frozen=True, slots=True)
class _Terms:
    """A table of terms and how it is read: one text, which is the usual case, or many."""

    model: type[Agent | Verb | Activity]
    one: Select[str, int]
    many: Select[str, int]


def _terms(model: type[Agent | Verb | Activity], text: InstrumentedAttribute[str]) -> _Terms:
    column, id = model.__table__.c[text.key], model.__table__.c.id
    found = select(column, id)
    return _Terms(
        model,
        found.where(column == bindparam("text")),
        found.where(column.in_(bindparam("texts", expanding=True))),
    )


_TERMS: Mapping[str, _Terms] = {
    "agent": _terms(Agent, Agent.ifi),
    "verb": _terms(Verb, Verb.iri),
    "activity": _terms(Activity, Activity.iri),
}


def _resolve(kind: str, rows: Mapping[str, dict[str, Any]]) -> dict[str, int]:
    """The keys of some texts, all of which are known afterwards."""
    keys = known().keys[kind]
    missing = sorted(rows.keys() - keys.keys())
    _look_up(kind, missing, keys)
    new = [text for text in missing if text not in keys]
    if new:
        _add(kind, [rows[text] for text in new])
        _look_up(kind, new, keys)
    return keys


def _look_up(kind: str, texts: list[str], keys: dict[str, int]) -> None:
    terms = _TERMS[kind]
    if len(texts) == 1:
        keys.update(run(terms.one, {"text": texts[0]}).tuples().all())
        return
    for start in range(0, len(texts), _MANY):
        part = texts[start : start + _MANY]
        keys.update(run(terms.many, {"texts": part}).tuples().all())


def _add(kind: str, rows: list[dict[str, Any]]) -> None:
    """Add what is new. Verbs and activities are everybody's: adding them in turn, no two wait for each other."""
    if kind != "agent" and dialect() == "postgresql":
        run(select(func.pg_advisory_xact_lock(_FIRST_USE)))
    run(insert_unless_there(_TERMS[kind].model), rows)


def _agent_row(text: str, agent: Mapping[str, Any]) -> dict[str, Any]:
    return {"ifi": text, "payload": json.dumps(agent, ensure_ascii=False, separators=(",", ":"))}


def _activity_row(activity: Mapping[str, Any]) -> dict[str, Any]:
    definition = json.dumps(activity.get("definition", {}), ensure_ascii=False, separators=(",", ":"))
    return {"iri": activity["id"], "definition": definition}


@event.listens_for(CadreSession, "after_soft_rollback")
def _undone(session: Session, transaction: SessionTransaction) -> None:
    session.info.pop("xapi", None)  # also after a savepoint: what it added is gone


@event.listens_for(CadreSession, "after_transaction_end")
def _over(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop("xapi", None)
