"""Courses lived step by step: enrolled, read over several days, tested question by question."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from uuid import UUID

from assessments.actions import submission
from assessments.actions.attempts import saving, starting
from assessments.queries.authoring import keyed_items
from courses import actions as course_actions
from courses import queries as course_queries
from lms.demo.answering import answer
from lms.demo.calendar import Diary
from lms.demo.learning import UNDER_WAY, PlannedCourse
from lms.demo.staff import Registry
from lms.demo.staffing import PlannedPerson
from lms.kernel import clock
from lms.kernel.actor import Actor
from lms.people import queries as people_queries

SECURE, CHANGE = "sec-201", "chg-301"
AGAIN = timedelta(minutes=25)  # from the beginning of an attempt to that of the next


class Learner:
    """Somebody who takes a course: who she is, how much she knows, and her registration once enrolled."""

    def __init__(self, rng: random.Random, registry: Registry, account: int, slug: str, knows: float) -> None:
        self._rng, self._registry, self._account = rng, registry, account
        self.slug = slug
        self.knows = knows
        self.registration: UUID | None = None

    def enrol(self) -> None:
        """Enrol and open the first lesson."""
        actor = self._actor()
        assert actor.person_id is not None
        self.registration = course_actions.enrol(actor=actor, person_id=actor.person_id, slug=self.slug)

    def read(self, step_key: str) -> None:
        """Open a lesson and finish it some minutes later."""
        actor = self._actor()
        assert self.registration is not None
        course_actions.open_step(actor=actor, registration=self.registration, step_key=step_key)
        with clock.at(clock.now() + timedelta(minutes=self._rng.randint(5, 14))):
            course_actions.finish_step(actor=actor, registration=self.registration, step_key=step_key)

    def take(self, step_key: str, *, pass_it: bool = True) -> None:
        """Take the quiz; whoever is to pass tries again, knowing more, until the mark is reached."""
        knows, begun = self.knows, clock.now()
        for tried in range(3):
            with clock.at(begun + tried * AGAIN):
                if self._attempt(step_key, knows) or not pass_it:
                    return
            knows = 1.0

    def _attempt(self, step_key: str, knows: float) -> bool:
        actor = self._actor()
        assert self.registration is not None
        attempt = starting.start(actor=actor, registration=self.registration, step_key=step_key)
        moment = clock.now()
        for item in keyed_items(attempt):
            moment += timedelta(seconds=self._rng.randint(15, 70))
            values = answer(self._rng, item.key, knows=self._rng.random() < knows)
            with clock.at(moment):
                saving.save(actor=actor, attempt_id=attempt, position=item.position, values=values, revision=0)
        with clock.at(moment + timedelta(seconds=20)):
            return submission.submit(actor=actor, attempt_id=attempt).passed

    def _actor(self) -> Actor:
        actor = people_queries.actor_of(self._account, clock.today())
        assert actor is not None
        return actor


class Trails:
    """Plans whole trails in the diary."""

    def __init__(self, rng: random.Random, diary: Diary, registry: Registry) -> None:
        self._rng, self._diary, self._registry = rng, diary, registry

    def plan(self, course: PlannedCourse) -> None:
        """Somebody completes a course on a day, having begun some days before."""
        learner = _LaterLearner(self, course.person, course.slug, self._rng.uniform(0.72, 0.98))
        steps = _steps(course.slug)
        days = max(1, min(6, (course.on - course.person.starts_on).days))
        begins = course.on - timedelta(self._rng.randint(1, days))
        self._plan_steps(learner, steps, begins, course.on)

    def plan_under_way(self, people: Sequence[PlannedPerson], today: date) -> None:
        """A few people are in the middle of the course on leading change just now."""
        free = [p for p in people if p.leaves_on is None and p.absence is None and p.family in {"PA", "SO", "LD"}]
        for person in self._rng.sample(free, k=min(UNDER_WAY, len(free))):
            learner = _LaterLearner(self, person, CHANGE, 0.9)
            begins = today - timedelta(self._rng.randint(4, 12))
            steps = _steps(CHANGE)[: self._rng.randint(1, 4)]
            self._plan_steps(learner, steps, begins, today - timedelta(self._rng.randint(1, 3)))

    def plan_demo_accounts(self, today: date) -> None:
        """Amina's renewal is due in nine days and she has read three lessons; her colleagues are done."""
        accounts = self._registry.accounts
        last_year = today - timedelta(365 - 9)
        self._finish(Learner(self._rng, self._registry, accounts[-1], SECURE, 0.85), last_year)
        amina = Learner(self._rng, self._registry, accounts[-1], SECURE, 0.85)
        self._plan_steps(amina, _steps(SECURE)[:3], today - timedelta(4), today - timedelta(1))
        for number in (2, 3, 4, 6, 7):
            done = today - timedelta(40 * number)
            self._finish(Learner(self._rng, self._registry, accounts[-number], SECURE, 0.95), done)

    def learner_of(self, person: PlannedPerson, slug: str, knows: float) -> Learner:
        """The learner behind a planned person, once registered."""
        return Learner(self._rng, self._registry, self._registry.accounts[person.index], slug, knows)

    def _finish(self, learner: Learner, on: date) -> None:
        self._plan_steps(learner, _steps(learner.slug), on - timedelta(3), on)

    def _plan_steps(
        self, learner: Learner | _LaterLearner, steps: Sequence[tuple[str, str]], begins: date, ends: date
    ) -> None:
        """Enrol on the first day, spread the lessons, and take quizzes where they stand."""
        moment = datetime.combine(begins, time(self._rng.randint(8, 11), self._rng.randint(0, 59)), UTC)
        self._diary.at(moment, lambda: learner.enrol())
        span = max(1, (ends - begins).days)
        for number, (key, kind) in enumerate(steps):
            day = begins + timedelta(span * number // max(1, len(steps) - 1)) if len(steps) > 1 else ends
            at = datetime.combine(day, time(12, 0), UTC) + timedelta(minutes=25 * number)
            self._diary.at(at, partial(_do, learner, key, kind))


class _LaterLearner:
    """A learner who may not be registered yet when the diary is written."""

    def __init__(self, trails: Trails, person: PlannedPerson, slug: str, knows: float) -> None:
        self._make = partial(trails.learner_of, person, slug, knows)
        self._learner: Learner | None = None

    def enrol(self) -> None:
        self._learner = self._make()
        self._learner.enrol()

    def read(self, step_key: str) -> None:
        assert self._learner is not None
        self._learner.read(step_key)

    def take(self, step_key: str) -> None:
        assert self._learner is not None
        self._learner.take(step_key)


def _do(learner: Learner | _LaterLearner, step_key: str, kind: str) -> None:
    if kind == "quiz":
        learner.take(step_key)
    else:
        learner.read(step_key)


def _steps(slug: str) -> list[tuple[str, str]]:
    """The keys and kinds of a published course's steps, in order."""
    return [(step.key, step.kind) for step in course_queries.published_structure(slug).steps]
