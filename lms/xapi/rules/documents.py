"""Documents beside statements: what a request asks for, what must hold before it changes one, and how two become one.

xAPI Communication 2.2 (documents), 2.3 (state), 2.6 and 2.7 (profiles), 3.1 (concurrency).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from lms.kernel import strict_json
from lms.kernel.errors import Conflict, Malformed
from lms.xapi.rules.agents import IDENTIFIERS
from lms.xapi.rules.errors import PreconditionFailed
from lms.xapi.rules.parameters import iri, moment, only, refused, somebody, uuid
from lms.xapi.rules.validate import Version, atoms

Method = Literal["PUT", "POST", "DELETE"]
JSON = "application/json"
LONGEST_NAME = 1000  # bytes: what both databases can index
LONGEST_TYPE = 255
_ETAG = re.compile(r'\s*(?:[Ww]/)?(?:"([^"]*)"|([^\s",]+))\s*(?:,|$)')


@dataclass(frozen=True, slots=True)
class Resource:
    """One of the three places where documents are kept, and what a document there belongs to."""

    kind: Literal["state", "activity", "agent"]
    named_by: str
    owners: tuple[str, ...]
    optional: tuple[str, ...] = ()


STATE = Resource("state", "stateId", ("activityId", "agent"), ("registration",))
ACTIVITY_PROFILE = Resource("activity", "profileId", ("activityId",))
AGENT_PROFILE = Resource("agent", "profileId", ("agent",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where documents are: to whom and what they belong; `name` is that of a single one, None for all of them."""

    resource: Resource
    activity: str | None = None
    agent: Mapping[str, Any] | None = None
    registration: UUID | None = None
    name: str | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Conditions:
    """Under which tags a change is wanted (If-Match) or not (If-None-Match); None where nothing was said."""

    match: frozenset[str] | None = None
    none_match: frozenset[str] | None = None


def place(resource: Resource, sent: Mapping[str, Sequence[str]], version: Version) -> Place:
    """The single document that a request is about; raises Malformed where no name says which."""
    found = _read(resource, sent, version, frozenset())
    if found.name is None:
        raise refused(resource.named_by, "is missing: say which document is meant.")
    return found


def places(resource: Resource, sent: Mapping[str, Sequence[str]], version: Version) -> Place:
    """The document, or where no name is given all of them, that a reader asks for; `since` leaves older ones out."""
    return _read(resource, sent, version, frozenset({"since"}))


def some(resource: Resource, sent: Mapping[str, Sequence[str]], version: Version) -> Place:
    """The document, or where no name is given all of them, that a request is about."""
    return _read(resource, sent, version, frozenset())


def activity(sent: Mapping[str, Sequence[str]], version: Version) -> str:
    """The one activity that a request asks about."""
    return str(_values(sent, ("activityId",), frozenset(), version)["activityId"])


def agent(sent: Mapping[str, Sequence[str]], version: Version) -> Mapping[str, Any]:
    """The one agent that a request asks about; a group is no person."""
    found: Mapping[str, Any] = _values(sent, ("agent",), frozenset(), version)["agent"]
    if found.get("objectType") == "Group":
        raise refused("agent", "is a group: ask for one of its members.")
    return found


def _read(resource: Resource, sent: Mapping[str, Sequence[str]], version: Version, further: frozenset[str]) -> Place:
    found = _values(sent, resource.owners, further | {resource.named_by, *resource.optional}, version)
    return Place(
        resource=resource,
        activity=found.get("activityId"),
        agent=found.get("agent"),
        registration=found.get("registration"),
        name=found.get(resource.named_by),
        since=found.get("since"),
    )


def _values(
    sent: Mapping[str, Sequence[str]], needed: Sequence[str], allowed: frozenset[str], version: Version
) -> dict[str, Any]:
    """Each parameter read by its kind; each is known and given once."""
    given = only(sent, {*allowed, *needed})
    for name in needed:
        if name not in given:
            raise refused(name, "is missing: give it with the address.")
    return {name: _READERS[name](name, text, version) for name, text in given.items()}


def _somebody(name: str, text: str, version: Version) -> Mapping[str, Any]:
    found = somebody(name, text, version)
    if not any(identifier in found for identifier in IDENTIFIERS):
        raise refused(name, "is a group without an identifier: documents belong to somebody who is known by one.")
    return found


def _name(name: str, text: str, version: Version) -> str:
    if not text:
        raise refused(name, "is empty: say which document is meant.")
    if len(text.encode()) > LONGEST_NAME:
        raise refused(name, f"is longer than {LONGEST_NAME} bytes: use a shorter one.")
    return text


_READERS: Mapping[str, Callable[[str, str, Version], object]] = {
    "activityId": iri,
    "agent": _somebody,
    "registration": uuid,
    "stateId": _name,
    "profileId": _name,
    "since": moment,
}


def conditions(match: str | None, none_match: str | None) -> Conditions:
    """What the headers If-Match and If-None-Match say.

    A tag counts with or without quotes, and also as a weak one: only what compressed an answer on its way weakens it.
    """
    return Conditions(_tags(match), _tags(none_match))


def _tags(header: str | None) -> frozenset[str] | None:
    if header is None:
        return None
    return frozenset(quoted or bare for quoted, bare in _ETAG.findall(header))


def judge(wanted: Conditions, etag: str | None, place: Place, method: Method, version: Version) -> None:
    """Whether a document with this tag, None where there is none, may be changed as is wanted (xAPI 3.1).

    Raises PreconditionFailed, Conflict, or for 1.0.3 Malformed where a profile's first version is sent unguarded.
    """
    if wanted.match is not None and (etag is None or wanted.match.isdisjoint({etag, "*"})):
        raise PreconditionFailed("The document is not the one that If-Match names: read it again, then change it.")
    if wanted.none_match is not None and etag is not None and not wanted.none_match.isdisjoint({etag, "*"}):
        raise PreconditionFailed("There is such a document already, and If-None-Match asks that there be none.")
    if method == "PUT" and wanted == Conditions() and _is_guarded(place, version):
        _refuse_unguarded(etag, version)


def _is_guarded(place: Place, version: Version) -> bool:
    """Version 1.0.3 expects no conflicts about a state; 2.0.0 makes no difference."""
    return version == "2.0.0" or place.resource != STATE


def _refuse_unguarded(etag: str | None, version: Version) -> None:
    if etag is not None:
        raise Conflict(
            "There is such a document already. To replace it, read it and send its ETag as If-Match; POST adds to it."
        )
    if version == "1.0.3":
        raise Malformed("Send If-None-Match: * to make a new document, or If-Match with its ETag to replace one.")


def etag(content: bytes) -> str:
    """The tag of a document's content: its SHA-1 in hexadecimal digits, as 1.0.3 says."""
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


def content_type(header: str | None) -> str:
    """What a document says it is; bytes where nothing is said."""
    found = (header or "").strip() or "application/octet-stream"
    if len(found) > LONGEST_TYPE or not found.isprintable() or not found.isascii():
        raise Malformed(f"Content-Type must be a media type of at most {LONGEST_TYPE} characters.")
    return found


def merged(kept: bytes, kept_type: str, sent: bytes, sent_type: str) -> bytes:
    """Two JSON objects as one: what was sent replaces or adds properties of the top level (xAPI 2.2)."""
    whole = _object(kept, kept_type, "The document that is there") | _object(sent, sent_type, "The document sent")
    return strict_json.write(whole).encode()


def is_json(content_type: str) -> bool:
    """Whether a document says that it is JSON."""
    return content_type.partition(";")[0].strip().lower() == JSON


def make_sure_mergeable(sent: bytes, sent_type: str) -> None:
    """Raise Malformed where a document says that it is JSON and is no JSON object: nothing could be merged with it."""
    if is_json(sent_type):
        _object(sent, sent_type, "The document sent")


def _object(content: bytes, content_type: str, which: str) -> dict[str, Any]:
    if not is_json(content_type):
        raise Malformed(f"{which} is {content_type[:80]}: only documents of {JSON} can be merged. Replace it with PUT.")
    try:
        found = strict_json.read(content)
    except Malformed as error:
        raise Malformed(f"{which} cannot be merged. {error.detail}") from None
    if not isinstance(found, dict):
        raise Malformed(f"{which} is {atoms.kind(found)}: only JSON objects can be merged. Replace it with PUT.")
    return found
