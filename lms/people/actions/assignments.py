"""What a person does, where and when: assigning, ending, transferring, seconding, and long absences.

A dated fact is never edited: a change withdraws it and records another, so that what was known before stays known.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, TypedDict, Unpack

from sqlalchemy import Row, bindparam, insert, select, update

from lms.agencies.queries import is_open
from lms.kernel import audit, clock
from lms.kernel.actor import Actor
from lms.kernel.db import db, run
from lms.kernel.errors import NotThere, Refused
from lms.people import policy
from lms.people.actions.persons import end_sessions_of, must_exist
from lms.people.models import Absence, Assignment
from lms.people.rules.spells import Spell, first_clash

KINDS = ("substantive", "acting", "secondment_in", "seconded_out")
EMPLOYMENTS = ("permanent", "fixed_term", "temporary", "contractor", "intern", "elected")
_PRIMARY_SPELLS = select(Assignment.starts_on, Assignment.ends_on).where(
    Assignment.person_id == bindparam("person"), Assignment.is_primary, Assignment.withdrawn_at.is_(None)
)
_NEW = insert(Assignment).returning(Assignment.id)
_TERMS = ("post_id", "title", "family", "grade", "fte_percent", "kind", "employment", "manager_id")


class Terms(TypedDict, total=False):
    """On what terms somebody is assigned; what is left out is as the assignment's table says."""

    post_id: int | None
    title: str
    family: str
    grade: str
    fte_percent: int
    kind: str
    employment: str
    manager_id: int | None


def assign(
    *,
    actor: Actor,
    person_id: int,
    agency_id: int,
    starts_on: date,
    ends_on: date | None = None,
    is_primary: bool = True,
    **terms: Unpack[Terms],
) -> int:
    """Assign a person to an agency on `[starts_on, ends_on)`; raises Refused beside another primary assignment."""
    policy.must_manage(actor)
    must_exist(person_id)
    spell = Spell(starts_on, ends_on)
    _check_terms(agency_id, spell, terms)
    if is_primary:
        _refuse_second_primary(person_id, spell)
    values = {"person_id": person_id, "agency_id": agency_id, "is_primary": is_primary, **terms}
    assignment_id = _record(values, spell)
    _note(actor, "people.assign", person_id, {"assignment": assignment_id, **_days(values, spell)})
    end_sessions_of(person_id)
    return assignment_id


def end_assignment(*, actor: Actor, assignment_id: int, on: date) -> int | None:
    """End an assignment: `on` is the first day it no longer holds.

    Returns the id of the row that stands in its place, or None where no day of it is left.
    """
    policy.must_manage(actor)
    row = db.session.execute(_open_rows().where(Assignment.id == assignment_id)).first()
    if row is None:
        raise NotThere(f"There is no assignment with the id {assignment_id}, or it was replaced.")
    must_exist(row.person_id)
    ended = _end(row, on)
    _note(actor, "people.end_assignment", row.person_id, {"assignment": assignment_id, "on": on.isoformat()})
    end_sessions_of(row.person_id)
    return ended


def transfer(*, actor: Actor, person_id: int, agency_id: int, on: date, **terms: Unpack[Terms]) -> int:
    """Move a person's primary assignment to another agency from a day on; what the terms leave out stays as it was."""
    policy.must_manage(actor)
    must_exist(person_id)
    old = _primary_on(person_id, on)
    _end(old, on)
    kept: Terms = {**_carried(old), **terms}
    return assign(actor=actor, person_id=person_id, agency_id=agency_id, starts_on=on, ends_on=old.ends_on, **kept)


def second(*, actor: Actor, person_id: int, host_agency_id: int, on: date, until: date | None = None) -> int:
    """Second a person: the host's assignment becomes the primary one, home keeps one without hours (section 2.3).

    With `until`, the first day back, home becomes the primary one again by itself.
    """
    policy.must_manage(actor)
    must_exist(person_id)
    home = _primary_on(person_id, on)
    back = until if until is not None else home.ends_on
    if back is not None and (back <= on or (home.ends_on is not None and back > home.ends_on)):
        raise Refused(f"The secondment would end on {back}: it must end after it begins and within the assignment.")
    _end(home, on)
    away = Spell(on, back)
    if until is not None and (home.ends_on is None or until < home.ends_on):
        _record(_as_before(home), Spell(until, home.ends_on))
    _record({**_as_before(home), "is_primary": False, "kind": "seconded_out", "fte_percent": 0}, away)
    terms: Terms = {**_carried(home), "kind": "secondment_in"}
    return assign(actor=actor, person_id=person_id, agency_id=host_agency_id, starts_on=on, ends_on=back, **terms)


def note_absence(
    *, actor: Actor, person_id: int, starts_on: date, ends_on: date | None = None, long_term: bool = True
) -> int:
    """Note that a person is away on `[starts_on, ends_on)`, without the reason."""
    policy.must_manage(actor)
    must_exist(person_id)
    spell = Spell(starts_on, ends_on)
    _check_days(spell)
    known = select(Absence.starts_on, Absence.ends_on)
    rows = db.session.execute(known.where(Absence.person_id == person_id, Absence.withdrawn_at.is_(None)))
    clash = first_clash((Spell(*row) for row in rows), spell)
    if clash:
        raise Refused(f"An absence from {clash.starts_on} is already noted for these days: choose other days.")
    values = {"person_id": person_id, "starts_on": starts_on, "ends_on": ends_on, "long_term": long_term}
    made = insert(Absence).values(**values, recorded_at=clock.now()).returning(Absence.id)
    absence_id: int = db.session.execute(made).scalar_one()
    _note(actor, "people.note_absence", person_id, {"absence": absence_id, **_days({}, spell)})
    return absence_id


def _open_rows() -> Any:
    return select(Assignment.__table__).where(Assignment.withdrawn_at.is_(None))


def _primary_on(person_id: int, on: date) -> Row[Any]:
    rows: Sequence[Row[Any]] = db.session.execute(
        _open_rows().where(Assignment.person_id == person_id, Assignment.is_primary)
    ).all()
    for row in rows:
        if Spell(row.starts_on, row.ends_on).holds(on):
            return row
    raise Refused(f"The person has no primary assignment on {on}: assign them first, or choose another day.")


def _refuse_second_primary(person_id: int, spell: Spell) -> None:
    rows = run(_PRIMARY_SPELLS, {"person": person_id})
    clash = first_clash((Spell(*row) for row in rows), spell)
    if clash:
        until = f"until {clash.ends_on}" if clash.ends_on else "without an end"
        message = f"A primary assignment from {clash.starts_on} {until} is in the way: end it first, or transfer."
        raise Refused(message, errors={"starts_on": message})


def _check_terms(agency_id: int, spell: Spell, terms: Terms) -> None:
    _check_days(spell)
    errors: dict[str, str] = {}
    if not is_open(agency_id, spell.starts_on):
        errors["agency_id"] = f"There is no agency {agency_id} open on {spell.starts_on}: choose another."
    if not 0 <= terms.get("fte_percent", 100) <= 100:
        errors["fte_percent"] = "Hours are a share of a full week: write 0 to 100 percent."
    if terms.get("kind", KINDS[0]) not in KINDS:
        errors["kind"] = f"Choose one of {', '.join(KINDS)}."
    if terms.get("employment", EMPLOYMENTS[0]) not in EMPLOYMENTS:
        errors["employment"] = f"Choose one of {', '.join(EMPLOYMENTS)}."
    if errors:
        raise Refused(" ".join(errors.values()), errors=errors)


def _check_days(spell: Spell) -> None:
    if spell.is_empty:
        message = f"The end {spell.ends_on} is not after the start {spell.starts_on}: the end is the first day off."
        raise Refused(message, errors={"ends_on": message})


def _end(row: Row[Any], on: date) -> int | None:
    """Withdraw a row and record it anew with an earlier end; one that never began leaves nothing."""
    if on < row.starts_on or (row.ends_on is not None and on >= row.ends_on):
        ends = row.ends_on or "open"
        raise Refused(f"The assignment holds from {row.starts_on} to {ends}: it cannot be ended on {on}.")
    db.session.execute(update(Assignment).where(Assignment.id == row.id).values(withdrawn_at=clock.now()))
    return None if on == row.starts_on else _record(_as_before(row), Spell(row.starts_on, on))


def _carried(row: Row[Any]) -> Terms:
    """What somebody takes along into the next assignment; the seat and the line manager stay behind."""
    return {
        "title": row.title,
        "family": row.family,
        "grade": row.grade,
        "fte_percent": row.fte_percent,
        "employment": row.employment,
    }


def _as_before(row: Row[Any]) -> dict[str, Any]:
    same = ("person_id", "agency_id", "is_primary", *_TERMS)
    return {name: row._mapping[name] for name in same}


def _record(values: dict[str, Any], spell: Spell) -> int:
    days = {"starts_on": spell.starts_on, "ends_on": spell.ends_on, "recorded_at": clock.now()}
    made: int = run(_NEW, {**values, **days}).scalar_one()
    return made


def _days(values: dict[str, Any], spell: Spell) -> dict[str, Any]:
    until = spell.ends_on.isoformat() if spell.ends_on else None
    return {**values, "starts_on": spell.starts_on.isoformat(), "ends_on": until}


def _note(actor: Actor, action: str, person_id: int, after: dict[str, Any]) -> None:
    audit.note(actor=actor, action=action, subject=("person", person_id), after=after)
