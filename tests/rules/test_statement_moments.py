"""Moments in statements: read to UTC or refused in plain words (row E7)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.kernel.errors import Malformed
from lms.xapi.rules import moments
from lms.xapi.rules.validate import Version, validate
from lms.xapi.statements import moment
from tests.rules.statement_corpus import TIMESTAMPS_RIGHT, TIMESTAMPS_WRONG, least


@pytest.mark.parametrize("text", TIMESTAMPS_WRONG)
def test_E7_a_bad_timestamp_is_refused_in_both_versions(text: str) -> None:
    versions: tuple[Version, ...] = ("1.0.3", "2.0.0")
    for version in versions:
        with pytest.raises(Malformed) as refusal:
            validate(least(timestamp=text), version=version)
        assert list(refusal.value.errors) == ["/timestamp"]


@pytest.mark.parametrize(("text", "utc"), TIMESTAMPS_RIGHT.items())
def test_E7_a_good_timestamp_becomes_utc(text: str, utc: str) -> None:
    validate(least(timestamp=text))
    assert moments.read(text, zone_needed=True) == datetime.fromisoformat(utc)


def test_E7_a_missing_zone_means_utc_in_version_1_and_is_refused_in_version_2() -> None:
    text = "2026-11-23T09:30:00"
    assert moments.read(text, zone_needed=False) == datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    validate(least(timestamp=text), version="1.0.3")
    with pytest.raises(Malformed, match="no time zone"):
        validate(least(timestamp=text))


@settings(max_examples=100, deadline=None)
@given(
    st.datetimes(datetime(1901, 1, 1), datetime(2198, 12, 31)),
    st.integers(-14 * 60, 14 * 60).filter(lambda minutes: minutes != 0),
)
def test_E7_any_moment_survives_writing_and_reading(local: datetime, minutes: int) -> None:
    there = local.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert moments.read(there.isoformat(), zone_needed=True) == there
    assert moments.read(moment(there.astimezone(UTC)), zone_needed=True) == there
