"""Attempts through their actions: begun, saved, handed in (rows C2 to C8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from assessments.actions.attempts import AlreadySubmitted, NoAttemptLeft, StaleAnswer, TimeOver
from assessments.actions.submission import submit_overdue
from assessments.models.attempts import Attempt, AttemptItem
from courses.models import Enrolment, StepProgress
from lms.kernel import clock
from lms.kernel.db import db, transaction
from lms.kernel.errors import Busy, Conflict, NotThere, Refused
from lms.xapi.models import StatementRow, Verb
from tests.assessments.conftest import STEP, Sat, asked, right_values
from tests.assessments.papers import Paper
from tests.conftest import NOW
from tests.factories import sent
from tests.together import together

Sitting = Callable[..., Sat]
SHORT = ("single", "multi", "order")


def count(column: Any, *where: Any) -> int:
    found = db.session.scalar(select(func.count()).select_from(column).where(*where)) or 0
    db.session.rollback()
    return found


def verbs() -> dict[str, int]:
    rows = db.session.execute(
        select(Verb.iri, func.count()).join(StatementRow, StatementRow.verb_id == Verb.id).group_by(Verb.iri)
    ).all()
    db.session.rollback()
    return {iri.rsplit("/", 1)[-1]: number for iri, number in rows}


def test_all_right_passes_and_the_record_says_so_once(sitting: Sitting) -> None:
    sat = sitting()
    attempt = sat.begin()
    for question in asked(attempt):
        sat.save(attempt, question.position, right_values(question))
    outcome = sat.hand_in(attempt)
    assert (outcome.score, outcome.passed) == (Fraction(1), True)
    assert {name: verbs()[name] for name in ("attempted", "answered", "passed")} == {
        "attempted": 1,
        "answered": 8,
        "passed": 1,
    }
    assert count(StepProgress, StepProgress.step_key == STEP, StepProgress.done_at.is_not(None)) == 1


def test_a_fail_is_told_too_and_leaves_the_step_undone(sitting: Sitting) -> None:
    sat = sitting()
    attempt = sat.begin()
    assert sat.hand_in(attempt).passed is False
    assert verbs()["failed"] == 1
    assert count(StepProgress, StepProgress.step_key == STEP, StepProgress.done_at.is_not(None)) == 0


def test_C4_twenty_starts_at_once_with_one_attempt_allowed_make_one_attempt(sitting: Sitting, app: Flask) -> None:
    sat = sitting(Paper(attempts=1, kinds=SHORT))

    def begin() -> int | None:
        try:
            return sat.begin()
        except (Conflict, Busy):
            return None

    told = together(*[begin] * 20, app=app)
    assert len({attempt for attempt in told if attempt is not None}) == 1
    assert count(Attempt) == 1
    assert count(AttemptItem) == 3
    assert verbs()["attempted"] == 1


def test_C4_used_up_attempts_open_again_after_a_day(sitting: Sitting) -> None:
    sat = sitting(Paper(attempts=2, kinds=SHORT))
    for _ in range(2):
        sat.hand_in(sat.begin())
    with pytest.raises(NoAttemptLeft):
        sat.begin()
    with clock.at(NOW + timedelta(hours=24)):
        sat.begin()


def test_an_open_attempt_is_gone_on_with(sitting: Sitting) -> None:
    sat = sitting()
    assert sat.begin() == sat.begin()


def test_nobody_begins_again_after_a_pass_or_after_leaving(sitting: Sitting) -> None:
    sat = sitting(Paper(pass_mark=0, kinds=SHORT))
    sat.hand_in(sat.begin())
    with pytest.raises(NoAttemptLeft):
        sat.begin()


def test_C5_handing_in_twice_gives_the_same_result_and_one_record(sitting: Sitting) -> None:
    sat = sitting()
    attempt = sat.begin()
    question = asked(attempt)[0]
    sat.save(attempt, 1, right_values(question))
    first = sat.hand_in(attempt)
    told = verbs()
    assert sat.hand_in(attempt) == first
    assert verbs() == told
    assert first.score == Fraction(1, 8)


def test_C5_two_hand_in_at_once_and_one_record_is_made(sitting: Sitting, app: Flask) -> None:
    sat = sitting(Paper(kinds=SHORT))
    attempt = sat.begin()
    told = together(*[partial(sat.hand_in, attempt)] * 6, app=app)
    assert len(set(map(str, told))) == 1
    assert verbs()["failed"] == 1


def test_C6_a_stale_save_is_refused_with_both_answers(sitting: Sitting) -> None:
    sat = sitting(Paper(kinds=SHORT))
    attempt = sat.begin()
    question = asked(attempt)[0]
    first, second = question.named("option 0"), question.named("option 3")
    assert sat.save(attempt, 1, first) == 1
    with pytest.raises(StaleAnswer) as stale:
        sat.save(attempt, 1, second)
    assert (stale.value.yours, stale.value.theirs, stale.value.revision) == ("option 3", "option 0", 1)
    assert sat.save(attempt, 1, second, revision=1) == 2
    with pytest.raises(StaleAnswer):
        sat.save(attempt, 1, first, revision=9)


def test_C6_racing_saves_on_one_revision_leave_exactly_one(sitting: Sitting, app: Flask) -> None:
    sat = sitting(Paper(kinds=SHORT))
    attempt = sat.begin()
    question = asked(attempt)[0]
    choices = [question.named(f"option {n % 4}") for n in range(8)]

    def race(values: list[str]) -> tuple[int, list[str]] | None:
        try:
            return sat.save(attempt, 1, values), values
        except StaleAnswer:
            return None

    saved = [one for one in together(*[partial(race, values) for values in choices], app=app) if one]
    stored = db.session.execute(
        select(AttemptItem.response, AttemptItem.revision).where(AttemptItem.position == 1)
    ).one()
    assert stored.revision == 1
    assert {revision for revision, _ in saved} == {1}
    assert {tuple(values) for _, values in saved} == {tuple(stored.response["chosen"])}


def test_C7_the_same_save_again_is_acknowledged_again_and_changes_nothing(sitting: Sitting) -> None:
    sat = sitting(Paper(kinds=SHORT))
    attempt = sat.begin()
    values = asked(attempt)[1].named("option 0", "option 1")
    assert sat.save(attempt, 2, values, save_id="a") == 1
    assert sat.save(attempt, 2, values, save_id="a") == 1
    assert sat.save(attempt, 2, list(reversed(values)), revision=1) == 1


def test_C7_every_acknowledged_answer_is_marked(sitting: Sitting) -> None:
    sat = sitting(Paper(time_limit=20))
    attempt = sat.begin()
    for question in asked(attempt)[:3]:
        sat.save(attempt, question.position, right_values(question))
    with clock.at(NOW + timedelta(hours=3)), transaction():
        assert submit_overdue() == 1
    row = db.session.execute(select(Attempt.score, Attempt.submitted_at, Attempt.state)).one()
    assert Fraction(row.score) == Fraction(3, 8)
    assert row.submitted_at == NOW + timedelta(minutes=20)
    with transaction():
        assert submit_overdue() == 0


def test_C3_answers_are_taken_until_the_grace_ends(sitting: Sitting) -> None:
    sat = sitting(Paper(time_limit=20, kinds=SHORT))
    attempt = sat.begin()
    question = asked(attempt)[0]
    until = NOW + timedelta(minutes=20)
    for revision, seconds in enumerate((-1, 0, 30)):
        with clock.at(until + timedelta(seconds=seconds)):
            sat.save(attempt, 1, question.named(f"option {revision}"), revision=revision)
    with clock.at(until + timedelta(seconds=31)), pytest.raises(TimeOver):
        sat.save(attempt, 1, question.named("option 3"), revision=3)


def test_nothing_is_saved_after_handing_in(sitting: Sitting) -> None:
    sat = sitting(Paper(kinds=SHORT))
    attempt = sat.begin()
    sat.hand_in(attempt)
    with pytest.raises(AlreadySubmitted):
        sat.save(attempt, 1, asked(attempt)[0].named("option 0"))


@pytest.mark.parametrize("values", [["nothing-offered"], ["true"], {"a": "b"}, ["x"] * 40])
def test_C2_an_answer_that_was_not_offered_is_refused(sitting: Sitting, values: Any) -> None:
    sat = sitting(Paper(kinds=SHORT))
    attempt = sat.begin()
    with pytest.raises(Refused):
        sat.save(attempt, 1, values)
    assert count(AttemptItem, AttemptItem.saved_at.is_not(None)) == 0


def test_strangers_meet_nothing(sitting: Sitting, enrolled: Callable[..., Sat]) -> None:
    sat = sitting(Paper(kinds=SHORT))
    attempt = sat.begin()
    stranger = enrolled()
    with pytest.raises(NotThere):
        stranger.save(attempt, 1, asked(attempt)[0].named("option 0"))
    with pytest.raises(NotThere):
        stranger.hand_in(attempt)
    with pytest.raises(NotThere), transaction():
        Sat(stranger.person, stranger.actor, sat.registration).begin()


def test_C8_a_drawn_paper_shows_unseen_questions_first_and_never_twice(sitting: Sitting) -> None:
    sat = sitting(Paper(draw=2, copies=2, kinds=("single", "multi", "match", "order")))
    first = sat.begin()
    assert len(asked(first)) == 4
    sat.hand_in(first)
    second = sat.begin()
    assert not {q.key for q in asked(first)} & {q.key for q in asked(second)}


def test_the_shown_order_never_is_the_order_of_the_key_by_construction(sitting: Sitting) -> None:
    sat = sitting(Paper(shuffle=False, attempts=None))
    orders, partners = set(), set()
    for _ in range(12):
        attempt = sat.begin()
        by_kind = {question.kind: question for question in asked(attempt)}
        assert by_kind["single"].shown["options"] == [o["id"] for o in by_kind["single"].choices]
        orders.add(tuple(by_kind["order"].shown["options"]))
        partners.add(tuple(by_kind["match"].shown["partners"]))
        sat.hand_in(attempt)
    assert len(orders) > 3
    assert len(partners) > 2
    ids = [option["id"] for option in by_kind["order"].choices]
    assert ids == sorted(ids)


def test_a_course_is_completed_by_its_last_quiz(sitting: Sitting) -> None:
    from courses.actions import finish_step

    sat = sitting(Paper(pass_mark=0, kinds=SHORT))
    with transaction():
        for name in ("first", "second"):
            finish_step(actor=sat.actor, registration=sat.registration, step_key=f"quiz-101-{name}")
    sat.hand_in(sat.begin())
    assert db.session.scalar(select(Enrolment.state)) == "completed"
    assert verbs()["completed"] == 3


def test_saving_takes_one_read_and_one_write(sitting: Sitting) -> None:
    sat = sitting(Paper(kinds=SHORT))
    attempt = sat.begin()
    values = asked(attempt)[0].named("option 0")
    with sent() as texts:
        sat.save(attempt, 1, values)
    assert [text.split()[0] for text in texts] == ["SELECT", "UPDATE"]
