"""A published course with a quiz, people who take it, and somebody who answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from assessments.actions.attempts import save, start
from assessments.actions.submission import Outcome, submit
from assessments.models.attempts import AttemptItem
from assessments.models.quizzes import Question
from courses import actions as courses
from lms.kernel.actor import OWN, SYSTEM, Actor
from lms.kernel.db import db, transaction
from tests.assessments.papers import Paper
from tests.factories import Made, Make

SLUG, STEP = "quiz-101", "quiz-101-check"


@dataclass(frozen=True)
class Sat:
    """Someone enrolled in the course."""

    person: Made
    actor: Actor
    registration: UUID

    @property
    def start_page(self) -> str:
        return f"/learn/quizzes/{self.registration}/{STEP}"

    def begin(self) -> int:
        with transaction():
            return start(actor=self.actor, registration=self.registration, step_key=STEP)

    def save(self, attempt_id: int, position: int, values: Any, revision: int = 0, **more: Any) -> int:
        with transaction():
            saved = save(
                actor=self.actor, attempt_id=attempt_id, position=position, values=values, revision=revision, **more
            )
        return saved.revision

    def hand_in(self, attempt_id: int) -> Outcome:
        with transaction():
            return submit(actor=self.actor, attempt_id=attempt_id)


@pytest.fixture
def publish(make: Make) -> Callable[..., int]:
    """Import and publish a paper as the course; returns the version."""

    def published(paper: Paper | None = None) -> int:
        make.root()
        with transaction():
            outcome = courses.import_course(actor=SYSTEM, files=(paper or Paper()).files(), name="quiz-101")
            assert outcome.version_id is not None, outcome.report.to_json()
            courses.publish(actor=SYSTEM, version_id=outcome.version_id)
        return outcome.version_id

    return published


@pytest.fixture
def enrolled(make: Make) -> Callable[..., Sat]:
    """A person enrolled in the course; without an account where nobody signs in."""

    def someone(*, account: bool = False) -> Sat:
        person = make.person(name="Amina Nkosi", roles=["learner"] if account else [], account=account)
        powers = {"learning.take": OWN, "record.see": OWN, "catalogue.see": OWN}
        actor = Actor("person", person_id=person.id, account_name=person.account_name, powers=powers)
        with transaction():
            registration = courses.enrol(actor=SYSTEM, person_id=person.id, slug=SLUG)
        return Sat(person, actor, registration)

    return someone


@pytest.fixture
def sitting(publish: Callable[..., int], enrolled: Callable[..., Sat]) -> Callable[..., Sat]:
    """Publish a paper and enrol somebody in it."""

    def sat(paper: Paper | None = None, *, account: bool = False) -> Sat:
        publish(paper)
        return enrolled(account=account)

    return sat


@pytest.fixture
def browser(client: FlaskClient, make: Make) -> Callable[[Sat], FlaskClient]:
    """A browser in which a learner has signed in."""

    def signed_in(sat: Sat) -> FlaskClient:
        make.sign_in(client, sat.person)
        return client

    return signed_in


@dataclass(frozen=True)
class Asked:
    """A question as an attempt drew it."""

    position: int
    key: str
    kind: str
    choices: Any
    shown: Mapping[str, Any]

    def named(self, *texts: str) -> list[str]:
        """The ids of options by their texts."""
        listed = self.choices if isinstance(self.choices, list) else [*self.choices["left"], *self.choices["right"]]
        by_text = {option["text"]: option["id"] for option in listed}
        return [by_text[text] for text in texts]


def asked(attempt_id: int) -> Sequence[Asked]:
    """The questions of an attempt, in its order."""
    rows = db.session.execute(
        select(AttemptItem.position, Question.key, Question.kind, Question.choices, AttemptItem.shown)
        .join(Question, Question.id == AttemptItem.question_id)
        .where(AttemptItem.attempt_id == attempt_id)
        .order_by(AttemptItem.position)
    ).all()
    db.session.rollback()
    return [Asked(*row) for row in rows]


def right_values(question: Asked) -> Any:
    """The right answer to a question of a paper with the usual key."""
    match question.kind:
        case "single":
            return question.named("option 1")
        case "multi":
            return question.named("option 0", "option 2")
        case "truefalse":
            return ["true"]
        case "short":
            return ["two FACTORS"]
        case "number":
            return ["3.2"]
        case "match":
            return {left: right for n in range(3) for left, right in [question.named(f"left {n}", f"right {n}")]}
        case "order":
            return question.named("item 0", "item 1", "item 2", "item 3")
        case _:
            return question.named("act 0")


def fields(question: Asked, values: Any) -> dict[str, Any]:
    """An answer as the question's form sends it."""
    if isinstance(values, dict):
        return {f"match-{left}": right for left, right in values.items()}
    name = {"short": "answer", "number": "answer", "order": "order"}.get(question.kind, "choice")
    return {name: values}
