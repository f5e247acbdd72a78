"""Somebody is forgotten by the record: statements that name them, who they were to it, their documents and launches."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, cast, delete, func, or_, select, update

from lms.kernel import ids, strict_json
from lms.kernel.actor import Actor
from lms.kernel.db import run
from lms.xapi.actions import terms
from lms.xapi.actions.erasure import Erased, erase
from lms.xapi.models import Agent, Document, Launch, Link, StatementRow
from lms.xapi.policy import must_erase
from lms.xapi.rules.agents import identifier
from lms.xapi.rules.facets import Kind
from lms.xapi.rules.iris import account
from lms.xapi.rules.retention import Held

_NAMING = (Kind.AGENT, Kind.RELATED_AGENT)


@dataclass(frozen=True, slots=True)
class Somebody:
    """One of our people as statements name them: by account with us, and by mail address."""

    person_id: int
    account_name: str
    mails: frozenset[str]


def numbers_about(somebody: Somebody) -> list[int]:
    """The statements that go with somebody: acts of that person, and whatever names the person as an agent or by mail.

    A pseudonym that others' statements merely mention stays: once the link is gone it leads to nobody.
    """
    keys = [row.id for row in _agents(somebody)]
    row = StatementRow
    found = set(run(select(row.seq).where(row.person_id == somebody.person_id)).scalars())
    if keys:
        found |= set(run(select(row.seq).where(row.actor_id.in_(keys))).scalars())
        linked = select(Link.seq).where(Link.kind.in_(_NAMING), Link.key.in_(keys))
        found |= set(run(linked).scalars())
    for word in _addresses(somebody):
        found |= set(run(select(row.seq).where(_holds(row.payload, word))).scalars())
    return sorted(found)


def forget(*, actor: Actor, somebody: Somebody, seqs: Collection[int], held: Held, entry: Mapping[str, Any]) -> Erased:
    """Erase the statements that numbers_about() found, and everything else the record knows of somebody.

    Raises NotAllowed, or Conflict where a hold keeps a statement back.
    """
    must_erase(actor)
    gone = erase(actor=actor, seqs=seqs, held=held, entry=entry)
    agents = _agents(somebody)
    run(delete(Document).where(Document.agent_id.in_([row.id for row in agents])))
    run(delete(Launch).where(Launch.account_name == somebody.account_name))
    for row in agents:
        _rename(row.id)
    terms.forget()
    return gone


def _agents(somebody: Somebody) -> Sequence[Any]:
    """Under which keys the record knows somebody, groups of which the person is a member included."""
    words = [_quoted(somebody.account_name), *_addresses(somebody)]
    texts = (Agent.ifi, Agent.payload)
    return run(select(Agent.id, Agent.ifi).where(or_(*(_holds(text, word) for text in texts for word in words)))).all()


def _rename(agent_id: int) -> None:
    """Let a key stand for nobody: others may still be found beside it."""
    nobody = account(ids.account_name())
    anew = {"ifi": identifier(nobody), "payload": strict_json.write(nobody)}
    run(update(Agent).where(Agent.id == agent_id).values(**anew))


def _addresses(somebody: Somebody) -> Iterator[str]:
    """A mail address as statements may hold it: in plain, and as its hash (xAPI 2.4.2.3)."""
    for mail in sorted(somebody.mails):
        yield mail
        yield hashlib.sha1(f"mailto:{mail}".encode(), usedforsecurity=False).hexdigest()


def _quoted(name: str) -> str:
    return f'"{name}"'


def _holds(column: Any, word: str) -> Any:
    return func.lower(cast(column, String)).contains(word.lower(), autoescape=True)
