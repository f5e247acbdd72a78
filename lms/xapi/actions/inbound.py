"""Statements from outside: validated, stamped by us, and sent along the same road as our own."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select

from lms.kernel import ids, strict_json
from lms.kernel.actor import Actor
from lms.kernel.db import db
from lms.kernel.errors import Conflict, NotAllowed
from lms.kernel.strict_json import Piece, nothing_known
from lms.kernel.unread import Unread
from lms.xapi import statements
from lms.xapi.actions import attachments, definitions, launches, numbering, references, road, shelving, terms
from lms.xapi.actions.rows import Worded
from lms.xapi.models import StatementId, StatementRow
from lms.xapi.policy import Launched, may_void, sender
from lms.xapi.rules import moments, verbs
from lms.xapi.rules.errors import BatchTooLarge, wrong
from lms.xapi.rules.facts import Stamp
from lms.xapi.rules.iris import account_of_ours, is_ours
from lms.xapi.rules.multipart import NO_PARTS, Part
from lms.xapi.rules.naming import names_in
from lms.xapi.rules.plain import Plain, understood
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
    known = nothing_known if parts else partial(understood, version=version)
    sent = strict_json.pieces(body, most=LARGEST_BATCH, known=known)
    if len(sent.each) > LARGEST_BATCH:
        raise BatchTooLarge(
            f"More than {LARGEST_BATCH} statements came at once: send at most {LARGEST_BATCH} at a time."
        )
    return [_arrived(piece, version, parts, f"/{index}" if sent.many else "") for index, piece in enumerate(sent.each)]


def _arrived(piece: Piece, version: Version, parts: Mapping[str, Part], at: str) -> Arrival:
    """A statement that was understood by its parts, or is found to be one now; raises Malformed."""
    if isinstance(piece.value, Plain):
        return _plainly(piece.value, piece.text, at)
    validate(piece.value, version=version, at=at)
    attachments.check(piece.value, parts, at, version=version)
    return _arrival(piece, at)


def accept_under(
    *,
    actor: Actor,
    statement_id: UUID,
    body: bytes,
    version: Version,
    parts: Mapping[str, Part] = NO_PARTS,
) -> None:
    """Store one statement under the id that its sender chose; few do, so that it is taken apart like any other."""
    sent = strict_json.pieces(body)
    if sent.many:
        raise wrong("", "must be a single statement here: send several with POST.")
    piece = sent.each[0]
    validate(piece.value, version=version)
    attachments.check(piece.value, parts, "", version=version)
    said = piece.value.get("id")
    if said is None:
        piece = Piece({"id": str(statement_id), **piece.value}, f'{{"id":"{statement_id}",{piece.text[1:]}')
    elif UUID(said) != statement_id:
        raise wrong("/id", "is not the statementId of the address: make them the same or leave the id out.")
    arrival = _arrival(piece, "")
    take(actor=actor, arrivals=[arrival], version=version, parts=parts)


class Arrival(Struct):
    """A statement from outside that has been found to be one; `at` is where it stood in what was sent.

    `given` is what its sender said of that which the store says otherwise. `plain` is what is known of it already where
    it was understood by its parts.
    """

    id: UUID
    text: str
    at: str
    verb: str
    account: str
    timestamp: datetime | None
    given: Collection[str]
    plain: Plain | None
    parsed: Mapping[str, Any] | None

    @property
    def said(self) -> Mapping[str, Any]:
        """What was sent."""
        return Unread(self.text) if self.parsed is None else self.parsed


_STORES_OWN = frozenset({"id", "timestamp", "stored", "authority", "version"})


def _arrival(piece: Piece, at: str) -> Arrival:
    """A statement that was parsed and found to be one."""
    said: dict[str, Any] = piece.value
    given = said.keys() & _STORES_OWN
    return Arrival(
        id=UUID(said["id"]) if "id" in given else ids.new(),
        text=piece.text,
        at=at,
        verb=said["verb"]["id"],
        account=account_of_ours(said["actor"]) or "",
        timestamp=moments.read(said["timestamp"], zone_needed=False) if "timestamp" in given else None,
        given=given,
        plain=None,
        parsed=said,
    )


def _plainly(found: Plain, text: str, at: str) -> Arrival:
    """A statement that was understood by its parts."""
    id, timestamp = found.id, found.timestamp
    given = [name for name, value in (("id", id), ("timestamp", timestamp)) if value is not None]
    return Arrival(id or ids.new(), text, at, found.names.verb, found.account, timestamp, given, found, None)


def take(*, actor: Actor, arrivals: Sequence[Arrival], version: Version, parts: Mapping[str, Part] = NO_PARTS) -> None:
    """Store statements that have been read, all or none; raises Malformed, NotAllowed or Conflict."""
    _once_each(arrivals)
    if parts:
        attachments.make_sure_named([arrival.said for arrival in arrivals], parts)
    if any(arrival.verb == verbs.VOIDED for arrival in arrivals) and not may_void(actor):
        raise NotAllowed("This key may not void statements: that takes the scope all.")
    if isinstance(actor, Launched):
        launches.make_sure_within(actor, [arrival.said for arrival in arrivals])
    numbers = numbering.numbers(len(arrivals))
    authority = statements.account(sender(actor))
    days = [
        (arrival.account, (arrival.timestamp or number[1]).date())
        for arrival, number in zip(arrivals, numbers, strict=True)
    ]
    stamps = _stamps(days)
    dress = Dress(authority, strict_json.write(authority), version)
    batch = [
        _worded(arrival, number, dress, stamps.get(day))
        for arrival, number, day in zip(arrivals, numbers, days, strict=True)
    ]
    _store(batch, arrivals)
    if parts:
        attachments.keep(parts, terms.agent_key(authority))


def _store(batch: Sequence[Worded], arrivals: Sequence[Arrival]) -> None:
    stored = shelving.shelve(batch)
    if len(stored) < len(batch):
        _compare([arrival for arrival, worded in zip(arrivals, batch, strict=True) if worded.seq not in stored])
    new = [worded for worded in batch if worded.seq in stored]
    withdrawn = references.connect(new, [arrival.id for arrival in arrivals if "id" in arrival.given])
    definitions.learn(new, but=is_ours)  # nobody outside adds to what is ours
    road.show([road.fact_of(worded, own=False, withdrawn=worded.id in withdrawn) for worded in new])


def _once_each(arrivals: Sequence[Arrival]) -> None:
    if len({arrival.id.int for arrival in arrivals}) == len(arrivals):
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
    if "timestamp" in arrival.given:
        return arrival.said
    return {name: value for name, value in arrival.said.items() if name != "timestamp"}


def _kept(statement_ids: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    wanted = (
        select(StatementRow.id, StatementRow.payload)
        .join(StatementId, StatementId.seq == StatementRow.seq)
        .where(StatementId.id.in_(list(statement_ids)))
    )
    return {row.id: json.loads(row.payload) for row in db.session.execute(wanted)}


@dataclass(frozen=True, slots=True)
class Dress:
    """What the store says of all statements of a batch: who vouches for them, also as text, and in which version."""

    authority: Mapping[str, Any]
    written: str
    version: Version


def _worded(arrival: Arrival, number: tuple[int, datetime], dress: Dress, stamp: Stamp | None) -> Worded:
    """What was sent, with what only the store may say (xAPI 2.4.7 to 2.4.10), ready for its shelf.

    The text stays as it came; only where its sender said something of the store's, or wrote a single related
    activity without its list, is it written anew.
    """
    added, plain = _added(arrival, number[1], dress), arrival.plain
    more = ",".join([f'"{name}":"{value}"' for name, value in added.items()])
    text = f'{arrival.text[:-1].rstrip()},{more},"authority":{dress.written}}}'
    if plain is not None:
        said: Mapping[str, Any] = Unread(text, {**plain.parts, "authority": dress.authority})
    else:
        said = {**arrival.said, **added, "authority": dress.authority}
        if not _may_stay(arrival):
            said = lists_everywhere(said)
            text = strict_json.write(said)
    names = names_in(said) if plain is None else plain.names
    happened = arrival.timestamp or number[1]
    return Worded(arrival.id, number[0], number[1], happened, stamp, said, dress.authority, text, names)


def _added(arrival: Arrival, stored: datetime, dress: Dress) -> dict[str, str]:
    """What the store says of a statement, but for who vouches for it."""
    given, moment, added = arrival.given, statements.moment(stored), {}
    if "id" not in given:
        added["id"] = str(arrival.id)
    if "timestamp" not in given:
        added["timestamp"] = moment
    added["stored"] = moment
    if "version" not in given:
        added["version"] = "2.0.0" if dress.version == "2.0.0" else "1.0.0"
    return added


def _may_stay(arrival: Arrival) -> bool:
    return "stored" not in arrival.given and "authority" not in arrival.given and has_lists_only(arrival.said)


def _stamps(days: Iterable[tuple[str, date]]) -> dict[tuple[str, date], Stamp]:
    """Whose acts these were and where they worked that day, one look-up a day; an account of others has no name."""
    names_on: dict[date, set[str]] = {}
    for name, day in dict.fromkeys(days):
        if name:
            names_on.setdefault(day, set()).add(name)
    return {(name, day): stamp for day, names in names_on.items() for name, stamp in _lookup(names, day).items()}
