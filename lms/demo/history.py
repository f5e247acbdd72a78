"""Fourteen months of Valdora: who was required what, who learned, and what HR has to look at today."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import partial
from importlib.resources import files
from pathlib import Path

from courses import actions as course_actions
from courses.actions.transfers import transfer_result
from courses.formats import archive
from lms.agencies import queries as agency_queries
from lms.demo import learning, staff, staffing
from lms.demo.accounts import ACCOUNTS
from lms.demo.calendar import Diary, months_before
from lms.demo.government import AGENCIES
from lms.demo.trails import Trails
from lms.kernel import clock, ids
from lms.kernel.actor import SYSTEM
from lms.kernel.errors import Refused
from lms.people import queries as people_queries
from lms.requirements import actions as requirement_actions
from lms.skills import actions as skill_actions
from lms.skills import queries as skill_queries

STAFF, MONTHS, SEED = 2000, 14, 2026
EXEMPTIONS = 14
COURSES = ("sec-201", "chg-301", "dl-101", "dl-102", "dl-103", "acc-202", "dat-302", "ai-303")


def is_empty() -> bool:
    """Whether nobody is here yet."""
    return agency_queries.tree(clock.today()).root is None


def load(*, staff: int = STAFF, months: int = MONTHS, seed: int = SEED) -> dict[str, int]:
    """Live Valdora's history up to now, within the present unit of work; returns what there is afterwards.

    Raises Refused where somebody is here already.
    """
    if not is_empty():
        raise Refused("This database already holds data: give LMS_VAR or DATABASE_URL of an empty one.")
    rng = random.Random(seed)
    now = clock.now()
    with ids.seeded(random.Random(seed + 1)):
        return _Valdora(rng, now, months).live(staff)


class _Valdora:
    """The demonstration while it is being lived."""

    def __init__(self, rng: random.Random, now: datetime, months: int) -> None:
        self.rng = rng
        self.now = now
        self.today = now.date()
        self.first = months_before(self.today, months)
        self.registry = staff.Registry()
        self.diary = Diary(rng)
        self.requirements: dict[str, int] = {}

    def live(self, size: int) -> dict[str, int]:
        people = staffing.plan(self.rng, size, self.first, self.today)
        before = datetime.combine(self.first - timedelta(10), time(9), self.now.tzinfo)
        with clock.at(before):
            self._begin([person for person in people if person.starts_on < self.first])
        staff.plan_fates(self.diary, self.registry, people, self.first)
        courses = [
            *learning.security(self.rng, people, self.first, self.today),
            *learning.leadership(self.rng, people, self.first, self.today),
        ]
        self._plan_learning(courses)
        self._plan_reviews(people)
        self._plan_exemptions(people)
        Trails(self.rng, self.diary, self.registry).plan_demo_accounts(self.today)
        deeds = self.diary.live(self.now)
        return {"agencies": len(AGENCIES), "staff": len(self.registry.people), "courses": len(COURSES), "deeds": deeds}

    def _begin(self, people: Sequence[staffing.PlannedPerson]) -> None:
        """What stands on the first day: agencies, staff, frameworks, courses, requirements."""
        staff.found_government(self.registry)
        skill_actions.load_frameworks(actor=SYSTEM)
        for person in people:
            staff.hire(self.registry, person)
        staff.hire_demo_accounts(self.registry, self.first)
        for slug in COURSES:
            _publish(slug)
        root = self.registry.agencies["GOV"]
        self.requirements["SEC"] = requirement_actions.create_requirement(
            actor=SYSTEM,
            code="SEC",
            title="Security awareness, yearly",
            target="course:sec-201",
            agency_id=root,
            effective_from=self.first,
            initial_days=30,
            legal_basis="Circular 4/2025",
        )
        self.requirements["LEAD"] = requirement_actions.create_requirement(
            actor=SYSTEM,
            code="LEAD",
            title="Leading digital change",
            target="course:chg-301",
            agency_id=root,
            effective_from=self.first,
            families=["MG", "SL"],
            initial_days=90,
            recurrence="from_completion",
            validity_months=36,
            legal_basis="Digital Strategy, measure 7",
        )

    def _plan_learning(self, courses: Sequence[learning.PlannedCourse]) -> None:
        trails = Trails(self.rng, self.diary, self.registry)
        for course in courses:
            if course.whole:
                trails.plan(course)
            else:
                score = Fraction(self.rng.randint(80, 100), 100)
                self.diary.note(course.on, partial(self._transfer, course, score))
        trails.plan_under_way([course.person for course in courses], self.today)

    def _plan_reviews(self, people: Sequence[staffing.PlannedPerson]) -> None:
        targets = {family: dict(levels) for family, levels in skill_queries.targets(self.first).items()}
        for review in learning.reviews(self.rng, list(people), targets, self.first, self.today):
            self.diary.note(review.on, partial(self._review, review))
        for account in ACCOUNTS:
            levels = learning.levels(self.rng, targets[account.family], skilled=0.0)
            deed = partial(self._review_demo, account.email, levels, self.today - timedelta(150))
            self.diary.note(self.today - timedelta(150), deed)

    def _plan_exemptions(self, people: Sequence[staffing.PlannedPerson]) -> None:
        steady = [p for p in people if p.leaves_on is None and p.starts_on < self.first and p.agency.kind != "unit"]
        for person in self.rng.sample(steady, k=min(EXEMPTIONS, len(steady))):
            on = self.today - timedelta(self.rng.randint(20, 200))
            self.diary.note(on, partial(self._exempt, person, on))

    def _transfer(self, course: learning.PlannedCourse, score: Fraction) -> None:
        person_id = self.registry.people[course.person.index]
        transfer_result(actor=SYSTEM, person_id=person_id, slug=course.slug, score=score, on=course.on)

    def _review(self, review: learning.PlannedReview) -> None:
        """A manager reviews somebody else's profile."""
        person_id = self.registry.people[review.person.index]
        skill_actions.verify_profile(actor=SYSTEM, person_id=person_id, levels=review.levels, on=review.on)

    def _review_demo(self, email: str, levels: dict[str, int], on: date) -> None:
        skill_actions.verify_profile(actor=SYSTEM, person_id=self.registry.demo[email], levels=levels, on=on)

    def _exempt(self, person: staffing.PlannedPerson, on: date) -> None:
        """The administrator, who is not the person concerned, exempts somebody for some months."""
        account = self.registry.accounts[-6]
        actor = people_queries.actor_of(account, on)
        assert actor is not None
        requirement_actions.exempt(
            actor=actor,
            person_id=self.registry.people[person.index],
            requirement_id=self.requirements["SEC"],
            starts_on=on,
            ends_on=on + timedelta(300),
            reason="No access to the network in this post until the new site opens",
        )


def _publish(slug: str) -> None:
    folder = Path(str(files("courses") / "library" / slug))
    outcome = course_actions.import_course(actor=SYSTEM, files=archive.read_folder(folder), name=slug)
    if outcome.version_id is None:
        raise RuntimeError(f"The library course {slug} does not import: {outcome.report.to_json()}")
    course_actions.publish(actor=SYSTEM, version_id=outcome.version_id, note="First version")
