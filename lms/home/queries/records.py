"""What a person's own record shows: what was attained, with the proof, and every course taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from courses import queries as course_queries
from courses.queries import EnrolmentRow
from lms.home.queries.landing import Gap, role_levels
from lms.kernel import clock
from lms.kernel.actor import Actor
from lms.kernel.errors import NotThere
from lms.people import queries as people_queries
from lms.skills import queries as skill_queries
from lms.skills.queries import AttainmentRow, recognised
from lms.skills.queries.recognised import Told
from lms.xapi import queries as record_queries
from lms.xapi.queries import Entry
from lms.xapi.rules.sentences import in_language


@dataclass(frozen=True, slots=True)
class Award:
    """A course attained: its title, whether it counts today, and who told it where that is somebody outside.

    `by_decision` where it ended since a recognition was withdrawn.
    """

    title: str
    topic: str
    attainment: AttainmentRow
    valid: bool
    told: Told | None
    by_decision: bool


@dataclass(frozen=True, slots=True)
class Participation:
    """Something that was taken part in elsewhere: its name, or its address where it has none, and who told it."""

    title: str
    attainment: AttainmentRow
    told: Told | None


@dataclass(frozen=True, slots=True)
class Record:
    """A person's own record."""

    name: str
    title: str
    awards: Sequence[Award]
    elsewhere: Sequence[Participation]
    levels: Sequence[Gap]
    levels_from: Mapping[str, AttainmentRow]
    enrolments: Sequence[EnrolmentRow]
    recent: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class Proof:
    """What proves one attainment: the statements of the registration it came from, in order."""

    title: str
    achieved_on: date
    expires_on: date | None
    revoked_at: datetime | None
    assurance: str
    trail: Sequence[Entry]


def own_record(actor: Actor, language: str) -> Record:
    """Compose the record of the actor."""
    person_id = actor.person_id or 0
    today = clock.today()
    card = people_queries.person_card(person_id, today)
    attained = skill_queries.attainments_of(person_id)
    enrolments = course_queries.my_enrolments(person_id)
    told = recognised.told([row.statement_id for row in attained if row.evidence == "outside"])
    return Record(
        name=card.name,
        title=card.title,
        awards=_awards(attained, told, today),
        elsewhere=_elsewhere(attained, told, language),
        levels=role_levels(person_id, card.family, today),
        levels_from=_behind_levels(attained, today),
        enrolments=enrolments,
        recent=record_queries.statements_of_person(person_id, limit=12, language=language),
    )


def own_proof(actor: Actor, attainment_id: int, language: str) -> Proof:
    """What proves an attainment of the actor; raises NotThere for another's."""
    found = skill_queries.evidence(actor, attainment_id)
    if found.person_id != actor.person_id:  # whoever may look at others does so where it is noted
        raise NotThere()
    source = record_queries.statement(actor, found.statement_id, language=language)
    trail = record_queries.trail(source.registration, language=language) if source.registration else [source]
    days = (found.achieved_on, found.expires_on, found.revoked_at)
    return Proof(_title(found.target), *days, found.assurance, trail)


def _awards(attained: Sequence[AttainmentRow], told: Mapping[UUID, Told], today: date) -> list[Award]:
    courses = course_queries.published_structures()
    withdrawn = {terms.id: terms.withdrawn_at for terms in recognised.recognitions() if terms.withdrawn_at}
    found = []
    for row in attained:
        course = courses.get(row.course_slug) if row.course_slug else None
        if course is not None:
            at = withdrawn.get(row.recognition)
            ended = at is not None and row.revoked_at is not None and row.revoked_at >= at
            teller = told.get(row.statement_id)
            found.append(Award(course.title, course.topic, row, row.valid_on(today), teller, ended))
    return found


def _elsewhere(attained: Sequence[AttainmentRow], told: Mapping[UUID, Told], language: str) -> list[Participation]:
    found = []
    for row in attained:
        if row.elsewhere is not None:
            teller = told.get(row.statement_id)
            title = (in_language(teller.names, language) or teller.activity) if teller else row.elsewhere
            found.append(Participation(title, row, teller))
    return found


def _behind_levels(attained: Sequence[AttainmentRow], today: date) -> dict[str, AttainmentRow]:
    """What stands behind each level held today: the highest attainment, and of equals the newest."""
    newest_last = [row for row in reversed(attained) if row.level is not None and row.valid_on(today)]
    return {row.target: row for row in sorted(newest_last, key=lambda row: row.level or 0)}


def _title(target: str) -> str:
    if target.startswith("course:"):
        course = course_queries.published_structures().get(target.removeprefix("course:"))
        return course.title if course is not None else target
    row = skill_queries.competences().get(target)
    return f"{row.code} {row.title}" if row is not None else target
