"""Whatever is said from outside, the figures stay as they were (row E2): one test for each way of forging."""

from __future__ import annotations

import json
import threading
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from courses import actions as courses
from courses.models import Enrolment
from lms.kernel.actor import EVERYWHERE, SYSTEM, Actor
from lms.kernel.db import db, reading, transaction
from lms.people.queries import stamp
from lms.skills import actions as skills
from lms.xapi.actions import inbound
from lms.xapi.actions.launches import open_launch
from lms.xapi.queries import statement
from lms.xapi.rules import verbs
from lms.xapi.statements import account, extension, iri
from tests.conftest import NOW
from tests.factories import Made, Make
from tests.skills.elsewhere import COURSE, ELSEWHERE, SPEAKS, Elsewhere, build, new_key
from tests.together import together
from tests.xapi.conftest import Lrs

OURS = iri("courses", "one-thing")
QUIZ = iri("courses", "one-thing", "steps", "lesson-1")
EARNS = {
    extension("assurance"): "certified",
    extension("competences"): [{"code": "1.1", "level": 8}],
    extension("levels"): {"1.1": 8},
}


@pytest.fixture
def world(make: Make, client: FlaskClient) -> Elsewhere:
    found = build(make, client)
    with transaction():
        courses.enrol(actor=make.actor(found.amina), person_id=found.amina.id, slug="one-thing")
    return found


class Figures:
    """Everything that reports say, as they say it now."""

    def __init__(self, world: Elsewhere) -> None:
        self.world = world
        self.reader = world.client.application.test_client()
        world.make.sign_in(self.reader, world.administrator)
        self.before = self.now()

    def now(self) -> tuple[Any, ...]:
        sheets = [self.reader.get(f"/coverage/{name}") for name in ("export.csv?open=all", "GOV/ONE/export.csv")]
        assert [sheet.status_code for sheet in sheets] == [200, 200]
        steps = self.reader.get("/coverage/GOV/role-fit/export.csv")
        people = (self.world.amina, self.world.boris)
        held = [self.world.attained(person) + self.world.fulfilled(person) for person in people]
        with reading():
            progress = [(row.steps_done, row.state) for row in _enrolments()]
        return (*(sheet.data for sheet in sheets), steps.data, held, progress)

    def stayed(self) -> bool:
        return self.now() == self.before and self.world.differences() == []


def _enrolments() -> Any:
    return db.session.scalars(select(Enrolment).order_by(Enrolment.id)).all()


@pytest.fixture
def figures(world: Elsewhere) -> Figures:
    return Figures(world)


JUDGING = [
    verbs.PASSED,
    verbs.COMPLETED,
    verbs.MASTERED,
    verbs.SATISFIED,
    verbs.WAIVED,
    verbs.VERIFIED,
    verbs.REGISTERED,
]


@pytest.mark.parametrize("verb", JUDGING)
@pytest.mark.parametrize("thing", [OURS, QUIZ, iri("frameworks", "role-profile")], ids=["course", "quiz", "profile"])
def test_E2_a_key_s_word_about_what_is_ours_is_kept_as_somebody_s_and_changes_no_figure(
    world: Elsewhere, figures: Figures, verb: str, thing: str
) -> None:
    context = {"registration": _registration(world), "revision": "1", "extensions": EARNS}
    said = world.say(world.amina, verb, thing, context=context, result={"score": {"scaled": 1}, "success": True})
    assert figures.stayed()
    with reading():
        entry = statement(SYSTEM, UUID(said))
    assert not entry.own and entry.person_id == world.amina.id


FORGED: list[dict[str, Any]] = [
    {"authority": account("cadre")},
    {"authority": {**account("cadre"), "name": "Cadre"}},
    {"stored": "2020-01-01T00:00:00Z"},
    {"version": "2.0.0"},
    {"timestamp": "2020-01-01T00:00:00Z"},
]


@pytest.mark.parametrize("forged", FORGED, ids=["authority", "named", "stored", "version", "timestamp"])
def test_E2_what_only_the_store_may_say_does_not_make_it_ours(
    world: Elsewhere, figures: Figures, forged: dict[str, Any]
) -> None:
    said = world.say(world.amina, verbs.COMPLETED, OURS, context={"extensions": EARNS}, **forged)
    assert figures.stayed()
    with reading():
        entry = statement(SYSTEM, UUID(said))
    assert not entry.own
    assert entry.statement["authority"]["account"]["name"].startswith("key:")
    assert entry.stored == NOW


@pytest.mark.parametrize("name", ["cadre", "Cadre", 'x","name":"cadre'])
def test_E2_a_key_that_is_named_like_us_is_not_us(world: Elsewhere, figures: Figures, name: str) -> None:
    world.key = new_key(name)
    world.say(world.amina, verbs.COMPLETED, OURS, context={"extensions": EARNS})
    assert figures.stayed()


def test_E2_a_word_elsewhere_about_our_people_changes_no_coverage(world: Elsewhere, figures: Figures) -> None:
    world.say(world.amina, verbs.PASSED, ELSEWHERE, context={"extensions": EARNS})
    now = figures.now()
    assert now[:3] == figures.before[:3] and now[4] == figures.before[4]
    assert world.attained(world.amina) == [(f"activity:{ELSEWHERE}", 1, 0, None)]
    assert world.fulfilled(world.amina) == []
    assert world.differences() == []


@pytest.mark.parametrize("thing", [OURS.upper(), OURS.replace("https:", "http:"), f"{OURS}/", f"{OURS}%20", f"{OURS}?"])
def test_E2_what_only_looks_like_a_course_of_ours_counts_as_none(
    world: Elsewhere, figures: Figures, thing: str
) -> None:
    world.say(world.amina, verbs.COMPLETED, thing, context={"extensions": EARNS})
    now = figures.now()
    assert now[:3] == figures.before[:3] and COURSE not in [row[0] for row in world.attained(world.amina)]
    assert world.differences() == []


@pytest.mark.parametrize("verb", [verbs.PASSED, verbs.COMPLETED, verbs.MASTERED])
def test_E2_a_learner_s_own_token_earns_nothing_of_ours(world: Elsewhere, figures: Figures, verb: str) -> None:
    unit = _unit(world, world.amina)
    said = {"actor": account(world.amina.account_name), "verb": {"id": verb}, "object": {"id": QUIZ}}
    answer = unit.post({**said, "context": {"registration": _registration(world)}})
    assert answer.status_code == 403
    assert figures.stayed()


def test_E2_a_learner_s_own_token_is_somebody_s_word_in_its_own_unit(world: Elsewhere, figures: Figures) -> None:
    unit = _unit(world, world.amina)
    said = {"actor": account(world.amina.account_name), "verb": {"id": verbs.PASSED}, "object": {"id": ELSEWHERE}}
    assert unit.post({**said, "context": {"registration": _registration(world)}}).status_code == 200
    assert world.attained(world.amina) == [(f"activity:{ELSEWHERE}", 1, 0, None)]
    assert figures.now()[:3] == figures.before[:3]


@pytest.mark.only("postgresql")
def test_a_word_that_is_being_stored_while_it_is_decided_on_is_counted(app: Flask, world: Elsewhere) -> None:
    """Whoever decides waits for those who store, and whoever stores afterwards knows the decision."""
    stored, decided = threading.Event(), threading.Event()

    def store() -> None:
        with transaction():
            _say_within(world.amina)
            stored.set()
            assert not decided.wait(1), "the decision did not wait"

    def decide() -> None:
        assert stored.wait(10)
        with transaction():
            skills.recognise(actor=SYSTEM, activity=ELSEWHERE, target=COURSE, assurance="tested", why="So.")
        decided.set()

    together(store, decide, app=app)
    assert COURSE in [row[0] for row in world.attained(world.amina)]
    assert world.differences() == []


def _say_within(who: Made) -> None:
    """Store a word within the present transaction."""
    said = {"actor": account(who.account_name), "verb": {"id": verbs.PASSED}, "object": {"id": ELSEWHERE}}
    sender = Actor("client", account_name="key:k-1", powers={"statements.write": EVERYWHERE})
    inbound.accept(actor=sender, body=json.dumps(said).encode(), version="2.0.0")


def _registration(world: Elsewhere) -> str:
    with reading():
        return str(_enrolments()[0].registration)


def _unit(world: Elsewhere, who: Made) -> Lrs:
    registration = UUID(_registration(world))
    with transaction():
        theirs = stamp(who.id, NOW.date())
        launch = open_launch(actor=SYSTEM, stamp=theirs, activity_iri=ELSEWHERE, registration=registration)
    return Lrs(world.client, SPEAKS | {"Authorization": f"Basic {launch.token}"})
