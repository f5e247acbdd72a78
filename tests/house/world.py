"""A small government in which everything exists once in each agency, to be walked by every role.

    GOV ── FIN ── TAX          the readers of the walks stand in TAX, FIN and GOV;
       └── HLT                 HLT is the ministry next door, whose names none of TAX and FIN may ever see

Each agency has a person who has passed the course, a draft of a course and a requirement of its own. Whatever is
called a `mark` stands in texts of its agency alone.
"""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from assessments.actions.attempts import save, start
from assessments.actions.submission import submit
from courses import actions as courses
from lms.kernel import clock
from lms.kernel.actor import OWN, SYSTEM, Actor
from lms.kernel.db import db, transaction
from lms.kernel.sealing.sealer import seal
from lms.people.actions.leaving import leave_service
from lms.privacy.actions import ruling
from lms.requirements import actions as requirements
from lms.skills import actions as skills
from lms.skills.models import Attainment
from lms.xapi.actions.keys import create_key
from lms.xapi.queries.proofs import STATEMENTS
from tests.assessments.conftest import SLUG, STEP, asked, right_values
from tests.assessments.papers import Paper
from tests.courses.conftest import small
from tests.factories import Made, Make

TREE: Mapping[str, str | None] = {"GOV": None, "FIN": "GOV", "TAX": "FIN", "HLT": "GOV"}
# role in the tables: role granted, where its holder works and how far it reaches
STANDING: Mapping[str, tuple[str, str]] = {
    "learner": ("learner", "TAX"),
    "line_manager": ("line_manager", "TAX"),
    "hr_officer": ("hr_officer", "TAX"),
    "hr_parent": ("hr_officer", "FIN"),
    "trainer": ("trainer", "FIN"),
    "auditor": ("auditor", "GOV"),
    "administrator": ("administrator", "GOV"),
}
ROLES = ("anonymous", *STANDING, "client")
PEOPLE = tuple(STANDING)
LESSON = "quiz-101-first"
Content = dict[str, Any]


def mark(agency: str) -> str:
    """A word that stands in nothing but texts of one agency."""
    return f"Zq{agency.lower()}kenn"


@dataclass
class World:
    """Who and what there is, and a browser for every role."""

    app: Flask
    agencies: dict[str, int] = field(default_factory=dict)
    readers: dict[str, Made] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    key: dict[str, str] = field(default_factory=dict)
    things: dict[str, Content] = field(default_factory=dict)
    """What the parts of addresses stand for, by agency, and under names of their own:

    "mine" and "pictures" are the learner's, "done" is the HR officer's; "gone" has left or was thrown away; "crossed"
    is of TAX with parts of HLT.
    """

    def visit(self, role: str, method: str, address: str, **more: Any) -> TestResponse:
        """One request of a role, as its browser or program would send it."""
        client = self.app.test_client()
        if role in self.cookies:
            client.set_cookie("cadre", self.cookies[role])
        headers = {**self.key, **more.pop("headers", {})} if role == "client" else more.pop("headers", {})
        return client.open(address, method=method, headers=headers, buffered=True, **more)


def build(app: Flask) -> World:
    """Found the government and let it live for a morning."""
    world, make = World(app), Make()
    for code, above in TREE.items():
        parent = world.agencies[above] if above else None
        world.agencies[code] = make.agency(code, parent=parent, name=f"Agency {mark(code)}")
    with transaction():
        skills.load_frameworks(actor=SYSTEM)
    published = _publish(Paper(kinds=("single", "truefalse"), attempts=None).files())
    for code in TREE:
        world.things[code] = _of_agency(world, make, code)
    for role, (granted, where) in STANDING.items():
        world.readers[role] = make.person(agency=world.agencies[where], roles=[granted], family="CA")
        world.cookies[role] = _signed_in(app, make, world.readers[role])
    world.key = _key()
    world.visit("client", "GET", "/xapi/statements")  # the day's first use of a key is noted
    _mine(world, published)
    _gone(world, make)
    _recognised(world)
    _sealed(world)
    _kept(world)
    return world


def _of_agency(world: World, make: Make, code: str) -> Content:
    """One person who passed, one draft and one requirement."""
    person = make.person(agency=world.agencies[code], name=f"Ada {mark(code)}", family="CA", account=False)
    registration, attempt_id = _passed(person)
    slug = f"draft-{code.lower()}"
    with transaction():
        wanted = select(Attainment.id, Attainment.statement_id).where(Attainment.person_id == person.id)
        attainment = db.session.execute(wanted.order_by(Attainment.id)).first()
        assert attainment is not None
        requirements.create_requirement(
            actor=SYSTEM,
            code=f"REQ-{code}",
            title=f"Required of {mark(code)}",
            target=f"course:{SLUG}",
            agency_id=world.agencies[code],
            effective_from=date(2025, 1, 1),
        )
    return {
        "agency": code,
        "requirement": f"REQ-{code}",
        "person_id": person.id,
        "registration": registration,
        "attempt_id": attempt_id,
        "attainment_id": attainment.id,
        "statement_id": attainment.statement_id,
        "slug": slug,
        "version_id": _draft(small(slug, owner=code, title=f"Draft of {mark(code)}")),
    }


def _mine(world: World, published: int) -> None:
    """What the learner of the walks has begun and passed, and the course everybody finds."""
    learner = world.readers["learner"]
    registration = _enrolled(learner)
    with transaction():
        attempt_id = start(actor=_taker(learner), registration=registration, step_key=STEP)
    public = {"slug": SLUG, "version_id": published}
    position = next(question.position for question in asked(attempt_id) if question.kind == "truefalse")
    world.things["mine"] = {**public, "registration": registration, "attempt_id": attempt_id, "position": position}
    pictures = _publish(small("pictures", owner="GOV", title="A course with pictures"))
    world.things["pictures"] = {
        "slug": "pictures",
        "version_id": pictures,
        "registration": _enrolled(learner, "pictures"),
        "step_key": "lesson-1",
    }
    reader = world.readers["hr_officer"]
    registration, attempt_id = _passed(reader)
    with transaction():
        wanted = select(Attainment.id).where(Attainment.person_id == reader.id).order_by(Attainment.id)
        attainment_id = db.session.scalars(wanted).first()
    world.things["done"] = {
        **public,
        "registration": registration,
        "attempt_id": attempt_id,
        "attainment_id": attainment_id,
    }


def _gone(world: World, make: Make) -> None:
    """Somebody who left the TAX agency, and a draft of FIN that was thrown away."""
    person = make.person(agency=world.agencies["TAX"], name="Ada Departed", account=False)
    thrown = _draft(small("thrown-away", owner="FIN", title="Thrown away"))
    with transaction():
        courses.discard(actor=SYSTEM, version_id=thrown)
        leave_service(actor=SYSTEM, person_id=person.id, on=clock.today())
    world.things["gone"] = {
        **world.things["TAX"],
        "person_id": person.id,
        "slug": "thrown-away",
        "version_id": thrown,
    }
    foreign = world.things["HLT"]
    crossed = {name: foreign[name] for name in ("requirement", "attainment_id")}
    world.things["crossed"] = {**world.things["TAX"], **crossed}


def _recognised(world: World) -> None:
    """What an activity elsewhere counts as; it is everybody's, and the administrator's alone to see."""
    asked = {"target": "course:pictures", "assurance": "participation", "why": "The same course"}
    with transaction():
        number = skills.recognise(actor=SYSTEM, activity="https://client.example/things/one", **asked)
    for content in world.things.values():
        content["recognition_id"] = number


def _kept(world: World) -> None:
    """A rule for what is old, and a hold on a class; both are the administrator's alone to see."""
    with transaction():
        terms = {"record_class": "sign_ins", "agency_id": None, "months": 1200, "why": "Schedule"}
        rule = ruling.add_rule(actor=SYSTEM, **terms)
        hold = ruling.lay_hold(actor=SYSTEM, record_class="outside", reason="Case 1")
    for content in world.things.values():
        content["rule_id"], content["hold_id"] = rule, hold


def _sealed(world: World) -> None:
    """Everything that was said is sealed, and there is one key more, which nobody uses."""
    with transaction():
        seal(STATEMENTS)
        made = create_key(actor=SYSTEM, name="Spare", scopes=["statements/read"])
    for content in world.things.values():
        content["key"] = made.key


def _publish(files: dict[str, bytes]) -> int:
    version_id = _draft(files)
    with transaction():
        courses.publish(actor=SYSTEM, version_id=version_id)
    return version_id


def _draft(files: dict[str, bytes]) -> int:
    with transaction():
        outcome = courses.import_course(actor=SYSTEM, files=files, name="folder")
    assert outcome.version_id is not None, outcome.report.issues
    return outcome.version_id


def _enrolled(person: Made, slug: str = SLUG) -> UUID:
    with transaction():
        return courses.enrol(actor=SYSTEM, person_id=person.id, slug=slug)


def _taker(person: Made) -> Actor:
    powers = {"learning.take": OWN, "record.see": OWN, "catalogue.see": OWN}
    return Actor("person", person_id=person.id, account_name=person.account_name, powers=powers)


def _passed(person: Made) -> tuple[UUID, int]:
    """Let somebody take the whole course and pass its check."""
    registration, actor = _enrolled(person), _taker(person)
    with transaction():
        for step in ("first", "second"):
            courses.finish_step(actor=actor, registration=registration, step_key=f"quiz-101-{step}")
        attempt_id = start(actor=actor, registration=registration, step_key=STEP)
    for question in asked(attempt_id):
        with transaction():
            values = right_values(question)
            save(actor=actor, attempt_id=attempt_id, position=question.position, values=values, revision=0)
    with transaction():
        assert submit(actor=actor, attempt_id=attempt_id).passed
    return registration, attempt_id


def _signed_in(app: Flask, make: Make, person: Made) -> str:
    client = app.test_client()
    make.sign_in(client, person)
    cookie = client.get_cookie("cadre")
    assert cookie is not None
    return cookie.value


def _key() -> dict[str, str]:
    with transaction():
        made = create_key(actor=SYSTEM, name="Walk", scopes=["all"], expires_on=clock.today() + timedelta(days=9))
    shown = base64.b64encode(f"{made.key}:{made.secret}".encode()).decode()
    return {"Authorization": f"Basic {shown}", "X-Experience-API-Version": "1.0.3"}  # spoken under both mounts


def packed(files: Mapping[str, bytes]) -> io.BytesIO:
    """A folder as a ZIP."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    kept.seek(0)
    return kept
