"""The settable clock, ids that sort by time, and names that say nothing."""

from __future__ import annotations

import random
import re
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from lms.kernel import clock, ids
from tests.conftest import NOW


def test_the_clock_stands_where_it_is_set_and_goes_on_afterwards() -> None:
    later = NOW + timedelta(days=1)
    assert clock.now() == NOW
    with clock.at(later.astimezone(timezone(timedelta(hours=5)))):
        assert clock.now() == later
        assert clock.now().tzinfo is UTC
        assert clock.stands()
    assert clock.now() == NOW


def test_a_moment_without_a_zone_is_no_moment() -> None:
    with pytest.raises(ValueError, match="no time zone"), clock.at(datetime(2026, 1, 1)):
        pass


def test_the_day_is_the_zones_own() -> None:
    with clock.at(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)):
        assert clock.today() == date(2026, 12, 31)
        assert clock.today("Africa/Nairobi") == date(2027, 1, 1)
        assert clock.today("Pacific/Honolulu") == date(2026, 12, 31)


def test_ids_sort_by_the_moment_they_were_made() -> None:
    made = []
    for milliseconds in range(200):
        with clock.at(NOW + timedelta(milliseconds=milliseconds)):
            made.append(ids.new())
    assert made == sorted(made)
    assert [str(id) for id in made] == sorted(str(id) for id in made)


def test_an_id_is_a_uuid_of_version_7_that_tells_its_moment() -> None:
    made = ids.new()
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert made.int >> 80 == int(NOW.timestamp() * 1000)
    assert len({ids.new() for _ in range(1000)}) == 1000


def test_a_seeded_source_gives_the_same_ids_each_time() -> None:
    def drawn() -> list[object]:
        with ids.seeded(random.Random(7)):
            return [ids.new(), ids.account_name(), ids.new()]

    assert drawn() == drawn()
    assert ids.new() not in drawn()


def test_an_account_name_says_nothing_and_reads_aloud_without_doubt() -> None:
    names = {ids.account_name() for _ in range(200)}
    assert len(names) == 200
    assert all(re.fullmatch(r"p-[a-hjkmnp-z2-9]{12}", name) for name in names)
