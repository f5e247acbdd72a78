"""Statements from outside: validated, stamped by us, and sent along the same road as our own."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from lms.kernel import ids
from lms.kernel.actor import Actor
from lms.kernel.db import db
from lms.kernel.errors import Conflict, Malformed, NotAllowed
from lms.xapi import statements
from lms.xapi.actions import road, terms
from lms.xapi.models import StatementRow, Verb
from lms.xapi.policy import may_void
from lms.xapi.rules import moments, verbs
from lms.xapi.rules.errors import BatchTooLarge, wrong
from lms.xapi.rules.facts import Fact, Stamp
from lms.xapi.rules.iris import account_of_ours
from lms.xapi.rules.sameness import lists_everywhere, same
from lms.xapi.rules.validate import Version, validate

LARGEST_BATCH = 500
PersonLookup = Callable[[Collection[str], date], Mapping[str, Stamp]]


def nobody(names: Collection[str], on: date) -> Mapping[str, Stamp]:
    """The lookup of a record that stands alone: it knows no person."""
    return {}


_lookup: PersonLookup = nobody


def set_person_lookup(lookup: PersonLookup) -> None:
    """Say how account names of ours become persons and their agencies on a day; called once, by the factory."""
    global _lookup
    _lookup = lookup


def accept(*, actor: Actor, sent: Any, version: Version) -> list[UUID]:
    """Store a statement, or all of an array or none; returns their ids in order.

    Raises Malformed, BatchTooLarge, NotAllowed or Conflict.
    """
    many = isinstance(sent, list)
    batch = sent if many else [sent]
    if len(batch) > LARGEST_BATCH:
        raise BatchTooLarge(f"{len(batch)} statements came at once: send at most {LARGEST_BATCH} at a time.")
    for index, statement in enumerate(batch):
        at = f"/{index}" if many else ""
        validate(statement, version=version, at=at)
        _refuse_what_is_not_kept(statement, at)
    named = [(UUID(statement["id"]) if "id" in statement else ids.new(), statement) for statement in batch]
    _once_each(named)
    _take(actor, dict(named), version)
    return [statement_id for statement_id, _ in named]


def accept_under(*, actor: Actor, statement_id: UUID, sent: Any, version: Version) -> None:
    """Store one statement under the id that its sender chose."""
    if isinstance(sent, list):
        raise wrong("", "must be a single statement here: send several with POST.")
    if isinstance(sent, dict):
        if isinstance(sent.get("id"), str) and sent["id"].lower() != str(statement_id):
            raise wrong("/id", "is not the statementId of the address: make them the same or leave the id out.")
        sent = {"id": str(statement_id), **sent}
    accept(actor=actor, sent=sent, version=version)


def _refuse_what_is_not_kept(statement: Mapping[str, Any], at: str) -> None:
    for index, attachment in enumerate(statement.get("attachments", ())):
        if "fileUrl" not in attachment:
            raise wrong(f"{at}/attachments/{index}", 'lacks "fileUrl": contents of attachments are not kept here.')


def _once_each(named: Sequence[tuple[UUID, Any]]) -> None:
    seen: set[UUID] = set()
    for index, (statement_id, _) in enumerate(named):
        if statement_id in seen:
            raise wrong(f"/{index}/id", "stands twice in this batch: every statement needs its own id.")
        seen.add(statement_id)


def _take(actor: Actor, named: Mapping[UUID, Mapping[str, Any]], version: Version) -> None:
    there = _kept(named)
    for statement_id, payload in there.items():
        _same_or_refused(statement_id, payload, named[statement_id])
    new = {statement_id: sent for statement_id, sent in named.items() if statement_id not in there}
    if any(sent["verb"]["id"] == verbs.VOIDED for sent in new.values()) and not may_void(actor):
        raise NotAllowed("This key may not void statements: that takes the scope all.")
    stored = road.moment_of_storing()
    payloads = {id: _dressed(actor, id, sent, stored, version) for id, sent in new.items()}
    terms.learn(payloads.values())
    stamps = _stamps(payloads.values())
    for statement_id, payload in payloads.items():
        fact = _insert(statement_id, payload, stored, stamps)
        if fact is None:  # somebody sent the very same id a moment earlier
            _same_or_refused(statement_id, _kept([statement_id])[statement_id], named[statement_id])
            continue
        _void(fact)
        road.show(fact)


def _kept(statement_ids: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    wanted = select(StatementRow.id, StatementRow.payload).where(StatementRow.id.in_(list(statement_ids)))
    return {row.id: json.loads(row.payload) for row in db.session.execute(wanted)}


def _same_or_refused(statement_id: UUID, kept: Mapping[str, Any], sent: Mapping[str, Any]) -> None:
    if not same(kept, sent):
        raise Conflict(f"The statement {statement_id} is stored already and says something else: it stays as it is.")


def _dressed(
    actor: Actor, statement_id: UUID, sent: Mapping[str, Any], stored: datetime, version: Version
) -> dict[str, Any]:
    """What was sent, with what only the store may say (xAPI 2.4.7 to 2.4.10)."""
    said = {"id": str(statement_id), **{key: value for key, value in sent.items() if key != "id"}}
    said.setdefault("timestamp", statements.moment(stored))
    said["stored"] = statements.moment(stored)
    said["authority"] = statements.account(actor.account_name)
    said.setdefault("version", "2.0.0" if version == "2.0.0" else "1.0.0")
    return lists_everywhere(said)


def _happened(payload: Mapping[str, Any]) -> datetime:
    return moments.read(payload["timestamp"], zone_needed=False)


def _stamps(payloads: Iterable[Mapping[str, Any]]) -> dict[tuple[str, date], Stamp]:
    """Whose acts these were and where they worked that day, one look-up a day."""
    days: dict[date, set[str]] = {}
    for payload in payloads:
        name = account_of_ours(payload["actor"])
        if name is not None:
            days.setdefault(_happened(payload).date(), set()).add(name)
    return {(name, day): stamp for day, names in days.items() for name, stamp in _lookup(names, day).items()}


def _insert(
    statement_id: UUID, payload: dict[str, Any], stored: datetime, stamps: Mapping[tuple[str, date], Stamp]
) -> Fact | None:
    happened = _happened(payload)
    registration = payload.get("context", {}).get("registration")
    return road.insert_row(
        payload,
        statement_id=statement_id,
        stored=stored,
        happened=happened,
        registration=UUID(registration) if registration else None,
        stamp=stamps.get((account_of_ours(payload["actor"]) or "", happened.date())),
        own=False,
    )


def _void(fact: Fact) -> None:
    """Mark the statement that a voiding statement names; an unknown one may yet come."""
    if fact.verb != verbs.VOIDED:
        return
    target = UUID(fact.statement["object"]["id"])
    wanted = select(Verb.iri).join(StatementRow, StatementRow.verb_id == Verb.id).where(StatementRow.id == target)
    if db.session.scalar(wanted) == verbs.VOIDED:
        raise Malformed(f"The statement {target} voids another one: such a statement cannot be voided itself.")
    db.session.execute(
        update(StatementRow)
        .where(StatementRow.id == target, StatementRow.voided_by.is_(None))
        .values(voided_by=fact.id)
        .execution_options(synchronize_session=False)
    )
