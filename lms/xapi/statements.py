"""How a statement is worded: from a draft to the object that is stored (xAPI 2.0.0)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from lms.xapi.rules.facts import Draft, Thing
from lms.xapi.rules.iris import account, extension, iri, own_authority, set_base

VERSION = "2.0.0"
PLATFORM = "Cadre"
_written = msgspec.json.Encoder().encode

__all__ = ["account", "activity", "build", "extension", "iri", "moment", "own_authority", "set_base"]


def moment(value: datetime) -> str:
    """A moment as ISO 8601 in UTC: with milliseconds, or microseconds where it has them."""
    if value.microsecond % 1000:
        return _written(value).decode()[1:-1]  # three times as quick as the calendar's own way
    return value.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def activity(thing: Thing) -> dict[str, Any]:
    """An activity with its definition."""
    definition: dict[str, Any] = {"type": thing.type}
    if thing.name:
        definition["name"] = dict(thing.name)
    definition.update(thing.definition)
    return {"objectType": "Activity", "id": thing.iri, "definition": definition}


def build(draft: Draft, *, statement_id: UUID, stored: datetime, authority: dict[str, Any]) -> dict[str, Any]:
    """The statement that a draft becomes; key order is fixed, so equal drafts give equal texts."""
    happened = draft.timestamp or stored
    statement: dict[str, Any] = {
        "id": str(statement_id),
        "actor": account(draft.stamp.account_name),
        "verb": {"id": draft.verb, "display": {"en": draft.verb.rsplit("/", 1)[-1]}},
        "object": activity(draft.object),
    }
    if draft.result:
        statement["result"] = dict(draft.result)
    context = _context(draft)
    if context:
        statement["context"] = context
    statement["timestamp"] = moment(happened)
    statement["stored"] = moment(stored)
    statement["authority"] = authority
    statement["version"] = VERSION
    return statement


def _context(draft: Draft) -> dict[str, Any]:
    context: dict[str, Any] = {}
    if draft.registration:
        context["registration"] = str(draft.registration)
    related = _related(draft)
    if related:
        context["contextActivities"] = related
    if draft.revision:
        context["revision"] = draft.revision
    context["platform"] = PLATFORM
    if draft.extensions:
        context["extensions"] = dict(draft.extensions)
    return context


def _related(draft: Draft) -> dict[str, list[dict[str, Any]]]:
    groups: tuple[tuple[str, Sequence[Thing]], ...] = (
        ("parent", draft.parent),
        ("grouping", draft.grouping),
        ("category", draft.category),
        ("other", draft.other),
    )
    return {name: [activity(thing) for thing in things] for name, things in groups if things}
