"""The one road: store a statement and, in the same transaction, let every projector see it in order."""

from __future__ import annotations

from collections.abc import Iterable

from lms.kernel import ids, strict_json
from lms.xapi import statements
from lms.xapi.actions import definitions, numbering, references, rows, shelving
from lms.xapi.actions.rows import Worded
from lms.xapi.rules.facts import Draft, Fact, Projector

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
    show([fact])
    return fact


def show(facts: Iterable[Fact]) -> None:
    """Let every projector see stored statements one after the other, and record what follows from our own."""
    for fact in facts:
        for projector in _projectors:
            projector.project(fact)
        if not fact.own:
            continue
        consequences = [draft for projector in _projectors for draft in projector.follow(fact)]
        for consequence in consequences:
            record(consequence)
    for projector in _projectors:
        projector.settle()


def store(draft: Draft) -> Fact:
    """Write one own statement."""
    number = numbering.numbers(1)[0]
    statement_id = ids.new()
    said = statements.build(draft, statement_id=statement_id, stored=number[1], authority=statements.own_authority())
    happened = draft.timestamp or number[1]
    worded = rows.word(
        said, strict_json.write(said), id=statement_id, number=number, timestamp=happened, stamp=draft.stamp
    )
    if not shelving.shelve([worded]):
        raise RuntimeError(f"The new id {statement_id} was taken already: the source of ids is broken.")
    references.connect([worded], ())
    definitions.learn([worded])
    return fact_of(worded, own=True)


def fact_of(worded: Worded, *, own: bool, withdrawn: bool = False) -> Fact:
    """A stored statement as projectors see it."""
    return Fact(
        seq=worded.seq,
        id=worded.id,
        verb=worded.names.verb,
        object_iri=worded.names.object or "",
        timestamp=worded.timestamp,
        stored=worded.stored,
        registration=worded.names.registration,
        person_id=worded.stamp.person_id if worded.stamp else None,
        agency_id=worded.stamp.agency_id if worded.stamp else None,
        statement=worded.statement,
        own=own,
        withdrawn=withdrawn,
    )
