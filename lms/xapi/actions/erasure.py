"""Erasing statements: rows, what they are found by, and salts go; ids, leaves and what follows from them stay."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select

from lms.kernel.actor import Actor
from lms.kernel.db import run
from lms.kernel.db.unit import dialect
from lms.kernel.errors import Conflict
from lms.xapi.actions import carrying, references, rows, terms, unshelving
from lms.xapi.actions.rows import Row, Worded
from lms.xapi.actions.sealing import erase_statements
from lms.xapi.models import StatementRow
from lms.xapi.policy import must_erase
from lms.xapi.queries.facts import of_statement, own_authorities
from lms.xapi.rules import order
from lms.xapi.rules.facets import target_of
from lms.xapi.rules.facts import Fact, Stamp
from lms.xapi.rules.retention import Held, class_of

_ERASING = 7_012_032  # the lock that those who erase and those who lay a hold take in turn
AT_ONCE = 500  # in the lists of one question
_rows: Any = StatementRow.__table__
HELD = "A legal hold keeps statements among these back: release it first."
Said = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Erased:
    """How many statements went, and of how many something was carried forward."""

    statements: int = 0
    carried: int = 0

    def __add__(self, other: Erased) -> Erased:
        return Erased(self.statements + other.statements, self.carried + other.carried)


def in_turn() -> None:
    """Let nobody else erase or lay a hold until this transaction ends; to be called before holds are read."""
    if dialect() == "postgresql":
        run(select(func.pg_advisory_xact_lock(_ERASING)))


def erase(*, actor: Actor, seqs: Collection[int], held: Held, entry: Mapping[str, Any]) -> Erased:
    """Erase statements by their numbers, in the present transaction; numbers without a statement are passed over.

    The sealed log says which positions went, when, and the `entry`: a certificate or a rule, nobody's name. Raises
    NotAllowed, or Conflict where a hold keeps one of them back: nothing under hold goes, whoever chose it.
    """
    must_erase(actor)
    terms.forget()  # a key remembered from before another erasure finds no link
    own = own_authorities()
    numbers = sorted(set(seqs))
    gone = Erased()
    for start in range(0, len(numbers), AT_ONCE):
        gone += _erase(numbers[start : start + AT_ONCE], own, held, entry)
    return gone


def _erase(numbers: Sequence[int], own: Collection[int], held: Held, entry: Mapping[str, Any]) -> Erased:
    found = run(select(_rows).where(_rows.c.seq.in_(numbers)).order_by(_rows.c.seq).with_for_update()).all()
    if not found:
        return Erased()
    facts = [of_statement(row, own=row.authority_id in own) for row in found]
    if any(held.keeps(class_of(fact.verb, own=fact.own), fact.person_id, fact.agency_id) for fact in facts):
        raise Conflict(HELD)
    carried = carrying.carry((fact, row.voided_by) for fact, row in zip(facts, found, strict=True))
    erase_statements(seqs=[fact.seq for fact in facts], entry=entry)
    others = _referring(facts)
    _unlink(facts, others)
    run(delete(_rows).where(_rows.c.seq.in_([fact.seq for fact in facts])))
    _link_again(others)
    unshelving.release([fact.statement for fact in facts])
    return Erased(len(facts), carried)


def _referring(facts: Sequence[Fact]) -> dict[int, Said]:
    """The statements that stay and speak of some that go."""
    going = {fact.seq for fact in facts}
    found = references.referring([fact.id for fact in facts])
    return {seq: said for seq, said in found.items() if seq not in going}


def _unlink(facts: Sequence[Fact], others: Mapping[int, Said]) -> None:
    """Let nothing be found by these statements any more: neither they, nor others because they speak of them."""
    own = rows.rows_of([_worded(fact) for fact in facts])
    links, registrations = list(own.links), list[Row]()
    speaking = {fact.seq: fact.statement for fact in facts if target_of(fact.statement) is not None}
    for seq, said in [*speaking.items(), *others.items()]:
        keys, found = references.inherited(said)
        links += [{"kind": int(kind), "key": key, "seq": seq} for kind, key in keys]
        registrations += [{"registration": UUID(text), "seq": seq} for text in found]
    unshelving.unlink(links, own.references, registrations)


def _link_again(others: Mapping[int, Said]) -> None:
    """Let statements that stay be found by what they say themselves, and by those they speak of that are left."""
    if others:
        unshelving.link([row for seq, said in others.items() for row in _own_links(seq, said)])
    for seq, said in others.items():
        references.inherit(seq, said)


def _own_links(seq: int, said: Said) -> list[Row]:
    stored = order.moment_of(seq)
    worded = rows.word(said, "", id=UUID(said["id"]), number=(seq, stored), timestamp=stored, stamp=None)
    return rows.rows_of([worded]).links


def _worded(fact: Fact) -> Worded:
    stamp = Stamp(account_name="", person_id=fact.person_id, agency_id=fact.agency_id)
    number = (fact.seq, fact.stored)
    return rows.word(fact.statement, "", id=fact.id, number=number, timestamp=fact.timestamp, stamp=stamp)
