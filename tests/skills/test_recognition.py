"""What others say is taking part, until an administrator recognises it; and a rebuild from zero finds the same."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.kernel import clock
from lms.kernel.actor import SYSTEM, Actor
from lms.kernel.audit import AuditEvent
from lms.kernel.db import db, reading, transaction
from lms.kernel.errors import Conflict, NotAllowed, NotThere, Refused
from lms.skills import actions as skills
from lms.skills import queries
from lms.skills.queries import recognised
from lms.xapi.rules import verbs
from lms.xapi.statements import iri
from tests.conftest import NOW
from tests.factories import Make
from tests.skills.elsewhere import COURSE, ELSEWHERE, Elsewhere, build, new_key

HERE = f"activity:{ELSEWHERE}"


@pytest.fixture
def world(make: Make, client: FlaskClient) -> Elsewhere:
    return build(make, client)


@pytest.mark.parametrize("verb", [verbs.COMPLETED, verbs.PASSED, verbs.MASTERED])
def test_the_word_of_others_is_taking_part_and_fulfils_nothing(world: Elsewhere, verb: str) -> None:
    world.say(world.amina, verb)
    assert world.attained(world.amina) == [(HERE, 1, 0, None)]
    assert world.fulfilled(world.amina) == []
    assert world.differences() == []


@pytest.mark.parametrize(
    ("verb", "more"),
    [
        (verbs.EXPERIENCED, {}),
        (verbs.FAILED, {}),
        (verbs.PASSED, {"result": {"success": False}}),
        (verbs.COMPLETED, {"result": {"completion": False}}),
        (verbs.PASSED, {"object": {"id": iri("courses", "one-thing")}}),
        (verbs.PASSED, {"object": {"objectType": "Agent", "mbox": "mailto:a@b.example"}}),
        (verbs.PASSED, {"actor": {"mbox": "mailto:stranger@gov.example"}}),
    ],
)
def test_what_says_nothing_of_our_people_elsewhere_attains_nothing(
    world: Elsewhere, verb: str, more: dict[str, Any]
) -> None:
    world.say(world.amina, verb, **more)
    assert world.attained(world.amina) == []
    assert world.differences() == []


def test_a_recognised_activity_counts_for_what_was_said_before_and_after(world: Elsewhere) -> None:
    world.say(world.amina)
    world.recognise(hours=1)
    world.say(world.boris, hours=2)
    assert world.attained(world.amina) == [(HERE, 1, 0, None), (COURSE, 2, 1, None)]
    assert world.attained(world.boris) == [(HERE, 1, 2, None), (COURSE, 2, 2, None)]
    assert world.fulfilled(world.amina) == [(1, None)]
    assert world.fulfilled(world.boris) == [(2, None)]
    assert world.differences() == []


def test_a_withdrawn_recognition_revokes_and_counts_nothing_more(world: Elsewhere) -> None:
    world.say(world.amina)
    number = world.recognise(hours=1)
    world.say(world.boris, hours=2)
    world.withdraw(number, hours=3)
    cora = world.make.person(agency=None, family="CA")
    world.say(cora, hours=4)
    assert world.attained(world.amina) == [(HERE, 1, 0, None), (COURSE, 2, 1, 3)]
    assert world.attained(world.boris) == [(HERE, 1, 2, None), (COURSE, 2, 2, 3)]
    assert world.attained(cora) == [(HERE, 1, 4, None)]
    assert (world.fulfilled(world.amina), world.fulfilled(world.boris), world.fulfilled(cora)) == (
        [(1, 3)],
        [(2, 3)],
        [],
    )
    assert world.differences() == []


def test_recognised_withdrawn_and_recognised_again(world: Elsewhere) -> None:
    world.say(world.amina)
    world.withdraw(world.recognise(hours=1), hours=2)
    world.recognise(hours=3, assurance="certified")
    assert world.attained(world.amina) == [(HERE, 1, 0, None), (COURSE, 2, 1, 2), (COURSE, 4, 3, None)]
    assert world.fulfilled(world.amina) == [(1, 2), (3, None)]
    assert world.differences() == []


def test_a_voided_word_counts_no_longer_whenever_it_was_voided(world: Elsewhere) -> None:
    early, late = world.say(world.amina), world.say(world.boris)
    world.void(early, hours=1)
    number = world.recognise(hours=2)
    world.void(late, hours=3)
    world.withdraw(number, hours=4)
    assert world.attained(world.amina) == [(HERE, 1, 0, 1), (COURSE, 2, 2, 2)]  # it never counted
    assert world.attained(world.boris) == [(HERE, 1, 0, 3), (COURSE, 2, 2, 3)]
    assert world.fulfilled(world.amina) == [(2, 2)]
    assert world.differences() == []


def test_a_word_voided_before_it_came_never_counts(world: Elsewhere) -> None:
    coming = "7c5b1f0e-2d43-4c58-9a3c-0d5f6f4f2b11"
    world.void(coming, hours=0)
    world.recognise(hours=1)
    world.say(world.boris, hours=2, id=coming)
    assert world.attained(world.boris) == []
    world.recognise(
        hours=3, activity="https://academy.example/", is_prefix=True, assurance="verified", target="1.1", level=3
    )
    assert world.attained(world.boris) == []
    assert world.differences() == []


def test_everything_in_the_same_moment_is_rebuilt_alike(world: Elsewhere) -> None:
    said = world.say(world.amina)
    number = world.recognise(hours=0)
    world.say(world.boris)
    world.void(said, hours=0)
    world.withdraw(number, hours=0)
    world.say(world.amina)
    assert world.differences() == []


def test_a_competence_counts_at_its_level_for_three_years(world: Elsewhere) -> None:
    world.say(world.amina, timestamp="2026-03-02T10:00:00Z")
    world.recognise(hours=1, target="1.1", level=4)
    with reading():
        row = next(row for row in queries.attainments_of(world.amina.id) if row.target == "1.1")
        assert (row.level, row.achieved_on, row.expires_on) == (4, date(2026, 3, 2), date(2029, 3, 2))
        assert row.evidence == "outside"
        assert queries.levels_of(world.amina.id, date(2026, 11, 24)) == {}  # not known before it was decided
    with clock.at(NOW + timedelta(hours=2)), reading():
        assert queries.levels_of(world.amina.id, date(2026, 11, 24)) == {"1.1": 4}
    assert world.differences() == []


def test_nobody_attains_anything_on_a_day_to_come(world: Elsewhere) -> None:
    world.say(world.amina, timestamp="2031-01-01T10:00:00Z")
    with reading():
        assert [row.achieved_on for row in queries.attainments_of(world.amina.id)] == [NOW.date()]


def test_a_test_takes_success_and_taking_part_does_not(world: Elsewhere) -> None:
    world.recognise(hours=0)
    world.recognise(hours=0, activity=f"{ELSEWHERE}/meeting", assurance="participation")
    world.say(world.amina, verbs.COMPLETED, hours=1)
    world.say(world.amina, verbs.COMPLETED, f"{ELSEWHERE}/meeting", hours=1)
    world.say(world.boris, verbs.COMPLETED, hours=1, result={"success": True})
    assert [row[:2] for row in world.attained(world.amina)] == [(HERE, 1), (f"{HERE}/meeting", 1), (COURSE, 1)]
    assert [row[:2] for row in world.attained(world.boris)] == [(HERE, 1), (COURSE, 2)]
    assert world.fulfilled(world.amina) == []
    assert world.differences() == []


def test_a_recognition_may_be_of_one_sender_and_of_all_that_begins_alike(world: Elsewhere) -> None:
    with reading():
        sender = next(iter(known for known, name in recognised.senders().items() if name == "Academy"))
    world.recognise(hours=0, activity="https://academy.example/courses/", is_prefix=True, sender=sender)
    world.say(world.amina, hours=1)
    world.say(world.boris, activity="https://academy.example/Courses/7", hours=1)
    world.key = new_key("Somebody else")
    world.say(world.boris, hours=1)
    assert [row[0] for row in world.attained(world.amina)] == [HERE, COURSE]
    assert COURSE not in [row[0] for row in world.attained(world.boris)]
    assert world.differences() == []


def test_what_begins_alike_ends_where_a_name_ends(world: Elsewhere) -> None:
    beginning = "https://academy.example/courses/1"
    for activity in (f"{beginning}7", f"{beginning}/units/2", f"{beginning}?x=1"):
        world.say(world.amina, activity=activity)
    world.recognise(hours=1, activity=beginning, is_prefix=True)
    world.say(world.boris, activity=f"{beginning}7", hours=2)
    cora = world.make.person(agency=None, family="CA")
    for activity in (beginning, f"{beginning}#2"):
        world.say(cora, activity=activity, hours=2)
    assert [row[0] for row in world.attained(world.amina)].count(COURSE) == 2
    assert COURSE not in [row[0] for row in world.attained(world.boris)]
    assert [row[0] for row in world.attained(cora)].count(COURSE) == 2
    assert world.differences() == []


def test_long_iris_and_several_statements_of_one_person(world: Elsewhere) -> None:
    activity = f"https://academy.example/{'a' * 900}"
    for hours in (0, 1):
        world.say(world.amina, activity=activity, hours=hours)
    world.recognise(hours=2, activity=activity)
    assert len(world.attained(world.amina)) == 4
    with reading():
        assert recognised.unmapped(SYSTEM) == []
    assert world.differences() == []


def test_what_is_seen_and_not_decided_on_is_listed_until_it_is(world: Elsewhere) -> None:
    world.say(world.amina, object={"id": ELSEWHERE, "definition": {"name": {"en": "Safe at work"}}})
    world.say(world.boris, hours=1)
    world.say(world.boris, activity=f"{ELSEWHERE}/other", hours=2)
    with reading():
        found = [(one.activity, one.people, one.statements, one.names) for one in recognised.unmapped(SYSTEM)]
    assert found == [(f"{ELSEWHERE}/other", 1, 1, {}), (ELSEWHERE, 2, 2, {"en": "Safe at work"})]
    number = world.recognise(hours=3)
    with reading():
        assert [one.activity for one in recognised.unmapped(SYSTEM)] == [f"{ELSEWHERE}/other"]
        assert [(one.people, one.why) for one in recognised.decided(SYSTEM)] == [(2, "Same syllabus, same test.")]
    world.withdraw(number, hours=4)
    with reading():
        assert len(recognised.unmapped(SYSTEM)) == 2


def test_a_decision_is_audited_with_its_reason(world: Elsewhere) -> None:
    number = world.recognise(hours=0)
    world.withdraw(number, hours=1)
    with reading():
        wanted = select(AuditEvent).where(AuditEvent.subject_kind == "recognition").order_by(AuditEvent.id)
        notes = [(note.action, note.subject_id, note.actor, note.why) for note in db.session.scalars(wanted)]
    who = world.administrator.account_name
    assert notes == [
        ("records.recognised", str(number), who, "Same syllabus, same test."),
        ("records.withdrawn", str(number), who, "The test leaked."),
    ]


@pytest.mark.parametrize(
    ("fault", "field"),
    [
        ({"activity": "courses/7"}, "activity"),
        ({"activity": iri("courses", "one-thing")}, "activity"),
        ({"activity": "https://acad", "is_prefix": True}, "activity"),
        ({"target": "course:unknown"}, "target"),
        ({"target": "9.9", "level": 3}, "target"),
        ({"target": "1.1"}, "level"),
        ({"target": "1.1", "level": 9}, "level"),
        ({"level": 3}, "level"),
        ({"assurance": "self"}, "assurance"),
        ({"assurance": "sure"}, "assurance"),
        ({"target": "1.1", "level": 3, "assurance": "participation"}, "assurance"),
        ({"sender": "s" * 401}, "sender"),
        ({"why": "  "}, "why"),
        ({"why": "w" * 2001}, "why"),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused(world: Elsewhere, fault: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refusal:
        world.recognise(hours=0, **fault)
    assert list(refusal.value.errors) == [field]


def test_the_same_decision_is_not_made_twice(world: Elsewhere) -> None:
    number = world.recognise(hours=0)
    with pytest.raises(Refused):
        world.recognise(hours=1)
    world.withdraw(number, hours=1)
    with pytest.raises(Conflict):
        world.withdraw(number, hours=2)
    with pytest.raises(NotThere):
        world.withdraw(number + 99, hours=2)


def test_only_an_administrator_recognises(world: Elsewhere) -> None:
    clerk = Actor("person", person_id=1, account_name="p-1", powers={})
    asked: dict[str, Any] = {"activity": ELSEWHERE, "target": COURSE, "assurance": "tested", "why": "So."}
    with pytest.raises(NotAllowed), transaction():
        skills.recognise(actor=clerk, **asked)
    with pytest.raises(NotAllowed), transaction():
        skills.withdraw(actor=clerk, recognition_id=1, why="So.")
    for look in (recognised.decided, recognised.unmapped):
        with pytest.raises(NotAllowed), reading():
            look(clerk)
