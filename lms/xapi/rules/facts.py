"""What travels the one road: a draft on the way in, a fact once it is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from msgspec import Struct


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """An activity that a statement speaks of: its IRI, its type's IRI, and its name by language."""

    iri: str
    type: str
    name: Mapping[str, str] = field(default_factory=dict)
    definition: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Whose act it was and where they worked on that day; only the account name enters the statement."""

    account_name: str
    person_id: int | None
    agency_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A statement about to be made. `revision` is the course version; `extensions` go into the context.

    `timestamp` is when it happened; the clock's now where it is left out.
    """

    stamp: Stamp
    verb: str
    object: Thing
    registration: UUID | None = None
    revision: str | None = None
    result: Mapping[str, Any] | None = None
    parent: Sequence[Thing] = ()
    grouping: Sequence[Thing] = ()
    category: Sequence[Thing] = ()
    other: Sequence[Thing] = ()
    extensions: Mapping[str, Any] = field(default_factory=dict)
    timestamp: datetime | None = None


class Fact(Struct, frozen=True):
    """A stored statement as projectors see it; `statement` is the whole payload, perhaps parsed only now.

    `own` says that this installation made it. What a client sent from outside is a fact too, but only that
    somebody said so: native courses and requirements do not count it. `object_iri` is empty for anything but
    an activity.
    """

    seq: int
    id: UUID
    verb: str
    object_iri: str
    timestamp: datetime
    stored: datetime
    registration: UUID | None
    person_id: int | None
    agency_id: int | None
    statement: Mapping[str, Any]
    own: bool = True
    withdrawn: bool = False


class Projector(Protocol):
    """A room that keeps rows which follow from statements.

    `project` changes rows, live and in a rebuild alike. `follow` says which further statements one of ours causes
    (a course is completed by its last step); they are recorded live and never in a rebuild, where they are met
    again. `clear` empties every table that `project` writes into before a rebuild; `contents` yields the rows in a
    stable form without row ids, so that two states can be compared. `keeps` says whether rows of the room may follow
    from a fact: what it needs is then carried forward when the statement is erased. `settle` writes what `project` has
    put off: it comes after the facts of one batch.
    """

    name: str

    def project(self, fact: Fact) -> None: ...

    def settle(self) -> None: ...

    def follow(self, fact: Fact) -> Sequence[Draft]: ...

    def clear(self) -> None: ...

    def contents(self) -> Sequence[tuple[object, ...]]: ...

    def keeps(self, fact: Fact) -> bool: ...
