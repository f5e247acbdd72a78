"""The way that is taken for moments as nearly everybody writes them leads to the same as the long one (E7)."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from lms.xapi.rules import moments

two_digits = st.integers(0, 99).map("{:02}".format)
fraction = st.sampled_from(["", ".1", ".12", ".123", ".999999", ".1234567", ",5", "."])
written = st.tuples(
    st.sampled_from(["1899", "1900", "2000", "2024", "2026", "2199", "2200", "0000"]),
    st.sampled_from(["-01-01T", "-02-29T", "-02-30T", "-06-31T", "-12-31T", "-13-01T", "-00-10T", "-10-00T"]),
    st.tuples(two_digits, two_digits, two_digits).map(":".join) | st.sampled_from(["23:59:59", "24:00:00", "00:00:60"]),
    fraction,
).map("".join)


def reading(text: str) -> object:
    try:
        return moments.read(text, zone_needed=True)
    except ValueError as error:
        return str(error)


@settings(max_examples=500, deadline=None)
@given(written)
def test_E7_the_short_way_and_the_long_way_of_reading_a_moment_agree(text: str) -> None:
    assert reading(f"{text}Z") == reading(f"{text}+00:00") == reading(f"{text}z")
