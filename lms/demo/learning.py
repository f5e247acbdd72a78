"""What Valdora's people will learn and when: a plan drawn from a seed, before anything happens."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from lms.demo.staffing import PlannedPerson
from lms.requirements.rules import add_months
from lms.skills.rules import LEVELS

MONTH = 30.44
FULL_TRAILS = 64
UNDER_WAY = 10


@dataclass(frozen=True, slots=True)
class PlannedCourse:
    """A course that somebody completes on a day; `whole` if every step of it is lived through."""

    person: PlannedPerson
    slug: str
    on: date
    whole: bool


@dataclass(frozen=True, slots=True)
class PlannedReview:
    """A manager's review of somebody's profile against the rubric."""

    person: PlannedPerson
    on: date
    levels: dict[str, int]


def security(rng: random.Random, people: list[PlannedPerson], first: date, today: date) -> list[PlannedCourse]:
    """Who takes the yearly security course when, and who renews it."""
    found: list[PlannedCourse] = []
    for person in people:
        done = _first_time(rng, person, first)
        if done is None or not _there(person, done, today):
            continue
        found.append(PlannedCourse(person, "sec-201", done, False))
        renewed = _renewal(rng, person, done)
        if renewed is not None and _there(person, renewed, today):
            found.append(PlannedCourse(person, "sec-201", renewed, False))
    return _with_whole_trails(rng, found)


def leadership(rng: random.Random, people: list[PlannedPerson], first: date, today: date) -> list[PlannedCourse]:
    """Which managers complete the course on leading change."""
    found = []
    for person in people:
        if person.family not in {"MG", "SL"} or rng.random() > 0.35 + person.agency.skilled:
            continue
        on = max(first, person.starts_on) + timedelta(int(rng.gammavariate(2.2, 70)) + 30)
        if _there(person, on, today):
            found.append(PlannedCourse(person, "chg-301", on, False))
    whole = {index for index in rng.sample(range(len(found)), k=min(8, len(found)))}
    return [PlannedCourse(c.person, c.slug, c.on, i in whole) for i, c in enumerate(found)]


def reviews(
    rng: random.Random, people: list[PlannedPerson], targets: dict[str, dict[str, int]], first: date, today: date
) -> list[PlannedReview]:
    """Whose profile is reviewed when, and with which levels."""
    found = []
    for person in people:
        if rng.random() > 0.52 + 0.6 * person.agency.skilled:
            continue
        on = max(first, person.starts_on) + timedelta(rng.randint(40, 420))
        if _there(person, on, today) and person.family in targets:
            found.append(PlannedReview(person, on, levels(rng, targets[person.family], skilled=person.agency.skilled)))
    return found


def _first_time(rng: random.Random, person: PlannedPerson, first: date) -> date | None:
    agency = person.agency
    if rng.random() > agency.reaches:
        return None
    rolled_out = first + timedelta(agency.begins * MONTH)
    if person.starts_on > rolled_out:
        return person.starts_on + timedelta(4 + int(rng.gammavariate(2.0, 8)))
    return rolled_out + timedelta(2 + int(rng.gammavariate(2.0, 24)))


def _renewal(rng: random.Random, person: PlannedPerson, done: date) -> date | None:
    if rng.random() > person.agency.renews:
        return None
    return add_months(done, 12) + timedelta(int(rng.gammavariate(2.4, 22)) - 52)


def _there(person: PlannedPerson, day: date, today: date) -> bool:
    """Whether the person works on a day that has been: employed and not on a long absence."""
    if day >= today or day < person.starts_on or (person.leaves_on is not None and day >= person.leaves_on):
        return False
    if person.absence is None:
        return True
    begins, ends = person.absence
    return day < begins or (ends is not None and day >= ends)


def _with_whole_trails(rng: random.Random, courses: list[PlannedCourse]) -> list[PlannedCourse]:
    """Choose whose course is lived step by step: each a different person."""
    by_person = {course.person.index: position for position, course in enumerate(courses)}
    whole = set(rng.sample(sorted(by_person.values()), k=min(FULL_TRAILS, len(by_person))))
    return [PlannedCourse(c.person, c.slug, c.on, i in whole) for i, c in enumerate(courses)]


def levels(rng: random.Random, targets: dict[str, int], *, skilled: float) -> dict[str, int]:
    """Levels about the targets of a family: some people meet all of them, most fall short here and there."""
    fits = rng.random() < skilled
    found = {}
    for code, target in targets.items():
        short = 0 if fits or rng.random() < 0.72 else rng.choice((1, 1, 2))
        level = target - short + (rng.random() < 0.12)
        found[code] = min(max(level, LEVELS[0]), LEVELS[-1])
    return found
