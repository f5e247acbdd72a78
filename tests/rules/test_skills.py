"""Assurance, levels, bands, validity and targets (docs/rules.md, sections 1.1 and 1.3)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.skills.rules import (
    ASSURANCE,
    BANDS,
    LEVELS,
    SIX_LEVELS,
    Attainment,
    add_months,
    assurance_rank,
    assurance_word,
    band_of,
    highest_targets,
    level_on,
    levels_in,
    levels_on,
    validity_months,
)

D = date.fromisoformat
DAY = D("2026-03-31")
START = D("2025-01-01")


def attained(level: int | None, achieved: str = "2026-01-01", rank: int = 2, revoked: str = "") -> Attainment:
    """An attainment in short, valid for 36 months."""
    day = D(achieved)
    return Attainment(level, day, add_months(day, 36), rank, day, D(revoked) if revoked else None)


def test_the_highest_valid_level_counts_and_lower_ones_are_implied() -> None:
    assert level_on([attained(3), attained(5), attained(2)], DAY) == 5


def test_not_assessed_is_not_level_0() -> None:
    assert level_on([], DAY) is None
    assert level_on([attained(None)], DAY) == 0
    assert levels_on({"1.1": [attained(3)], "1.2": []}, DAY) == {"1.1": 3, "1.2": None}


def test_a_self_rating_does_not_count_unless_asked_for() -> None:
    rated = [attained(7, rank=ASSURANCE["self"]), attained(3)]
    assert level_on(rated, DAY) == 3
    assert level_on(rated, DAY, min_rank=ASSURANCE["self"]) == 7


def test_a_level_expires_but_stays_in_history() -> None:
    old = [attained(4, "2023-01-01")]
    assert level_on(old, D("2025-12-31")) == 4
    assert level_on(old, D("2026-01-01")) is None


def test_revoked_and_late_attainments_depend_on_what_was_known() -> None:
    revoked = [attained(4, revoked="2026-04-05")]
    assert level_on(revoked, DAY, D("2026-04-04")) == 4
    assert level_on(revoked, DAY, D("2026-04-05")) is None
    late = [Attainment(4, D("2026-03-01"), None, 2, D("2026-04-02"))]
    assert level_on(late, DAY) is None
    assert level_on(late, DAY, D("2026-04-02")) == 4


attainments = st.builds(
    lambda level, start, months, rank: Attainment(
        level, START + timedelta(start), add_months(START + timedelta(start), months), rank, START + timedelta(start)
    ),
    st.sampled_from(LEVELS),
    st.integers(0, 800),
    st.integers(1, 36),
    st.integers(0, 4),
)


@settings(max_examples=100, deadline=None, database=None)
@given(st.lists(attainments, max_size=5), attainments, st.integers(0, 1200))
def test_invariant_8_no_attainment_ever_lowers_a_level(held: list[Attainment], more: Attainment, n: int) -> None:
    day = START + timedelta(n)
    before, after = level_on(held, day), level_on([*held, more], day)
    assert before is None or (after is not None and after >= before)


def test_bands_and_levels_lead_to_each_other() -> None:
    assert [band_of(level) for level in LEVELS] == [band for band in BANDS for _ in range(2)]
    assert all(band_of(level) == band for band in BANDS for level in levels_in(band))
    assert len(SIX_LEVELS) == len(LEVELS) and len(set(SIX_LEVELS)) == 6
    with pytest.raises(ValueError, match="use 1 to 8"):
        band_of(9)
    with pytest.raises(ValueError, match="unknown"):
        levels_in("expert")


def test_assurance_words_have_ranks() -> None:
    assert [assurance_word(assurance_rank(word)) for word in ASSURANCE] == list(ASSURANCE)
    with pytest.raises(ValueError, match="use one of self"):
        assurance_rank("sure")
    with pytest.raises(ValueError, match=r"0 .self. to 4"):
        assurance_word(5)


def test_what_changes_fast_counts_for_a_shorter_time() -> None:
    assert [validity_months(topic) for topic in ("security", "ai", "inclusion", None)] == [12, 12, 36, 36]


def test_on_conflict_between_roles_the_highest_target_wins() -> None:
    assert highest_targets([{"1.1": 3, "1.2": 5}, {"1.1": 4}, {}]) == {"1.1": 4, "1.2": 5}
    assert highest_targets([]) == {}
