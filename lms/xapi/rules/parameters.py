"""What a reader of statements may ask for (xAPI Communication 2.1.3), read strictly: anything else is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lms.kernel import strict_json
from lms.kernel.errors import Malformed
from lms.xapi.rules import agents, moments
from lms.xapi.rules.validate import SOMEBODY, Version, atoms
from lms.xapi.rules.validate.flaws import PointedCheck

PAGE, LARGEST_PAGE = 100, 500
FORMATS = ("ids", "exact", "canonical")
_UUID = "must be a UUID such as 7c5b1f0e-2d43-4c58-9a3c-0d5f6f4f2b11."
_IRI = "must be an IRI with its scheme, such as https://example.gov/x."
_AGENT = 'must be an agent as a JSON object, such as {"mbox": "mailto:amina@gov.example"}'
_ALONE = frozenset({"statementId", "voidedStatementId"})
_BESIDE_ONE = frozenset({"attachments", "format"})


@dataclass(frozen=True, slots=True)
class One:
    """A single statement asked for by its id."""

    id: UUID
    voided: bool
    format: str = "exact"
    attachments: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Statements asked for by what they have in common; `beyond` is the last one of the page before."""

    agent: str | None = None
    verb: str | None = None
    activity: str | None = None
    registration: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    limit: int = PAGE
    related_agents: bool = False
    related_activities: bool = False
    ascending: bool = False
    format: str = "exact"
    attachments: bool = False
    beyond: int | None = None


def read(sent: Mapping[str, Sequence[str]], version: Version) -> One | Filters:
    """What the query asks for; raises Malformed that names the parameter."""
    given = only(sent, _ALONE | _READERS.keys())
    chosen = sorted(_ALONE & given.keys())
    if not chosen:
        return Filters(**_values(given, version))
    name = chosen[0]
    others = given.keys() - _BESIDE_ONE - {name}
    if others:
        raise refused(name, f"stands alone: leave {', '.join(sorted(others))} out.")
    shape = _values({key: text for key, text in given.items() if key != name}, version)
    return One(uuid(name, given[name], version), name == "voidedStatementId", **shape)


def statement_id(sent: Mapping[str, Sequence[str]]) -> UUID:
    """The id that a single statement is sent under, and nothing beside it."""
    given = only(sent, {"statementId"})
    if "statementId" not in given:
        raise refused("statementId", "is missing: say under which id the statement is to be stored.")
    return uuid("statementId", given["statementId"], "2.0.0")


def only(sent: Mapping[str, Sequence[str]], known: Set[str]) -> dict[str, str]:
    """The parameters, each known and given once."""
    for name, values in sent.items():
        if name not in known:
            raise refused(name[:60], "is no parameter here: check its spelling and its case.")
        if len(values) != 1:
            raise refused(name, f"is given {len(values)} times: give it once.")
    return {name: values[0] for name, values in sent.items()}


def refused(name: str, text: str) -> Malformed:
    """A refusal that names the parameter which it is about, and says what it should be."""
    return Malformed(f"{name} {text}", errors={name: text})


def somebody(name: str, text: str, version: Version) -> dict[str, Any]:
    """An agent or group, written as JSON."""
    try:
        value = strict_json.read(text)
    except Malformed as error:
        # to whoever reads JSON a body is all that there is
        raise refused(name, f"{_AGENT}. {error.detail.replace('The body', 'What was sent', 1)}") from None
    try:
        SOMEBODY(value, "", version)
    except Malformed as error:
        ((place, what),) = error.errors.items()
        raise refused(name, f"{_AGENT}: {'it' if place == '/' else place} {what}") from None
    found: dict[str, Any] = value
    return found


def iri(name: str, text: str, version: Version) -> str:
    """An IRI."""
    return _checked(atoms.iri, name, text, version, _IRI)


def uuid(name: str, text: str, version: Version) -> UUID:
    """A UUID."""
    return UUID(_checked(atoms.uuid, name, text, version, _UUID))


def _checked(check: PointedCheck, name: str, text: str, version: Version, wanted: str) -> str:
    try:
        check(text, "", version)
    except Malformed:
        raise refused(name, wanted) from None
    return text


def moment(name: str, text: str, version: Version) -> datetime:
    """A moment; UTC where it names no zone."""
    try:
        # a plus sign that was not escaped arrives as a space
        return moments.read(text.replace(" ", "+"), zone_needed=False)
    except ValueError as error:
        raise refused(name, f"{error}.") from None


def _values(given: Mapping[str, str], version: Version) -> dict[str, Any]:
    return {name: _READERS[name](name, text, version) for name, text in given.items()}


def _agent(name: str, text: str, version: Version) -> str:
    return agents.identifier(somebody(name, text, version))


def _limit(name: str, text: str, version: Version) -> int:
    if re.fullmatch(r"[0-9]{1,9}", text) is None:
        raise refused(name, "must be a whole number, 0 or more; 0 means as many as a page may hold.")
    return min(int(text) or LARGEST_PAGE, LARGEST_PAGE)


def _format(name: str, text: str, version: Version) -> str:
    if text not in FORMATS:
        raise refused(name, f"must be one of {', '.join(FORMATS)}.")
    return text


def _truth(name: str, text: str, version: Version) -> bool:
    if text not in {"true", "false"}:
        raise refused(name, "must be true or false.")
    return text == "true"


_READERS: Mapping[str, Callable[[str, str, Version], object]] = {
    "agent": _agent,
    "verb": iri,
    "activity": iri,
    "registration": uuid,
    "since": moment,
    "until": moment,
    "limit": _limit,
    "related_agents": _truth,
    "related_activities": _truth,
    "ascending": _truth,
    "format": _format,
    "attachments": _truth,
}
