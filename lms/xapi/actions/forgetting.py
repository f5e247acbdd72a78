"""Somebody is forgotten by the record: statements that name them, who they were to it, their documents and launches."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import String, cast, delete, func, insert, or_, select, update

from lms.kernel import ids, strict_json
from lms.kernel.actor import Actor
from lms.kernel.db import afterwards, run
from lms.xapi.actions import terms
from lms.xapi.actions.erasure import Erased, erase
from lms.xapi.models import Agent, Document, Launch, Link, StatementRow
from lms.xapi.policy import must_erase
from lms.xapi.rules.agents import IDENTIFIERS, identifier
from lms.xapi.rules.facets import Kind, facets
from lms.xapi.rules.iris import account
from lms.xapi.rules.retention import Held

_NAMING = (Kind.AGENT, Kind.RELATED_AGENT)


@dataclass(frozen=True, slots=True)
class Somebody:
    """One of our people as statements name them: by account with us, and by mail address."""

    person_id: int
    account_name: str
    mails: frozenset[str]


@dataclass(slots=True)
class _Called:
    """What the record calls somebody: identifiers by their keys, and groups that were first seen with that member."""

    names: dict[int, str] = field(default_factory=dict)
    groups: dict[int, Mapping[str, Any]] = field(default_factory=dict)


def numbers_about(somebody: Somebody) -> list[int]:
    """The statements that go with somebody: acts of that person, and whatever names the person as an agent or by mail.

    A pseudonym that others' statements merely mention stays: once the link is gone it leads to nobody.
    """
    names = _called(somebody).names
    row = StatementRow
    found = set(run(select(row.seq).where(row.person_id == somebody.person_id)).scalars())
    if names:
        found |= set(run(select(row.seq).where(row.actor_id.in_(names))).scalars())
        found |= _naming(names)
    for word in _addresses(somebody):
        found |= set(run(select(row.seq).where(_holds(row.payload, word))).scalars())
    return sorted(found | _escaped(list(_addresses(somebody))))


def forget(*, actor: Actor, somebody: Somebody, seqs: Collection[int], held: Held, entry: Mapping[str, Any]) -> Erased:
    """Erase the statements that numbers_about() found, and everything else the record knows of somebody.

    Raises NotAllowed, or Conflict where a hold keeps a statement back.
    """
    must_erase(actor)
    gone = erase(actor=actor, seqs=seqs, held=held, entry=entry)
    called = _called(somebody)
    for key in called.names:
        _replace(key)  # whoever is adding a document ends first: it goes with the others
    run(delete(Document).where(Document.agent_id.in_(called.names)))
    run(delete(Launch).where(Launch.account_name == somebody.account_name))
    for key, group in called.groups.items():
        run(update(Agent).where(Agent.id == key).values(payload=strict_json.write(_without(group, _words(somebody)))))
    terms.forget()
    afterwards(terms.forget)  # what another thread learnt between now and the commit
    return gone


def _naming(names: Mapping[int, str]) -> set[int]:
    """The statements that name somebody beside their actor; one that refers to such a statement names nobody itself."""
    linked = select(Link.seq).where(Link.kind.in_(_NAMING), Link.key.in_(names))
    rows = run(select(StatementRow.seq, StatementRow.payload).where(StatementRow.seq.in_(linked)))
    return {row.seq for row in rows if _spoken_of(json.loads(row.payload)) & set(names.values())}


def _spoken_of(statement: Mapping[str, Any]) -> set[str]:
    found = facets(statement)
    return {identifier(agent) for agent in (*found.agents, *found.related_agents)}


def _escaped(words: Collection[str]) -> set[int]:
    """The statements that hold a word only once their text is read: a sender may have written any letter escaped."""
    if not words:
        return set()
    rows = run(select(StatementRow.seq, StatementRow.payload).where(_holds(StatementRow.payload, "\\")))
    return {row.seq for row in rows if _stand_in(words, json.loads(row.payload))}


def _called(somebody: Somebody) -> _Called:
    """Under which keys the record knows somebody, groups included that are known by their members alone."""
    words, found = _words(somebody), _Called()
    holding = or_(*(_holds(text, word) for text in (Agent.ifi, Agent.payload) for word in words))
    for row in run(select(Agent.id, Agent.ifi, Agent.payload).where(holding)):
        agent = json.loads(row.payload)
        own = {name: agent[name] for name in IDENTIFIERS if name in agent}
        if agent.get("objectType") == "Group" and own and not _stand_in(words, own):
            found.groups[row.id] = agent
        else:
            found.names[row.id] = row.ifi
    return found


def _without(group: Mapping[str, Any], words: Collection[str]) -> dict[str, Any]:
    """A group with an identifier of its own, without somebody among its members."""
    left = [member for member in group.get("member", ()) if not _stand_in(words, member)]
    parts = {**group, "member": left}
    return {name: part for name, part in parts.items() if part and not (name == "name" and _stand_in(words, part))}


def _replace(key: int) -> None:
    """Let nobody stand where somebody stood, under another key: what remembers this one finds it gone.

    The new row comes first, so that no database gives the old key away again.
    """
    nobody = account(ids.account_name())
    anew = {"ifi": identifier(nobody), "payload": strict_json.write(nobody)}
    new = run(insert(Agent).values(**anew).returning(Agent.id)).scalar_one()
    for column in (StatementRow.actor_id, StatementRow.authority_id):
        run(update(StatementRow).where(column == key).values({column: new}))
    run(update(Link).where(Link.kind.in_(_NAMING), Link.key == key).values(key=new))
    run(delete(Agent).where(Agent.id == key))


def _words(somebody: Somebody) -> list[str]:
    return [_quoted(somebody.account_name), *_addresses(somebody)]


def _addresses(somebody: Somebody) -> Iterator[str]:
    """A mail address as statements may hold it: in plain, and as its hash (xAPI 2.4.2.3)."""
    for mail in sorted(somebody.mails):
        yield mail
        yield hashlib.sha1(f"mailto:{mail}".encode(), usedforsecurity=False).hexdigest()


def _quoted(name: str) -> str:
    return f'"{name}"'


def _holds(column: Any, word: str) -> Any:
    return func.lower(cast(column, String)).contains(word.lower(), autoescape=True)


def _stand_in(words: Collection[str], part: object) -> bool:
    text = json.dumps(part, ensure_ascii=False).lower()
    return any(word.lower() in text for word in words)
