"""An assessor confirms what somebody can do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from lms.agencies import queries as agencies
from lms.kernel import audit, clock
from lms.kernel.actor import Actor
from lms.kernel.errors import Refused
from lms.people import queries as people
from lms.skills import policy, queries, statements
from lms.skills.rules import LEVELS
from lms.xapi import record

_NOON = time(12)


def verify_profile(*, actor: Actor, person_id: int, levels: Mapping[str, int], on: date) -> UUID:
    """Confirm a person's levels as shown on a day; returns the id of the statement that says so.

    The author is never the person concerned. Raises Refused for unknown competences, levels off the scale and days
    to come.
    """
    stamp = people.stamp(person_id, on)
    tree = agencies.tree(on)
    policy.must_verify(actor, person_id=person_id, path=tree.path(stamp.agency_id) if stamp.agency_id else ())
    _check_levels(levels)
    agency = tree.rows.get(stamp.agency_id) if stamp.agency_id else None
    shown = _moment_of(on, agency.time_zone if agency else "UTC")
    assessor = actor.account_name or actor.kind
    fact = record(statements.profile_verified(stamp=stamp, levels=levels, verified_by=assessor, timestamp=shown))
    after = {"levels": dict(levels), "on": on.isoformat(), "statement": str(fact.id)}
    audit.note(actor=actor, action="skills.verify_profile", subject=("person", person_id), after=after)
    return fact.id


def _check_levels(levels: Mapping[str, int]) -> None:
    if not levels:
        raise Refused("No level is given: name at least one competence.", errors={"levels": "Name one competence."})
    known = queries.competences()
    errors = {code: f"There is no competence {code}." for code in levels if code not in known}
    errors |= {code: "Choose a level from 1 to 8." for code, level in levels.items() if level not in LEVELS}
    if errors:
        raise Refused(" ".join(f"{code}: {text}" for code, text in errors.items()), errors=errors)


def _moment_of(on: date, zone: str) -> datetime:
    """Noon of a day where the person works; the present moment if that day is today."""
    today = clock.today(zone)
    if on > today:
        raise Refused(f"{on} is still to come: give the day on which the levels were shown.")
    if on == today:
        return clock.now()
    return datetime.combine(on, _NOON, ZoneInfo(zone)).astimezone(UTC)
