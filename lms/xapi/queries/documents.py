"""Documents as clients get them: one with its content and tag, or the names of all in a place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, literal, select

from lms.kernel.actor import Actor
from lms.kernel.db import db
from lms.kernel.errors import NotThere
from lms.xapi.models.documents import NO_REGISTRATION, NOTHING, Document
from lms.xapi.models.statements import Activity, Agent
from lms.xapi.policy import must_touch
from lms.xapi.rules.agents import identifier
from lms.xapi.rules.documents import Place


@dataclass(frozen=True, slots=True)
class Kept:
    """A document as it is kept."""

    content: bytes
    content_type: str
    etag: str
    updated: datetime


def document(actor: Actor, place: Place) -> Kept:
    """The document of a place and name; raises NotThere."""
    make_sure_reached(actor, place)
    columns = select(Document.content, Document.content_type, Document.etag, Document.updated)
    row = db.session.execute(columns.where(*within(place))).first()
    if row is None:
        raise NotThere("There is no such document.")
    return Kept(*row)


def names(actor: Actor, place: Place) -> list[str]:
    """The names of a place's documents, of those written after `since` where it is given."""
    make_sure_reached(actor, place)
    wanted = select(Document.name).where(*within(place))
    if place.since is not None:
        wanted = wanted.where(Document.updated > place.since)
    return sorted(set(db.session.scalars(wanted)))


def make_sure_reached(actor: Actor, place: Place) -> None:
    """Raise NotAllowed where a launched unit asks for what belongs to others."""
    must_touch(actor, place.resource.kind, activity=place.activity, agent=place.agent, registration=place.registration)


def within(place: Place) -> list[ColumnElement[bool]]:
    """Which documents a place means: one by its name, exactly; or all that belong to what is named."""
    found = [
        Document.kind == place.resource.kind,
        Document.activity_id == _activity(place),
        Document.agent_id == _agent(place),
    ]
    if place.name is not None:
        found.append(Document.name == place.name)
    if place.name is not None or place.registration is not None:
        found.append(Document.registration == registration(place))
    return found


def registration(place: Place) -> str:
    """A place's registration as it is kept."""
    return str(place.registration) if place.registration else NO_REGISTRATION


def _activity(place: Place) -> ScalarSelect[int] | ColumnElement[int]:
    if place.activity is None:
        return literal(NOTHING)
    return select(Activity.id).where(Activity.iri == place.activity).scalar_subquery()


def _agent(place: Place) -> ScalarSelect[int] | ColumnElement[int]:
    if place.agent is None:
        return literal(NOTHING)
    return select(Agent.id).where(Agent.ifi == identifier(place.agent)).scalar_subquery()
