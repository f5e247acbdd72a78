"""Statements as nearly all of them are: somebody, a verb, an activity, a result and a context without anybody else.

Of such a statement most was said before in the very same words: who, of what, within what. Those parts are known by
their text, so that they are neither parsed nor checked again; what remains is read by its shape. Whatever is not
plainly a sound statement of this kind is left to those who take statements apart, and have the words for what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from lms.kernel import strict_json
from lms.xapi.rules import moments, verbs
from lms.xapi.rules.agents import identifier
from lms.xapi.rules.iris import account_of_ours
from lms.xapi.rules.naming import Activities, Names, Part, named, plainly, recalled
from lms.xapi.rules.validate import words
from lms.xapi.rules.validate.activities import ACTIVITY
from lms.xapi.rules.validate.contexts import RELATED
from lms.xapi.rules.validate.flaws import Flaw, Version
from lms.xapi.rules.validate.people import SOMEBODY
from lms.xapi.rules.validate.whole import VERB

_MANY, _FEW = 4096, 256  # parts that are remembered, by how many of a kind there are
_LEVELS = strict_json.DEPTH_LIMIT - 3  # of a part: within a result or a context it stands three levels deep
_NO_ACTIVITIES = Activities((), ())


class _Score(Struct, forbid_unknown_fields=True, omit_defaults=True):
    scaled: int | float | UnsetType = UNSET
    raw: int | float | UnsetType = UNSET
    min: int | float | UnsetType = UNSET
    max: int | float | UnsetType = UNSET


class _Result(Struct, forbid_unknown_fields=True, omit_defaults=True):
    score: _Score | UnsetType = UNSET
    success: bool | UnsetType = UNSET
    completion: bool | UnsetType = UNSET
    response: str | UnsetType = UNSET
    duration: str | UnsetType = UNSET
    extensions: Raw | UnsetType = UNSET


class _Context(Struct, forbid_unknown_fields=True, omit_defaults=True):
    registration: str | UnsetType = UNSET
    contextActivities: Raw | UnsetType = UNSET
    revision: str | UnsetType = UNSET
    platform: str | UnsetType = UNSET
    language: str | UnsetType = UNSET
    extensions: Raw | UnsetType = UNSET


class _Statement(Struct, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """The parts in the order in which most senders say them."""

    id: str | UnsetType = UNSET
    actor: Raw
    verb: Raw
    object: Raw
    result: _Result | UnsetType = UNSET
    context: _Context | UnsetType = UNSET
    timestamp: str | UnsetType = UNSET


class Plain(Struct, frozen=True):
    """What is to be known of a plain statement before it is stored.

    `id` and `timestamp` are None where its sender left them out; `account` is its actor's name where that is an account
    with us, and empty otherwise. `parts` are those that are often asked for later, by their keys.
    """

    id: UUID | None
    timestamp: datetime | None
    account: str
    names: Names
    parts: Mapping[str, Any]


class _Somebody(NamedTuple):
    name: str
    agent: Part


def understood(text: bytes, version: Version) -> Plain | None:
    """What a text says, if it is plainly a sound statement, as strict as every other reader; None otherwise."""
    try:
        said = _decode(text)
        if not strict_json.is_as_said(text, _encode(said)):
            return None
        return _plain(said, version)
    except (ValueError, msgspec.MsgspecError, RecursionError, Flaw):
        return None


def _plain(said: _Statement, version: Version) -> Plain:
    who, verb = recalled(_somebody, bytes(said.actor)), recalled(_verb, bytes(said.verb))
    what = recalled(_activity, bytes(said.object))
    parts = {} if said.result is UNSET else _checked_result(said.result)
    registration, related = None, _NO_ACTIVITIES
    if said.context is not UNSET:
        registration, related = _around(said.context)
    moment = None
    if said.timestamp is not UNSET:
        moment = moments.read(said.timestamp, zone_needed=version != "1.0.3")
    names = plainly(who.name, who.agent, verb, registration, what, related)
    return Plain(_id(said.id), moment, account_of_ours(who.agent) or "", names, parts)


def _id(said: str | UnsetType) -> UUID | None:
    if said is UNSET:
        return None
    words.uuid(said)
    return msgspec.convert(said, UUID)


def _around(context: _Context) -> tuple[UUID | None, Activities]:
    """The registration and the related activities of a context."""
    related = _NO_ACTIVITIES
    if context.contextActivities is not UNSET:
        related = recalled(_related, bytes(context.contextActivities))
    if context.extensions is not UNSET:
        recalled(_extensions, bytes(context.extensions))
    if context.language is not UNSET:
        words.language(context.language)
    if context.registration is UNSET:
        return None, related
    return _registration(context.registration), related


def _checked_result(result: _Result) -> dict[str, Any]:
    """A result as a part, unless it holds what was not parsed."""
    if result.duration is not UNSET:
        words.duration(result.duration)
    if result.score is not UNSET:
        _check_score(result.score)
    if result.extensions is UNSET:
        return {"result": result}
    recalled(_extensions, bytes(result.extensions))
    return {}


def _check_score(score: _Score) -> None:
    """Raises ValueError unless its numbers are in order, and so small that all readers read them alike."""
    highest = strict_json.SAFE_INTEGER - 1
    lowest = -highest
    low = lowest if score.min is UNSET else score.min
    high = highest if score.max is UNSET else score.max
    reached = low if score.raw is UNSET else score.raw
    scaled = 0 if score.scaled is UNSET else score.scaled
    if not (lowest <= low <= reached <= high <= highest and low < high and -1 <= scaled <= 1):
        raise ValueError


# --- parts, by their text


def _sound(text: bytes, check: Callable[[Any], None]) -> Any:
    """The value of a part that is as it must be; raises ValueError or Flaw for any other."""
    value = strict_json.sure(text, _LEVELS)
    check(value)
    return value


@lru_cache(maxsize=_MANY)
def _somebody(text: bytes) -> _Somebody:
    agent = _sound(text, SOMEBODY)
    if "member" in agent:
        raise ValueError
    return _Somebody(identifier(agent), agent)


@lru_cache(maxsize=_FEW)
def _verb(text: bytes) -> str:
    verb = str(_sound(text, VERB)["id"])
    if verb == verbs.VOIDED:
        raise ValueError
    return verb


@lru_cache(maxsize=_MANY)
def _activity(text: bytes) -> Activities:
    return named([_sound(text, ACTIVITY)])


@lru_cache(maxsize=_MANY)
def _related(text: bytes) -> Activities:
    """Related activities, each in its list: a single one in place of a list is written anew."""
    value = _sound(text, RELATED)
    if any(isinstance(things, dict) for things in value.values()):
        raise ValueError
    return named(thing for things in value.values() for thing in things)


@lru_cache(maxsize=_MANY)
def _registration(text: str) -> UUID:
    words.uuid(text)
    return UUID(text)


@lru_cache(maxsize=_FEW)
def _extensions(text: bytes) -> None:
    _sound(text, words.extensions)


_decode = msgspec.json.Decoder(_Statement).decode
_encode = msgspec.json.Encoder().encode
