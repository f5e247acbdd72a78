"""What follows from completions and verified profiles: attainments, levels and their proof."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from msgspec.structs import replace
from sqlalchemy import insert

from lms.kernel import clock, ids
from lms.kernel.actor import EVERYWHERE, OWN, SYSTEM, Actor, Reach
from lms.kernel.db import db
from lms.kernel.errors import NotAllowed, NotThere, Refused
from lms.people.queries import stamp
from lms.skills import queries
from lms.skills.actions import load_frameworks, verify_profile
from lms.skills.actions.projection import SkillProjector
from lms.skills.models import Attainment
from lms.xapi import record
from lms.xapi.actions.rebuild import rebuild
from lms.xapi.rules import verbs
from lms.xapi.rules.facts import Draft, Fact, Thing
from lms.xapi.statements import extension, iri
from tests.factories import Made, Make
from tests.requirements.world import complete

DAY = date(2026, 3, 2)


@pytest.fixture
def someone(make: Make, commit: Any) -> Made:
    person = make.person(agency=make.agency("FIN", parent=make.root(), kind="ministry"), account=False)
    with commit():
        load_frameworks(actor=SYSTEM)
    return person


def trainer(person_id: int = 0, reach: Reach = EVERYWHERE) -> Actor:
    powers = {"profiles.verify": reach}
    return Actor("person", person_id=person_id, account_name="p-trainer", powers=powers)


def test_a_tested_completion_attains_the_course_and_its_competences(someone: Made, commit: Any) -> None:
    with commit():
        complete(someone.id, "dl-101", DAY, levels={"1.1": 3, "1.2": 4})
    rows = {row.target: row for row in queries.attainments_of(someone.id)}
    assert set(rows) == {"course:dl-101", "1.1", "1.2"}
    course = rows["course:dl-101"]
    assert (course.course_slug, course.level, course.expires_on, course.assurance) == ("dl-101", None, None, "tested")
    assert rows["1.2"].expires_on == date(2029, 3, 2)
    assert rows["1.2"].course_slug is None and rows["1.2"].valid_on(DAY) and not rows["1.2"].valid_on(date(2029, 3, 2))
    assert queries.levels_of(someone.id, DAY) == {"1.1": 3, "1.2": 4}
    assert queries.levels_of(someone.id, DAY - timedelta(1)) == {}


def test_levels_on_security_and_ai_count_for_the_months_that_the_course_says(someone: Made, commit: Any) -> None:
    with commit():
        complete(someone.id, "sec-201", DAY, valid_months=12, levels={"4.2": 3}, competence_months=12)
    assert {row.expires_on for row in queries.attainments_of(someone.id)} == {date(2027, 3, 2)}


def test_taking_part_proves_no_level(someone: Made, commit: Any) -> None:
    with commit():
        complete(someone.id, "chg-301", DAY, assurance="participation", levels={"CH1": 5})
    assert [(row.target, row.assurance) for row in queries.attainments_of(someone.id)] == [
        ("course:chg-301", "participation")
    ]


def test_the_higher_level_counts_while_both_are_valid_and_the_expired_one_stays_in_history(
    someone: Made, commit: Any
) -> None:
    with commit():
        complete(someone.id, "a", date(2025, 1, 10), levels={"1.1": 5}, competence_months=12)
        complete(someone.id, "b", date(2025, 6, 1), levels={"1.1": 3})
    assert queries.levels_of(someone.id, date(2026, 1, 9)) == {"1.1": 5}
    assert queries.levels_of(someone.id, date(2026, 1, 10)) == {"1.1": 3}
    assert [row.level for row in queries.attainments_of(someone.id) if row.target == "1.1"] == [3, 5]


def test_a_level_is_known_from_its_recording_on(someone: Made, commit: Any) -> None:
    with clock.at(datetime(2026, 4, 5, 10, tzinfo=UTC)), commit():
        complete(someone.id, "dl-101", DAY, levels={"1.1": 3})
    assert queries.latest_levels(DAY, datetime(2026, 4, 5, 9, tzinfo=UTC)) == {}
    assert queries.latest_levels(DAY, datetime(2026, 4, 5, 10, tzinfo=UTC)) == {someone.id: {"1.1": 3}}


def test_the_day_is_the_calendar_day_where_the_person_works(make: Make, commit: Any) -> None:
    tonga = make.agency("TO", parent=make.root(), time_zone="Pacific/Tongatapu")
    person = make.person(agency=tonga, account=False)
    with commit():
        complete(person.id, "dl-101", DAY)  # at noon in UTC, which is one in the morning of the next day there
    assert [row.achieved_on for row in queries.attainments_of(person.id)] == [date(2026, 3, 3)]


def test_what_others_say_and_what_is_no_whole_course_attains_nothing(someone: Made, commit: Any) -> None:
    with commit():
        step = Thing(iri=iri("courses", "dl-101", "steps", "lesson"), type=verbs.LESSON)
        of_step = Draft(stamp=stamp(someone.id, DAY), verb=verbs.COMPLETED, object=step)
        fact = record(of_step)
        whole = replace(fact, object_iri=iri("courses", "dl-101"), own=False)
        SkillProjector().project(whole)
        SkillProjector().project(replace(whole, own=True, person_id=None))
    assert queries.attainments_of(someone.id) == []


def test_a_voided_completion_is_revoked_and_stays_in_history(someone: Made, commit: Any) -> None:
    with commit():
        complete(someone.id, "dl-101", DAY, levels={"1.1": 3})
    proof = queries.attainments_of(someone.id)[0].statement_id
    before = clock.now()
    with clock.at(before + timedelta(hours=1)), commit():
        SkillProjector().project(_voiding(proof, clock.now()))
    assert {row.revoked_at for row in queries.attainments_of(someone.id)} == {before + timedelta(hours=1)}
    assert queries.latest_levels(DAY, before) == {someone.id: {"1.1": 3}}
    assert queries.latest_levels(DAY, before + timedelta(hours=1)) == {}


def test_an_assessor_verifies_levels_by_a_statement(someone: Made, commit: Any) -> None:
    with commit():
        statement_id = verify_profile(actor=trainer(), person_id=someone.id, levels={"CH1": 4, "1.1": 2}, on=DAY)
    rows = queries.attainments_of(someone.id)
    assert {(row.target, row.level, row.assurance, row.evidence) for row in rows} == {
        ("CH1", 4, "verified", "profile"),
        ("1.1", 2, "verified", "profile"),
    }
    assert {(row.achieved_on, row.expires_on) for row in rows} == {(DAY, date(2029, 3, 2))}
    found = queries.evidence(SYSTEM, rows[0].id)
    assert found.statement_id == statement_id and found.person == someone.name and found.assurance == "verified"
    assert '"p-trainer"' in found.statement and someone.name not in found.statement
    assert extension("verified-by") in found.statement


def test_levels_shown_today_are_verified_at_this_very_moment(someone: Made, commit: Any) -> None:
    with commit():
        verify_profile(actor=trainer(), person_id=someone.id, levels={"1.1": 2}, on=clock.today())
    assert queries.attainments_of(someone.id)[0].achieved_on == clock.today()


def test_nobody_verifies_their_own_levels(someone: Made, commit: Any) -> None:
    with pytest.raises(Refused, match="their own"), commit():
        verify_profile(actor=trainer(someone.id), person_id=someone.id, levels={"1.1": 2}, on=DAY)


def test_an_assessor_verifies_within_reach_only(make: Make, someone: Made, commit: Any) -> None:
    elsewhere = make.agency("HLT", parent=make.root(), kind="ministry")
    for actor in (trainer(reach=Reach(agencies=frozenset({elsewhere}))), trainer(reach=Reach()), Actor("person")):
        with pytest.raises(NotAllowed), commit():
            verify_profile(actor=actor, person_id=someone.id, levels={"1.1": 2}, on=DAY)
    own = Actor("person", person_id=0, powers={"profiles.verify": Reach(agencies=frozenset({make.root()}))})
    with commit():
        verify_profile(actor=own, person_id=someone.id, levels={"1.1": 2}, on=DAY)


def test_levels_that_cannot_be_are_refused(someone: Made, commit: Any) -> None:
    tomorrow = date(2026, 11, 24)
    wrong = [({}, DAY), ({"9.9": 2}, DAY), ({"1.1": 9}, DAY), ({"1.1": 0}, DAY), ({"1.1": 2}, tomorrow)]
    for levels, on in wrong:
        with pytest.raises(Refused), commit():
            verify_profile(actor=trainer(), person_id=someone.id, levels=levels, on=on)
    with pytest.raises(NotThere), commit():
        verify_profile(actor=trainer(), person_id=99_999, levels={"1.1": 2}, on=DAY)


def test_proof_is_shown_to_the_person_and_within_reach_and_is_absent_for_others(
    make: Make, someone: Made, commit: Any
) -> None:
    with commit():
        complete(someone.id, "dl-101", DAY)
    attainment = queries.attainments_of(someone.id)[0]
    root, elsewhere = make.root(), make.agency("HLT", parent=make.root())
    may = [
        Actor("person", person_id=someone.id, powers={"record.see": OWN}),
        Actor("person", person_id=0, powers={"evidence.see": Reach(agencies=frozenset({root}))}),
    ]
    for actor in may:
        assert queries.evidence(actor, attainment.id).target == "course:dl-101"
    may_not = [
        Actor("person", person_id=0, powers={"record.see": OWN}),
        Actor("person", person_id=0, powers={"evidence.see": Reach(agencies=frozenset({elsewhere}))}),
    ]
    for actor in may_not:
        with pytest.raises(NotThere):
            queries.evidence(actor, attainment.id)
    with pytest.raises(NotThere):
        queries.evidence(SYSTEM, attainment.id + 1)


def test_a_rebuild_from_zero_gives_the_same_attainments_and_finds_what_does_not_follow(
    app: Flask, someone: Made, commit: Any
) -> None:
    with commit():
        complete(someone.id, "dl-101", DAY, levels={"1.1": 3})
        verify_profile(actor=trainer(), person_id=someone.id, levels={"1.2": 4}, on=DAY)
    with commit():
        assert rebuild(actor=SYSTEM, check=False).differences == []
    made_up: dict[str, Any] = {"person_id": someone.id, "target": "1.3", "level": 8, "assurance": 4}
    proof = {"achieved_on": DAY, "recorded_at": clock.now(), "evidence": "none", "statement_id": ids.new()}
    with commit():
        db.session.execute(insert(Attainment).values(**made_up, **proof))
    with commit():
        (found,) = rebuild(actor=SYSTEM, check=True).differences
    assert (found.projector, found.lacking, found.too_many) == ("skills", 0, 1)


def _voiding(statement_id: Any, moment: datetime) -> Fact:
    return Fact(
        seq=0,
        id=ids.new(),
        verb=verbs.VOIDED,
        object_iri="",
        timestamp=moment,
        stored=moment,
        registration=None,
        person_id=None,
        agency_id=None,
        statement={"object": {"objectType": "StatementRef", "id": str(statement_id)}},
        own=False,
    )
