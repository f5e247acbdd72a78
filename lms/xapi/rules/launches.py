"""What a launched unit may say and touch: its own person, its registration, its activity, until its session ends.

A unit's word is somebody's word: it never decides about a course or a quiz of ours (row E2; cmi5, sections 8 to 10).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from lms.kernel.errors import Malformed, NotAllowed
from lms.xapi.rules import verbs
from lms.xapi.rules.agents import identifier
from lms.xapi.rules.errors import wrong
from lms.xapi.rules.iris import account, is_native

BEGINNING = "launch-"  # how the name of every launch token begins
SESSION = "https://w3id.org/xapi/cmi5/context/extensions/sessionid"
JUDGING = frozenset({verbs.PASSED, verbs.FAILED, verbs.COMPLETED, verbs.MASTERED, verbs.SATISFIED, verbs.WAIVED})
Kind = Literal["state", "activity", "agent"]
_ENDS_OF_A_NAME = ("/", "#", "?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How far a launch token reaches. Without `verbs`, the unit chooses its own."""

    name: str
    account_name: str
    registration: UUID
    activity: str
    session: str
    expires_at: datetime
    verbs: tuple[str, ...] = ()

    def covers(self, activity: str) -> bool:
        """Whether an activity is the one launched, or stands beneath it."""
        beneath = activity.removeprefix(self.activity)
        return activity == self.activity or (activity != beneath and beneath.startswith(_ENDS_OF_A_NAME))


def is_launch(name: str) -> bool:
    """Whether the name that somebody shows is that of a launch token."""
    return name.startswith(BEGINNING)


def check(bounds: Bounds, statement: Mapping[str, Any], at: str = "") -> None:
    """Raise NotAllowed or Malformed where a valid statement says more than the unit may; `at` is its place."""
    _check_actor(bounds, statement, at)
    _check_verb(bounds, statement, at)
    _check_object(bounds, statement, at)
    context = statement.get("context", {})
    _check_registration(bounds, context, at)
    _check_session(bounds, context, at)


def ends(bounds: Bounds, statement: Mapping[str, Any]) -> bool:
    """Whether the unit says by this statement that its session is over."""
    return bool(statement["verb"]["id"] == verbs.TERMINATED and statement["object"].get("id") == bounds.activity)


def may_touch(
    bounds: Bounds,
    kind: Kind,
    *,
    activity: str | None = None,
    agent: Mapping[str, Any] | None = None,
    registration: UUID | None = None,
) -> bool:
    """Whether a state, or what is kept or known of an activity or agent, is the unit's own."""
    own_activity = activity is not None and bounds.covers(activity)
    own_agent = agent is not None and _is_own(bounds, agent)
    match kind:
        case "state":
            return own_activity and own_agent and registration == bounds.registration
        case "activity":
            return own_activity
        case "agent":
            return own_agent


def _is_own(bounds: Bounds, agent: Mapping[str, Any]) -> bool:
    if agent.get("objectType", "Agent") != "Agent":
        return False
    return identifier(agent) == identifier(account(bounds.account_name))


def _check_actor(bounds: Bounds, statement: Mapping[str, Any], at: str) -> None:
    if not _is_own(bounds, statement["actor"]):
        raise _beyond(f"{at}/actor", "is not the person for whom the unit was launched: send the actor of the launch.")


def _check_verb(bounds: Bounds, statement: Mapping[str, Any], at: str) -> None:
    verb = statement["verb"]["id"]
    if verb == verbs.VOIDED:
        raise _beyond(f"{at}/verb/id", "is voided: a launched unit withdraws nothing; ask an administrator.")
    if bounds.verbs and verb not in bounds.verbs:
        raise _beyond(f"{at}/verb/id", f"is {verb!r}: this launch allows {', '.join(bounds.verbs)}.")


def _check_object(bounds: Bounds, statement: Mapping[str, Any], at: str) -> None:
    thing, verb = statement["object"], statement["verb"]["id"]
    if thing.get("objectType", "Activity") != "Activity":
        raise _beyond(f"{at}/object", "is no activity: a launched unit speaks of its own activity.")
    if verb in JUDGING and is_native(thing["id"]):
        what = f"is {thing['id']!r}, which is judged here alone: no unit says {verbs.word(verb)} about it."
        raise _beyond(f"{at}/object/id", what)
    if thing["id"] == bounds.activity:
        return
    if not bounds.covers(thing["id"]):
        raise _beyond(f"{at}/object/id", f"is not {bounds.activity!r}, which was launched, nor beneath it.")
    if not any(bounds.covers(above) for above in _above(statement.get("context", {}))):
        raise _beyond(f"{at}/context/contextActivities", f"must name {bounds.activity!r} as parent or in grouping.")


def _above(context: Mapping[str, Any]) -> Iterator[str]:
    related = context.get("contextActivities", {})
    for name in ("parent", "grouping"):
        named = related.get(name, ())
        for activity in (named,) if isinstance(named, Mapping) else named:
            yield str(activity["id"])


def _check_registration(bounds: Bounds, context: Mapping[str, Any], at: str) -> None:
    said = context.get("registration")
    if said is None:
        raise wrong(f"{at}/context/registration", "is missing: send the registration of the launch.")
    if UUID(said) != bounds.registration:
        raise _beyond(f"{at}/context/registration", "is not that of the launch.")


def _check_session(bounds: Bounds, context: Mapping[str, Any], at: str) -> None:
    said = context.get("extensions", {}).get(SESSION, bounds.session)
    if not isinstance(said, str):
        raise Malformed(f"{at}/context/extensions: {SESSION} must be a text, the session of the launch.")
    if said != bounds.session:
        raise _beyond(f"{at}/context/extensions", f"names another session than the launch: {SESSION}.")


def _beyond(place: str, text: str) -> NotAllowed:
    return NotAllowed(f"{place} {text}")
