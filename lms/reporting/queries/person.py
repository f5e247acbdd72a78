"""One person as those who may look see them: posts, obligations, levels against the role, and what was attained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from courses.models import Course, CourseVersion
from lms.agencies.models import Agency
from lms.agencies.queries import tree, visible
from lms.kernel import clock
from lms.kernel.actor import Actor
from lms.kernel.db import db
from lms.kernel.errors import NotThere
from lms.people.models import Assignment, Person
from lms.people.rules.spells import Spell
from lms.reporting.policy import PEOPLE
from lms.reporting.queries.asked import end_of
from lms.reporting.queries.lists import STATUSES
from lms.requirements.queries import RequirementRow, facts_by_requirement, requirements_in_force
from lms.requirements.queries.words import required_of
from lms.requirements.rules import Obligation, Standing, one_obligation, status_on
from lms.requirements.rules.standing import NOT_APPLICABLE
from lms.skills.queries import AttainmentRow, CompetenceRow, attainments_of, competences, families, targets
from lms.skills.rules import COUNTS_FROM, assurance_rank


@dataclass(frozen=True, slots=True)
class Stay:
    """An assignment; `agency` is None where it lies outside the reader's reach."""

    starts_on: date
    ends_on: date | None
    agency_id: int
    agency: str | None
    title: str
    family: str
    grade: str
    fte_percent: int
    is_primary: bool
    kind: str


@dataclass(frozen=True, slots=True)
class Owed:
    """What a person must hold: under the name of the strictest requirement, and every reason for it."""

    title: str
    standing: Standing
    why: str


@dataclass(frozen=True, slots=True)
class Skill:
    """A competence that the role needs; a level of None is not assessed."""

    code: str
    title: str
    wanted: int
    level: int | None

    @property
    def is_reached(self) -> bool:
        """Whether the level is what the role needs; not assessed is not reached."""
        return self.level is not None and self.level >= self.wanted


@dataclass(frozen=True, slots=True)
class Attained:
    """Something attained, under the name of the course or the competence."""

    row: AttainmentRow
    title: str
    counts: bool


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Everything on a person's page; `now` is the primary assignment of the day, if there is one.

    `known_on` is the last day whose records count, all of them where it is None.
    """

    id: int
    name: str
    day: date
    known_on: date | None
    now: Stay | None
    family: str
    stays: Sequence[Stay]
    owed: Sequence[Owed]
    skills: Sequence[Skill]
    attained: Sequence[Attained]


@dataclass(frozen=True, slots=True)
class _Noted:
    """An assignment with when it came on record, and when it was taken off again."""

    stay: Stay
    recorded_at: datetime
    withdrawn_at: datetime | None

    def known(self, at: datetime | None) -> bool:
        if at is None:
            return self.withdrawn_at is None
        return self.recorded_at <= at and (self.withdrawn_at is None or self.withdrawn_at > at)


def person(actor: Actor, person_id: int, day: date | None = None, known_on: date | None = None) -> PersonPage:
    """A person's page of a day; raises NotThere alike for nobody and for somebody out of reach today."""
    on, known_at = day or clock.today(), end_of(known_on)
    name, stays, concerned = _reachable(actor, person_id, known_at=known_at)
    now = _primary(stays, on)
    attained = _had(attainments_of(person_id), on, known_at)
    known = competences()
    wanted = targets(on).get(now.family, {}) if now else {}
    return PersonPage(
        id=person_id,
        name=name,
        day=on,
        known_on=known_on,
        now=now,
        family=families().get(now.family, now.family) if now else "",
        stays=stays,
        owed=_owed(person_id, on, known_at, concerned),
        skills=_skills(wanted, attained, known, on),
        attained=_attained(attained, known, on),
    )


def name_within_reach(actor: Actor, person_id: int, permission: str) -> str:
    """The name of a person whom a permission reaches today; raises NotThere otherwise."""
    return _reachable(actor, person_id, permission)[0]


def _reachable(
    actor: Actor, person_id: int, permission: str = PEOPLE, *, known_at: datetime | None = None
) -> tuple[str, list[Stay], frozenset[int]]:
    """Name, assignments as known, and the agencies in reach with those above them (none: all are).

    Whoever is in reach today is shown with their whole history, the latest first.
    """
    today = clock.today()
    reach = actor.reach(permission)
    stood = tree(today)
    seen = visible(reach, stood)
    name, noted = _history(person_id)
    now = _primary([row.stay for row in noted if row.known(None)], today)
    if not reach.everywhere and (now is None or now.agency_id not in seen):
        raise NotThere()
    stays = [row.stay for row in noted if row.known(known_at)]
    if reach.everywhere:
        return name, stays, frozenset()
    above = frozenset(id for below in seen for id in stood.path(below))
    return name, [stay if stay.agency_id in seen else _veiled(stay) for stay in stays], seen | above


def _history(person_id: int) -> tuple[str, list[_Noted]]:
    dated = (Assignment.starts_on, Assignment.ends_on, Assignment.agency_id, Agency.name.label("agency"))
    words = (Assignment.title, Assignment.family, Assignment.grade)
    rest = (Assignment.fte_percent, Assignment.is_primary, Assignment.kind)
    record = (Assignment.recorded_at, Assignment.withdrawn_at)
    rows: Sequence[Any] = db.session.execute(
        select(Person.name.label("who"), *record, *dated, *words, *rest)
        .outerjoin(Assignment, Assignment.person_id == Person.id)
        .outerjoin(Agency, Agency.id == Assignment.agency_id)
        .where(Person.id == person_id)
        .order_by(Assignment.starts_on.desc(), Assignment.is_primary.desc())
    ).all()
    if not rows:
        raise NotThere()
    return rows[0].who, [_Noted(Stay(*row[3:]), *row[1:3]) for row in rows if row.starts_on is not None]


def _veiled(stay: Stay) -> Stay:
    """An assignment elsewhere: that there was one is part of the person's history, where it was is not shown."""
    return Stay(
        stay.starts_on, stay.ends_on, stay.agency_id, None, "", "", "", stay.fte_percent, stay.is_primary, stay.kind
    )


def _primary(stays: Sequence[Stay], day: date) -> Stay | None:
    return next((s for s in stays if s.is_primary and Spell(s.starts_on, s.ends_on).holds(day)), None)


def _had(rows: Sequence[AttainmentRow], day: date, known_at: datetime | None) -> list[AttainmentRow]:
    """What had been attained by a day past, as far as was known at a moment."""
    past = day < clock.today()
    had = [row for row in rows if not past or row.achieved_on <= day]
    return had if known_at is None else [_as_known(row, known_at) for row in had if row.recorded_at <= known_at]


def _as_known(row: AttainmentRow, known_at: datetime) -> AttainmentRow:
    withdrawn_later = row.revoked_at is not None and row.revoked_at > known_at
    return replace(row, revoked_at=None) if withdrawn_later else row


def _owed(person_id: int, day: date, known_at: datetime | None, concerned: frozenset[int]) -> list[Owed]:
    """One entry for each target, the most pressing first; without what another ministry required in its time."""
    rows = {
        row.code: row for row in requirements_in_force(day, known_at) if not concerned or row.agency_id in concerned
    }
    facts = facts_by_requirement(list(rows.values()), known_at, [person_id]) if rows else {}
    by_target: dict[str, dict[str, Standing]] = {}
    for code, row in rows.items():
        theirs = facts[code].get(person_id)
        standing = status_on(theirs, row.terms, day) if theirs else NOT_APPLICABLE
        by_target.setdefault(row.target, {})[code] = standing
    found = [(one_obligation(by_code), by_code) for by_code in by_target.values()]
    return sorted((_owing(owed, by_code, rows) for owed, by_code in found if owed is not None), key=_pressing)


def _owing(owed: Obligation, by_code: Mapping[str, Standing], rows: Mapping[str, RequirementRow]) -> Owed:
    strictest = next(code for code in owed.sources if by_code[code] == owed.standing)
    titles = families()
    return Owed(
        title=rows[strictest].title,
        standing=owed.standing,
        why=" ".join(f"{required_of(rows[code], titles)}." for code in owed.sources),
    )


def _pressing(owed: Owed) -> tuple[int, date, str]:
    standing = owed.standing
    return STATUSES.index(standing.status), standing.due_on or standing.expires_on or date.max, owed.title


def _skills(
    wanted: Mapping[str, int], rows: Sequence[AttainmentRow], known: Mapping[str, CompetenceRow], day: date
) -> list[Skill]:
    held: dict[str, int] = {}
    for row in rows:
        if row.level is not None and _counts(row, day):
            held[row.target] = max(row.level, held.get(row.target, 0))
    order = {code: place for place, code in enumerate(known)}
    codes = sorted(wanted, key=lambda code: order.get(code, len(order)))
    return [Skill(code, known[code].title if code in known else code, wanted[code], held.get(code)) for code in codes]


def _counts(row: AttainmentRow, day: date) -> bool:
    return row.valid_on(day) and assurance_rank(row.assurance) >= COUNTS_FROM


def _attained(rows: Sequence[AttainmentRow], known: Mapping[str, CompetenceRow], day: date) -> list[Attained]:
    names = course_titles([slug for row in rows if (slug := row.course_slug)])
    titles = {f"course:{slug}": title for slug, title in names.items()}
    titles |= {code: f"{code} {competence.title}" for code, competence in known.items()}
    return [Attained(row, titles.get(row.target) or _unknown(row), row.valid_on(day)) for row in rows]


def _unknown(row: AttainmentRow) -> str:
    return row.course_slug or row.elsewhere or row.target


def course_titles(slugs: Sequence[str]) -> Mapping[str, str]:
    """The titles of courses by their slugs, as published."""
    if not slugs:
        return {}
    published = select(Course.slug, CourseVersion.title).join(
        CourseVersion, CourseVersion.id == Course.published_version_id
    )
    return {slug: title for slug, title in db.session.execute(published.where(Course.slug.in_(set(slugs))))}
