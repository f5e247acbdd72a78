"""What a reader may choose from: verbs and senders met, and whoever or whatever may be meant by some words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import case, or_, select

from lms.kernel.db import run
from lms.xapi.models import Activity, Agent, Credential, StatementRow, Verb
from lms.xapi.rules import verbs
from lms.xapi.rules.agents import identifier
from lms.xapi.rules.callings import called, meant
from lms.xapi.rules.iris import account
from lms.xapi.rules.sentences import PLAIN, Sentence, in_general, in_language

MOST = 200  # in a list to choose from
_LOOKED_AT = 500


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose: what stands in the address for it, and its name."""

    value: str
    name: str


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that people do: its verb, the words for it, and the host that tells it from another of these words."""

    verb: str
    sentence: Sentence
    host: str


@dataclass(frozen=True, slots=True)
class Something:
    """Somebody or something that may be meant: its key or IRI, its name, and what tells it from its like."""

    key: str
    name: str
    note: str


def verbs_met(language: str) -> list[Deed]:
    """What people did, in the words of the statements about it; of others' verbs in those of the latest one."""
    row: Any = StatementRow.__table__
    latest = select(row.c.payload).where(row.c.verb_id == Verb.id).order_by(row.c.seq.desc()).limit(1)
    said = case((Verb.iri.in_(list(PLAIN)), None), else_=latest.scalar_subquery())
    found = run(select(Verb.iri, said).order_by(Verb.id).limit(MOST)).tuples()
    return [
        Deed(iri, in_general(orjson.loads(text)["verb"] if text else {"id": iri}, language), _host(iri))
        for iri, text in found
    ]


def senders_met() -> list[Choice]:
    """Whoever may have sent something from outside: the keys, by name; where two share it, with the key."""
    rows = run(select(Credential.key, Credential.name).order_by(Credential.name, Credential.id).limit(MOST)).all()
    names = [name for _, name in rows]
    return [Choice(key, name if names.count(name) == 1 else f"{name} ({key[:8]}…)") for key, name in rows]


def agents_called(text: str) -> Sequence[Something]:
    """The agents that an account name of ours, a mail address or the address of a page means."""
    known = [identifier(agent) for agent in (account(text), *meant(text))]
    rows = run(select(Agent.id, Agent.payload).where(Agent.ifi.in_(known)).order_by(Agent.id)).all()
    return [Something(str(id), called(orjson.loads(payload)), text) for id, payload in rows]


def activities_called(text: str, limit: int, language: str) -> list[Something]:
    """Activities whose IRI this is, or whose names have it within."""
    exact = run(select(Activity.iri, Activity.definition).where(Activity.iri == text)).all()
    if exact or "://" in text:
        return [_activity(iri, orjson.loads(definition), language) for iri, definition in exact]
    # SQLite itself folds the case of ASCII letters only
    likes = [f"%{_plain(variant)}%" for variant in {text, text.lower(), text.capitalize(), text.upper()}]
    within = or_(*(Activity.definition.ilike(like, escape="\\") for like in likes))
    rows = run(select(Activity.iri, Activity.definition).where(within).order_by(Activity.id).limit(_LOOKED_AT))
    found = []
    for iri, words in rows.tuples():
        definition = orjson.loads(words)
        if any(text.lower() in name.lower() for name in definition.get("name", {}).values()):
            found.append(_activity(iri, definition, language))
    return found[:limit]


def _activity(iri: str, definition: Mapping[str, dict[str, str]], language: str) -> Something:
    return Something(iri, in_language(definition.get("name", {}), language) or verbs.word(iri), iri)


def _host(iri: str) -> str:
    return iri.partition("://")[2].partition("/")[0]


def _plain(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
