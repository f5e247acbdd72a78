"""What the word of others counts for follows from the statement and the decisions alone, whichever came first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lms.skills.rules.recognition import Counted, Recognition, Word, activity_of, activity_target, counted

T = datetime(2026, 3, 2, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
WORD = Word("https://x.example/courses/7", "key", True)
DECIDED = Recognition(
    id=3,
    activity="https://x.example/courses/7",
    is_prefix=False,
    sender="",
    target="course:sec-201",
    level=None,
    assurance=2,
    valid_months=12,
    recorded_at=T + HOUR,
    withdrawn_at=None,
)


def spans(
    *decided: Recognition, word: Word = WORD, stored: datetime = T, voided: datetime | None = None
) -> list[tuple[int, datetime, datetime | None]]:
    return [(item.recognition, item.recorded_at, item.revoked_at) for item in counted(word, stored, voided, decided)]


def test_without_a_decision_it_is_taking_part() -> None:
    assert list(counted(WORD, T, None, [])) == [Counted(0, f"activity:{WORD.activity}", None, 1, None, T, None)]


def test_a_decision_counts_from_its_own_moment_or_from_the_statement_s() -> None:
    assert spans(DECIDED) == [(0, T, None), (3, T + HOUR, None)]
    assert spans(DECIDED, stored=T + 2 * HOUR) == [(0, T + 2 * HOUR, None), (3, T + 2 * HOUR, None)]


def test_withdrawing_ends_what_was_counted_and_counts_nothing_later() -> None:
    ended = replace(DECIDED, withdrawn_at=T + 3 * HOUR)
    assert spans(ended) == [(0, T, None), (3, T + HOUR, T + 3 * HOUR)]
    assert spans(ended, stored=T + 4 * HOUR) == [(0, T + 4 * HOUR, None)]


def test_voiding_ends_everything_and_nothing_ends_before_it_began() -> None:
    assert spans(DECIDED, voided=T + 2 * HOUR) == [(0, T, T + 2 * HOUR), (3, T + HOUR, T + 2 * HOUR)]
    earlier = T + HOUR / 2
    assert spans(DECIDED, voided=earlier) == [(0, T, earlier), (3, T + HOUR, T + HOUR)]
    ended = replace(DECIDED, withdrawn_at=T + 3 * HOUR)
    assert spans(ended, voided=T + 2 * HOUR)[1] == (3, T + HOUR, T + 2 * HOUR)
    assert spans(ended, voided=T + 5 * HOUR)[1] == (3, T + HOUR, T + 3 * HOUR)


@pytest.mark.parametrize(
    ("decided", "word", "counts"),
    [
        (DECIDED, WORD, True),
        (DECIDED, replace(WORD, activity="https://x.example/courses/70"), False),
        (replace(DECIDED, is_prefix=True, activity="https://x.example/courses/"), WORD, True),
        (replace(DECIDED, is_prefix=True, activity="https://x.example/Courses/"), WORD, False),
        (replace(DECIDED, sender="key"), WORD, True),
        (replace(DECIDED, sender="other"), WORD, False),
        (DECIDED, replace(WORD, shows_success=False), False),
        (replace(DECIDED, assurance=1), replace(WORD, shows_success=False), True),
    ],
)
def test_a_decision_is_about_an_activity_of_a_sender_and_a_test_takes_success(
    decided: Recognition, word: Word, counts: bool
) -> None:
    assert decided.counts(word) is counts


def test_a_long_iri_stands_by_its_hash() -> None:
    target = activity_target("https://x.example/" + "a" * 900)
    assert len(target) == 80 and activity_of(target)
    assert activity_of(activity_target(WORD.activity)) == WORD.activity and activity_of("course:sec-201") is None
    assert target != activity_target("https://x.example/" + "a" * 901)
