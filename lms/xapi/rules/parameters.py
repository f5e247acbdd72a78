"""What a reader of statements may ask for (xAPI Communication 2.1.3), read strictly: anything else is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lms.kernel import strict_json
from lms.kernel.errors import Malformed
from lms.xapi.rules import agents, moments
from lms.xapi.rules.validate import SOMEBODY, Version, atoms

PAGE, LARGEST_PAGE = 100, 500
FORMATS = ("ids", "exact", "canonical")
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
        return Filters(**_values(given, version))  # type: ignore[arg-type]
    name = chosen[0]
    others = given.keys() - _BESIDE_ONE - {name}
    if others:
        raise Malformed(f"{name} stands alone: leave {', '.join(sorted(others))} out.")
    shape = _values({key: text for key, text in given.items() if key != name}, version)
    return One(_uuid(name, given[name]), name == "voidedStatementId", **shape)  # type: ignore[arg-type]


def statement_id(sent: Mapping[str, Sequence[str]]) -> UUID:
    """The id that a single statement is sent under, and nothing beside it."""
    given = only(sent, {"statementId"})
    if "statementId" not in given:
        raise Malformed("statementId is missing: say under which id the statement is to be stored.")
    return _uuid("statementId", given["statementId"])


def only(sent: Mapping[str, Sequence[str]], known: Set[str]) -> dict[str, str]:
    """The parameters, each known and given once."""
    for name, values in sent.items():
        if name not in known:
            raise Malformed(f"There is no parameter {name[:60]!r} here: check its spelling and its case.")
        if len(values) != 1:
            raise Malformed(f"{name} is given {len(values)} times: give it once.")
    return {name: values[0] for name, values in sent.items()}


def _values(given: Mapping[str, str], version: Version) -> dict[str, object]:
    return {name: _READERS[name](name, text, version) for name, text in given.items()}


def _agent(name: str, text: str, version: Version) -> str:
    try:
        value = strict_json.read(text)
    except Malformed as error:
        raise Malformed(f"{name} must be an agent as a JSON object: {error.detail}") from None
    SOMEBODY(value, f"/{name}", version)
    return agents.identifier(value)


def _iri(name: str, text: str, version: Version) -> str:
    atoms.iri(text, f"/{name}", version)
    return text


def _registration(name: str, text: str, version: Version) -> UUID:
    return _uuid(name, text)


def _moment(name: str, text: str, version: Version) -> datetime:
    try:
        # a plus sign that was not escaped arrives as a space
        return moments.read(text.replace(" ", "+"), zone_needed=False)
    except ValueError as error:
        raise Malformed(f"{name} {error}.") from None


def _limit(name: str, text: str, version: Version) -> int:
    if re.fullmatch(r"[0-9]{1,9}", text) is None:
        raise Malformed("limit must be a whole number, 0 or more; 0 means as many as a page may hold.")
    return min(int(text) or LARGEST_PAGE, LARGEST_PAGE)


def _format(name: str, text: str, version: Version) -> str:
    if text not in FORMATS:
        raise Malformed(f"format must be one of {', '.join(FORMATS)}.")
    return text


def _truth(name: str, text: str, version: Version) -> bool:
    if text not in {"true", "false"}:
        raise Malformed(f"{name} must be true or false.")
    return text == "true"


def _uuid(name: str, text: str) -> UUID:
    try:
        atoms.uuid(text, f"/{name}", "2.0.0")
    except Malformed:
        raise Malformed(f"{name} must be a UUID such as 7c5b1f0e-2d43-4c58-9a3c-0d5f6f4f2b11.") from None
    return UUID(text)


_READERS: Mapping[str, Callable[[str, str, Version], object]] = {
    "agent": _agent,
    "verb": _iri,
    "activity": _iri,
    "registration": _registration,
    "since": _moment,
    "until": _moment,
    "limit": _limit,
    "related_agents": _truth,
    "related_activities": _truth,
    "ascending": _truth,
    "format": _format,
    "attachments": _truth,
}
