"""Documents: put, merged and removed, each under the lock of its row, so that nobody's change is lost (row E8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update

from lms.kernel import clock
from lms.kernel.actor import Actor
from lms.kernel.db import db, run
from lms.kernel.db.fresh import insert_returning
from lms.kernel.errors import Busy
from lms.xapi.actions import terms
from lms.xapi.models.documents import NOTHING, Document
from lms.xapi.queries.documents import make_sure_reached, registration, within
from lms.xapi.rules import documents as rules
from lms.xapi.rules.documents import Conditions, Method, Place
from lms.xapi.rules.validate import Version

_TRIES = 10  # how often a document may come and go between two looks at it


@dataclass(frozen=True, slots=True)
class Sent:
    """A document as it came, and under which conditions it is wanted."""

    content: bytes
    content_type: str
    conditions: Conditions
    version: Version


@dataclass(frozen=True, slots=True)
class _Held:
    """A document whose row is ours until the end of the transaction."""

    id: int
    content: bytes
    content_type: str
    etag: str


def put(*, actor: Actor, place: Place, sent: Sent) -> str:
    """Keep a document in place of what was there; returns its tag. Raises as `rules.judge` does."""
    make_sure_reached(actor, place)
    return _write(place, sent, "PUT", lambda _: (sent.content, sent.content_type))


def merge(*, actor: Actor, place: Place, sent: Sent) -> str:
    """Add a JSON object's properties to those that are there, or keep it where there is none; returns the tag."""
    make_sure_reached(actor, place)
    rules.make_sure_mergeable(sent.content, sent.content_type)
    return _write(
        place,
        sent,
        "POST",
        lambda held: (rules.merged(held.content, held.content_type, sent.content, sent.content_type), rules.JSON),
    )


def remove(*, actor: Actor, place: Place, conditions: Conditions, version: Version) -> None:
    """Remove one document; it is no fault where there is none."""
    make_sure_reached(actor, place)
    held = _hold(place)
    rules.judge(conditions, held.etag if held else None, place, "DELETE", version)
    if held is not None:
        db.session.execute(delete(Document).where(Document.id == held.id), execution_options=_UNSEEN)


def clear(*, actor: Actor, place: Place) -> None:
    """Remove all documents of a place."""
    make_sure_reached(actor, place)
    db.session.execute(delete(Document).where(*within(place)), execution_options=_UNSEEN)


_UNSEEN = {"synchronize_session": False}


def _write(place: Place, sent: Sent, method: Method, renewed: Callable[[_Held], tuple[bytes, str]]) -> str:
    """Write a document whether it is there or not: whoever is not the first to make it goes on from what is there."""
    for _ in range(_TRIES):
        held = _hold(place)
        rules.judge(sent.conditions, held.etag if held else None, place, method, sent.version)
        if held is not None:
            return _renew(held, *renewed(held))
        if _made(place, sent):
            return rules.etag(sent.content)
    raise Busy("This document is made and removed all the time: send yours again.")


def _hold(place: Place) -> _Held | None:
    """The document of a place, locked until the end of the transaction (on SQLite the writer is alone anyway)."""
    columns = select(Document.id, Document.content, Document.content_type, Document.etag)
    row = db.session.execute(columns.where(*within(place)).with_for_update()).first()
    return _Held(*row) if row else None


def _renew(held: _Held, content: bytes, content_type: str) -> str:
    changed = {**_content(content), "content_type": content_type}
    db.session.execute(update(Document).where(Document.id == held.id).values(changed), execution_options=_UNSEEN)
    return str(changed["etag"])


def _made(place: Place, sent: Sent) -> bool:
    """Whether a new document could be made: not where somebody else was a moment quicker."""
    values = {
        "kind": place.resource.kind,
        "activity_id": NOTHING if place.activity is None else terms.activity_key(place.activity),
        "agent_id": NOTHING if place.agent is None else terms.agent_key(place.agent),
        "registration": registration(place),
        "name": place.name,
        "content_type": sent.content_type,
        **_content(sent.content),
    }
    return run(insert_returning(Document.id), values).scalar() is not None


def _content(content: bytes) -> dict[str, Any]:
    return {"content": content, "etag": rules.etag(content), "updated": clock.now()}
