"""What is known of activities and agents beyond single statements (xAPI Communication 2.4, 2.5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from lms.kernel import strict_json
from lms.kernel.actor import Actor
from lms.kernel.db import db
from lms.xapi.models.statements import Activity, Agent, StatementRow
from lms.xapi.policy import must_touch
from lms.xapi.rules import persons
from lms.xapi.rules.agents import identifier
from lms.xapi.rules.definitions import activity as shown
from lms.xapi.rules.sentences import named_by_others

_MANY = 500
_LATEST = 100  # statements that are looked at for the names somebody goes by


def definitions(iris: Iterable[str]) -> Mapping[str, dict[str, Any]]:
    """What activities are, from all that was said of them; those of which nothing is known are left out."""
    found: dict[str, dict[str, Any]] = {}
    named = sorted(set(iris))
    for start in range(0, len(named), _MANY):
        part = named[start : start + _MANY]
        rows = db.session.execute(select(Activity.iri, Activity.definition).where(Activity.iri.in_(part)))
        found.update({row.iri: strict_json.read(row.definition) for row in rows if row.definition != "{}"})
    return found


def own_definitions(statements: Iterable[Mapping[str, Any]]) -> Mapping[str, dict[str, Any]]:
    """What we say ourselves of things of ours that others speak of: nothing from outside changes those."""
    return definitions(iri for statement in statements if (iri := named_by_others(statement)) is not None)


def activity(actor: Actor, iri: str) -> dict[str, Any]:
    """An activity with all that was said of it; of an unknown one no more than its id."""
    must_touch(actor, "activity", activity=iri)
    return shown(iri, definitions([iri]).get(iri, {}))


def person(actor: Actor, agent: Mapping[str, Any]) -> dict[str, Any]:
    """Somebody as a Person: what was asked for, and what statements said of whoever has the same identifier."""
    must_touch(actor, "agent", agent=agent)
    row = db.session.execute(select(Agent.id, Agent.payload).where(Agent.ifi == identifier(agent))).first()
    met = [] if row is None else [*_acting(row.id), strict_json.read(row.payload)]
    return persons.person([agent, *met])


def _acting(key: int) -> list[Mapping[str, Any]]:
    """How an agent was written in the latest statements of what it did; erased and withdrawn ones tell nothing."""
    said = (
        select(StatementRow.payload)
        .where(StatementRow.actor_id == key, StatementRow.voided_by.is_(None))
        .order_by(StatementRow.seq.desc())
        .limit(_LATEST)
    )
    return [strict_json.read(payload)["actor"] for payload in db.session.scalars(said)]
