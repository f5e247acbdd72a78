"""A course of 20 steps, and learners in the middle of it: signed in, with an open attempt at its quiz."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from flask import Flask

from assessments.actions.attempts import start
from assessments.models.attempts import AttemptItem
from bench.load import Request
from bench.stage import form_token, sign_in
from courses import actions as courses
from lms.agencies import actions as agencies
from lms.kernel import clock
from lms.kernel.actor import SYSTEM, Actor
from lms.kernel.db import db, glance, transaction
from lms.people import actions as people
from lms.people import queries
from lms.people.rules import passwords
from lms.requirements import actions as requirements

LEARNERS, LESSONS, QUESTIONS = 240, 19, 10
SLUG, QUIZ, PASSWORD = "long-road", "the-check", "seven quiet rivers"
OUTLINE = """format: cadre-course/1
id: long-road
code: LONG-20
title: A course of twenty steps
language: en
licence: CC-BY-4.0
attribution: Cadre contributors
owner: GOV
topic: security
level: Intermediate (level 3)
audience: Everyone
minutes: 120
summary: Nineteen lessons and a check, as long as the longest course that ships.
competences: [{code: "4.1", level: 3}, {code: "4.2", level: 3}]
objectives:
  - {id: O1, text: Do one thing well, competence: "4.1", level: 3}
  - {id: O2, text: Do another thing well, competence: "4.2", level: 3}
modules:
"""
LESSON = """---
id: lesson-{number}
title: What the {number}. lesson is about
minutes: 6
objectives: [O1]
---

{words}
"""
QUESTION = """
## What is question {number} about? {{#q-{number} .single points=1 competence="4.1" objective="O1"}}

- [x] The right thing
- [ ] Another thing
- [ ] A third thing
- [ ] None of these
"""
CHECK = "---\nid: the-check\nkind: quiz\ntitle: The check\npass_mark: 80\nattempts: 3\n---\n\nTen questions.\n"


Offered = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Learner:
    """A learner's open browser: cookie, form token, registration, and the attempt with what each question offers."""

    cookie: str
    token: str
    registration: UUID
    attempt: int
    offered: Offered


def course_files() -> dict[str, bytes]:
    """The course as its folder."""
    files: dict[str, bytes] = {}
    outline = [OUTLINE]
    names = [f"lesson-{number}.md" for number in range(1, LESSONS + 1)] + ["check.md"]
    for part in range(4):
        folder = f"{part + 1}0-part"
        outline.append(f"  - id: m{part}\n    title: Part {part + 1}\n    folder: {folder}\n    steps:\n")
        for name in names[part * 5 : part * 5 + 5]:
            outline.append(f"      - {name}\n")
            files[f"modules/{folder}/{name}"] = _step(name).encode()
    return {"course.yaml": "".join(outline).encode(), **files}


def _step(name: str) -> str:
    if name == "check.md":
        return CHECK + "".join(QUESTION.format(number=number) for number in range(1, QUESTIONS + 1))
    number = name.removeprefix("lesson-").removesuffix(".md")
    return LESSON.format(number=number, words="A paragraph that says what there is to say about it.\n\n" * 12)


def seat(app: Flask) -> list[Learner]:
    """Found a government, publish the course, require it, and seat everybody before the quiz."""
    with app.app_context():
        with transaction():
            root = _found()
            hashed = passwords.hashed(PASSWORD)
            accounts = [_hire(root, number, hashed) for number in range(LEARNERS)]
        with transaction():
            seats = [_begin(account, number) for number, account in enumerate(accounts)]
        with glance():
            offered = _offered()
    return [_open(app, number, *place, offered) for number, place in enumerate(seats)]


def _found() -> int:
    root = agencies.open_agency(actor=SYSTEM, code="GOV", name="Government", kind="government", on=date(2020, 1, 1))
    outcome = courses.import_course(actor=SYSTEM, files=course_files(), name=SLUG)
    if outcome.version_id is None:
        raise RuntimeError(f"The course does not import: {outcome.report.to_json()}")
    courses.publish(actor=SYSTEM, version_id=outcome.version_id)
    requirements.create_requirement(
        actor=SYSTEM,
        code="LONG",
        title="Everybody takes it",
        target=f"course:{SLUG}",
        agency_id=root,
        effective_from=clock.today() - timedelta(90),
        legal_basis="Circular 1",
    )
    return root


def _hire(root: int, number: int, hashed: str) -> int:
    person = people.register_person(actor=SYSTEM, hr_number=f"L{number}", name=f"Learner Number {number}")
    hired = clock.today() - timedelta(400)
    people.assign(actor=SYSTEM, person_id=person, agency_id=root, starts_on=hired, family="CA", title="Case officer")
    return people.open_account(actor=SYSTEM, person_id=person, email=_address(number), password_hash=hashed)


def _begin(account: int, number: int) -> tuple[UUID, int]:
    """Enrol, go through some lessons (more or fewer), and begin the quiz."""
    actor = queries.actor_of(account, clock.today())
    assert actor is not None and actor.person_id is not None
    registration = courses.enrol(actor=actor, person_id=actor.person_id, slug=SLUG)
    _read(actor, registration, number % 5)
    return registration, start(actor=actor, registration=registration, step_key=QUIZ)


def _read(actor: Actor, registration: UUID, lessons: int) -> None:
    for number in range(1, lessons + 1):
        courses.open_step(actor=actor, registration=registration, step_key=f"lesson-{number}")
        courses.finish_step(actor=actor, registration=registration, step_key=f"lesson-{number}")


def _offered() -> Offered:
    """The options of each question, which are the same for everybody."""
    items = db.select(AttemptItem.shown).order_by(AttemptItem.attempt_id, AttemptItem.position).limit(QUESTIONS)
    return [shown["options"] for shown in db.session.scalars(items)]


def _open(app: Flask, number: int, registration: UUID, attempt: int, offered: Offered) -> Learner:
    client = sign_in(app, _address(number), PASSWORD)
    token = form_token(client.get(f"/learn/attempts/{attempt}/questions/1").text)
    cookie = client.get_cookie("cadre")
    assert cookie is not None
    return Learner(f"cadre={cookie.value}", token, registration, attempt, offered)


def _address(number: int) -> str:
    return f"learner{number}@gov.example"


def busy_day(learners: Sequence[Learner]) -> Iterator[Request]:
    """Two saves, then a page, for ever: as 5,000 learners with a save each 30 seconds and a page each 60."""
    saves, pages = _saves(learners), _pages(learners)
    while True:
        yield next(saves)
        yield next(saves)
        yield next(pages)


def _saves(learners: Sequence[Learner]) -> Iterator[Request]:
    """Everybody answers question after question, and then changes the answers; no two saves meet in one question."""
    revision = 0
    while True:
        for position in range(1, QUESTIONS + 1):
            for learner in learners:
                choice = learner.offered[position - 1][revision % len(learner.offered[position - 1])]
                form = f"csrf_token={learner.token}&revision={revision}&choice={choice}"
                yield _request("POST", f"/learn/attempts/{learner.attempt}/questions/{position}/answer", learner, form)
        revision += 1


def _pages(learners: Sequence[Learner]) -> Iterator[Request]:
    """The course, a lesson, a question, in turn."""
    while True:
        for number, learner in enumerate(learners):
            paths = (
                f"/courses/{SLUG}",
                f"/learn/{learner.registration}/lesson-{1 + number % LESSONS}",
                f"/learn/attempts/{learner.attempt}/questions/{1 + number % QUESTIONS}",
            )
            yield _request("GET", paths[number % 3], learner, "")


def _request(method: str, path: str, learner: Learner, form: str) -> Request:
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {learner.cookie}\r\n"
    if form:
        head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}\r\n"
    return Request(f"{head}\r\n{form}".encode(), 200)
