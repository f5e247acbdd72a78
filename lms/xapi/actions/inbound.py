"""Statements from outside: validated, stamped by us, and sent along the same road as our own."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lms.kernel import ids, strict_json
from lms.kernel.actor import Actor
from lms.kernel.db import db
from lms.kernel.errors import Conflict, NotAllowed
from lms.kernel.strict_json import Piece
from lms.xapi import statements
from lms.xapi.actions import attachments, definitions, launches, numbering, references, road, rows, shelving, terms
from lms.xapi.actions.rows import Worded
from lms.xapi.models import StatementId, StatementRow
from lms.xapi.policy import may_void, sender
from lms.xapi.rules import moments
from lms.xapi.rules.errors import BatchTooLarge, wrong
from lms.xapi.rules.facts import Stamp
from lms.xapi.rules.iris import account_of_ours, is_ours
from lms.xapi.rules.multipart import NO_PARTS, Part
from lms.xapi.rules.sameness import has_lists_only, lists_everywhere, same
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


def accept(*, actor: Actor, body: bytes, version: Version, parts: Mapping[str, Part] = NO_PARTS) -> list[UUID]:
    """Store a statement, or all of an array or none; returns their ids in order.

    Raises Malformed, BatchTooLarge, NotAllowed or Conflict.
    """
    arrivals = read(body, version, parts)
    take(actor=actor, arrivals=arrivals, version=version, parts=parts)
    return [arrival.id for arrival in arrivals]


def read(body: bytes, version: Version, parts: Mapping[str, Part] = NO_PARTS) -> list[Arrival]:
    """The statements of a body, each found to be one; raises Malformed or BatchTooLarge."""
    sent = strict_json.pieces(body, most=LARGEST_BATCH)
    if len(sent.each) > LARGEST_BATCH:
        raise BatchTooLarge(
            f"More than {LARGEST_BATCH} statements came at once: send at most {LARGEST_BATCH} at a time."
        )
    arrivals = []
    for index, piece in enumerate(sent.each):
        at = f"/{index}" if sent.many else ""
        validate(piece.value, version=version, at=at)
        attachments.check(piece.value, parts, at, version=version)
        chosen = piece.value.get("id")
        id = UUID(chosen) if chosen else ids.new()
        arrivals.append(Arrival(id, chosen is not None, piece, at, "timestamp" in piece.value))
    return arrivals


def accept_under(
    *,
    actor: Actor,
    statement_id: UUID,
    body: bytes,
    version: Version,
    parts: Mapping[str, Part] = NO_PARTS,
) -> None:
    """Store one statement under the id that its sender chose."""
    sent = strict_json.pieces(body)
    if sent.many:
        raise wrong("", "must be a single statement here: send several with POST.")
    piece = sent.each[0]
    validate(piece.value, version=version)
    attachments.check(piece.value, parts, "", version=version)
    attachments.make_sure_named([piece.value], parts)
    said = piece.value.get("id")
    if said is None:
        piece = Piece({"id": str(statement_id), **piece.value}, f'{{"id":"{statement_id}",{piece.text[1:]}')
    elif UUID(said) != statement_id:
        raise wrong("/id", "is not the statementId of the address: make them the same or leave the id out.")
    arrival = Arrival(statement_id, True, piece, "", "timestamp" in piece.value)
    take(actor=actor, arrivals=[arrival], version=version, parts=parts)


@dataclass(slots=True)
class Arrival:
    """A statement from outside that has been found to be one; `at` is where it stood in what was sent.

    `is_timed` says that its sender named the moment it happened.
    """

    id: UUID
    is_chosen: bool
    piece: Piece
    at: str
    is_timed: bool


def take(*, actor: Actor, arrivals: Sequence[Arrival], version: Version, parts: Mapping[str, Part] = NO_PARTS) -> None:
    """Store statements that have been read, all or none; raises Malformed, NotAllowed or Conflict."""
    _once_each(arrivals)
    values = [arrival.piece.value for arrival in arrivals]
    attachments.make_sure_named(values, parts)
    if any(map(references.is_voiding, values)) and not may_void(actor):
        raise NotAllowed("This key may not void statements: that takes the scope all.")
    launches.make_sure_within(actor, values)
    numbers = numbering.numbers(len(arrivals))
    authority = statements.account(sender(actor))
    written = strict_json.write(authority)
    moments_of = [_happened(arrival, number) for arrival, number in zip(arrivals, numbers, strict=True)]
    days = [
        (account_of_ours(arrival.piece.value["actor"]) or "", happened.date())
        for arrival, happened in zip(arrivals, moments_of, strict=True)
    ]
    stamps = _stamps(days)
    batch = []
    for arrival, number, happened, day in zip(arrivals, numbers, moments_of, days, strict=True):
        said, text = _dressed(arrival, number[1], authority, written, version)
        stamp = stamps.get(day)
        batch.append(rows.word(said, text, id=arrival.id, number=number, timestamp=happened, stamp=stamp))
    _store(batch, arrivals)
    if parts:
        attachments.keep(parts, terms.agent_key(authority))


def _store(batch: Sequence[Worded], arrivals: Sequence[Arrival]) -> None:
    stored = shelving.shelve(batch)
    if len(stored) < len(batch):
        _compare([arrival for arrival, worded in zip(arrivals, batch, strict=True) if worded.seq not in stored])
    new = [worded for worded in batch if worded.seq in stored]
    withdrawn = references.connect(new, [arrival.id for arrival in arrivals if arrival.is_chosen])
    definitions.learn(new, but=is_ours)  # nobody outside adds to what is ours
    road.show([road.fact_of(worded, own=False, withdrawn=worded.id in withdrawn) for worded in new])


def _once_each(arrivals: Sequence[Arrival]) -> None:
    if len({arrival.id for arrival in arrivals}) == len(arrivals):
        return
    seen: set[UUID] = set()
    for arrival in arrivals:
        if arrival.id in seen:
            raise wrong(f"{arrival.at}/id", "stands twice in this batch: every statement needs its own id.")
        seen.add(arrival.id)


def _compare(arrivals: Sequence[Arrival]) -> None:
    """What was stored already must say the same (xAPI 2.3.1); raises Conflict."""
    kept = _kept(arrival.id for arrival in arrivals)
    for arrival in arrivals:
        payload = kept.get(arrival.id)
        if payload is None:
            raise Conflict(f"The statement {arrival.id} was stored once and has been erased: it does not come back.")
        if not same(payload, _as_sent(arrival)):
            raise Conflict(f"The statement {arrival.id} is stored already and says something else: it stays as it is.")


def _as_sent(arrival: Arrival) -> Mapping[str, Any]:
    """What the sender said himself: the moment of storing is no moment of his."""
    said = arrival.piece.value
    return said if arrival.is_timed else {name: value for name, value in said.items() if name != "timestamp"}


def _kept(statement_ids: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    wanted = (
        select(StatementRow.id, StatementRow.payload)
        .join(StatementId, StatementId.seq == StatementRow.seq)
        .where(StatementId.id.in_(list(statement_ids)))
    )
    return {row.id: json.loads(row.payload) for row in db.session.execute(wanted)}


def _dressed(
    arrival: Arrival, stored: datetime, authority: dict[str, Any], written: str, version: Version
) -> tuple[dict[str, Any], str]:
    """What was sent, with what only the store may say (xAPI 2.4.7 to 2.4.10), parsed and as text.

    The text stays as it came; only where its sender said something of the store's, or wrote a single related
    activity without its list, is it written anew.
    """
    said: dict[str, Any] = dict(arrival.piece.value)  # it may be stored anew, from what was sent
    moment = statements.moment(stored)
    text = arrival.piece.text if _may_stay(said) else None
    added = {}
    if not arrival.is_chosen:
        added["id"] = str(arrival.id)
    if "timestamp" not in said:
        added["timestamp"] = moment
    added["stored"] = moment
    if "version" not in said:
        added["version"] = "2.0.0" if version == "2.0.0" else "1.0.0"
    if text is None:
        said = lists_everywhere({**said, **added, "authority": authority})
        return said, strict_json.write(said)
    more = ",".join(f'"{name}":"{value}"' for name, value in added.items())
    said.update(added)
    said["authority"] = authority
    return said, f'{text[:-1].rstrip()},{more},"authority":{written}}}'


def _may_stay(said: Mapping[str, Any]) -> bool:
    return "stored" not in said and "authority" not in said and has_lists_only(said)


def _happened(arrival: Arrival, number: tuple[int, datetime]) -> datetime:
    timestamp = arrival.piece.value.get("timestamp")
    return moments.read(timestamp, zone_needed=False) if timestamp else number[1]


def _stamps(days: Iterable[tuple[str, date]]) -> dict[tuple[str, date], Stamp]:
    """Whose acts these were and where they worked that day, one look-up a day; an account of others has no name."""
    names_on: dict[date, set[str]] = {}
    for name, day in days:
        if name:
            names_on.setdefault(day, set()).add(name)
    return {(name, day): stamp for day, names in names_on.items() for name, stamp in _lookup(names, day).items()}
