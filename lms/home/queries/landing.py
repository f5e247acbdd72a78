"""What a person's home page shows: what to continue, what is required, what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from courses import queries as course_queries
from courses.queries import EnrolmentRow, Structure
from lms.kernel import clock
from lms.people import queries as people_queries
from lms.requirements import queries as requirement_queries
from lms.requirements.queries import Obligation
from lms.skills import queries as skill_queries

RECOMMENDED = 3
GAPS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Work:
    """A required course as the home page lists it; `enrolment` is the one under way."""

    obligation: Obligation
    course: Structure | None
    enrolment: EnrolmentRow | None

    @property
    def minutes(self) -> int:
        """Minutes still needed."""
        if self.enrolment is not None:
            return self.enrolment.minutes_left
        return self.course.minutes if self.course is not None else 0


@dataclass(frozen=True, slots=True)
class Gap:
    """A competence of one's role with the level needed and the level held; None is not assessed."""

    code: str
    title: str
    target: int
    level: int | None

    @property
    def missing(self) -> int:
        """Levels short of the target."""
        return max(0, self.target - (self.level or 0))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A course worth taking, with the competence of one's role that it serves."""

    course: Structure
    gap: Gap


@dataclass(frozen=True, slots=True)
class Landing:
    """The home page."""

    today: date
    title: str
    family: str
    going_on: EnrolmentRow | None
    required: Sequence[Work]
    settled: Sequence[Work]
    others: Sequence[EnrolmentRow]
    gaps: Sequence[Gap]
    met: int
    targets: int
    suggestions: Sequence[Suggestion]


def landing(person_id: int) -> Landing:
    """Compose the home page of a person for today."""
    today = clock.today()
    enrolments = list(course_queries.my_enrolments(person_id))
    active = [row for row in enrolments if row.is_active]
    courses = course_queries.published_structures()
    works = [_work(duty, courses, active) for duty in requirement_queries.standings_of(person_id, today)]
    card = people_queries.person_card(person_id, today)
    standing = role_levels(person_id, card.family, today)
    required = [work for work in works if work.obligation.is_open or work.obligation.standing.expiring]
    busy = {work.course.slug for work in works if work.course}
    taken = busy | {row.slug for row in enrolments}
    going_on = next((row for row in active if row.next_key), None)
    return Landing(
        today=today,
        title=card.title,
        family=card.family,
        going_on=going_on,
        required=required,
        settled=[work for work in works if work not in required],
        others=[row for row in active if row is not going_on and row.slug not in busy],
        gaps=sorted((gap for gap in standing if gap.missing), key=lambda gap: (-gap.missing, gap.code))[:GAPS_SHOWN],
        met=sum(not gap.missing for gap in standing),
        targets=len(standing),
        suggestions=_suggestions(standing, [c for slug, c in courses.items() if slug not in taken]),
    )


def role_levels(person_id: int, family: str, on: date) -> list[Gap]:
    """Every target of a job family beside the level that a person holds."""
    targets = skill_queries.targets(on).get(family, {})
    levels = skill_queries.levels_of(person_id, on)
    titles = skill_queries.competences()
    return [Gap(code, titles[code].title, need, levels.get(code)) for code, need in targets.items() if code in titles]


def _work(duty: Obligation, courses: Mapping[str, Structure], active: Sequence[EnrolmentRow]) -> Work:
    slug = duty.course_slug
    taken = next((row for row in active if row.slug == slug), None)
    return Work(duty, courses.get(slug) if slug else None, taken)


def _suggestions(standing: Sequence[Gap], free: Sequence[Structure]) -> list[Suggestion]:
    """The courses that serve the widest gaps of one's role, each with the gap it serves."""
    by_code = {gap.code: gap for gap in standing if gap.missing}
    found = []
    for course in free:
        served = [by_code[aim.code] for aim in course.competences if aim.code in by_code]
        if served:
            found.append(Suggestion(course, max(served, key=lambda gap: gap.missing)))
    return sorted(found, key=lambda one: (-one.gap.missing, one.course.title))[:RECOMMENDED]
