"""Spells, passwords, addresses and ways onward: pure rules."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.people.rules import addresses, passwords
from lms.people.rules.onward import same_origin_path
from lms.people.rules.spells import Spell, first_clash

DAY = date(2026, 1, 1)
SPELLS = st.builds(
    lambda start, length: Spell(DAY + timedelta(start), None if length is None else DAY + timedelta(start + length)),
    st.integers(0, 30),
    st.none() | st.integers(1, 20),
)


@given(SPELLS, SPELLS)
def test_spells_overlap_exactly_when_they_share_a_day(one: Spell, two: Spell) -> None:
    days = [DAY + timedelta(number) for number in range(60)]
    assert one.overlaps(two) == two.overlaps(one) == any(one.holds(day) and two.holds(day) for day in days)


def test_a_spell_ends_on_the_day_the_next_begins() -> None:
    first, second = Spell(DAY, DAY + timedelta(5)), Spell(DAY + timedelta(5))
    assert not first.overlaps(second)
    assert first_clash([first, second], Spell(DAY + timedelta(4), DAY + timedelta(9))) == first


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short words", "short"),
        ("x" * 257, "long"),
        ("passwordpassword", "common"),
        ("Password 1234", "common"),
        ("aaaaaaaaaaaaaaaa", "repeats"),
        ("abcdabcdabcdabcd", "repeats"),
        ("AminaNkosi12", "about-you"),
        ("seven quiet rivers", None),
        ("tschüß, schöne Welt", None),
        ("AminaNkosi likes mountain lakes", None),
    ],
)
def test_passwords_are_long_not_well_known_and_not_about_oneself(password: str, why: str | None) -> None:
    assert passwords.refusal(password, ("Amina Nkosi", "amina.nkosi@gov.example")) == why


def test_no_mixture_of_characters_is_asked_for() -> None:
    assert passwords.refusal("onlylowercaseletters") is None


def test_a_password_fits_however_its_letters_were_composed() -> None:
    kept = passwords.hashed("Scho\u0308ne neue Welt")
    assert passwords.fits("Sch\u00f6ne neue Welt", kept)
    assert not passwords.fits("Schone neue Welt", kept)


def test_nothing_fits_where_there_is_no_account() -> None:
    assert not passwords.fits("", None)
    assert not passwords.fits("seven quiet rivers", None)


def test_the_hash_that_stands_for_nobody_costs_what_a_real_one_costs() -> None:
    cost = passwords.hashed("seven quiet rivers").split("$")[3]
    assert passwords._nobodys_hash.split("$")[3] == cost
    assert not passwords.outdated(passwords._nobodys_hash)


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        (" Amina.Nkosi@GOV.Example ", "amina.nkosi@gov.example"),
        ("amina@bücher.example", "amina@xn--bcher-kva.example"),
        ("ａmina@gov.example", "amina@gov.example"),
        ("o'neill+x@gov.example", "o'neill+x@gov.example"),
        ("root@localhost", "root@localhost"),
    ],
)
def test_an_address_is_the_same_however_it_is_typed(typed: str, normal: str) -> None:
    assert addresses.normal(typed) == normal


@pytest.mark.parametrize(
    "typed", ["", "amina", "@gov.example", "amina@", "a b@gov.example", "a@b@gov.example", "a@-x.example", "a@x..y",
              "a@gov.example\r\nBcc: x@y.example", "x" * 65 + "@gov.example", "a@" + "x." * 130 + "example"]
)  # fmt: skip
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(addresses.NotAnAddress):
        addresses.normal(typed)


@given(st.text(max_size=40))
def test_normal_addresses_stay_as_they_are(text: str) -> None:
    try:
        once = addresses.normal(text + "@gov.example")
    except addresses.NotAnAddress:
        return
    assert addresses.normal(once) == once


PIECES = st.sampled_from(
    ["/", "//", "\\", "%2f", "%5c", "%0d%0a", "\r", "\n", "\t", " ", "http:", "https://", "javascript:", "evil.example",
     "cadre.example", "user@", ":443", "?next=", "#", ".", "..",
     "аррӏе.example", "\x00", "a", "learn", "\u2028", "\ufeff"]
)  # fmt: skip
HOSTILE = st.lists(PIECES, max_size=8).map("".join) | st.text(max_size=30) | st.text(max_size=30).map(lambda t: "/" + t)
SITE = "https://cadre.example/sign-in"


def as_a_browser_reads(text: str) -> str:
    """The WHATWG's way with addresses: tabs and breaks vanish, edges are trimmed, backslashes are slashes."""
    kept = "".join(letter for letter in text if letter not in "\t\r\n")
    return kept.strip("".join(map(chr, range(33)))).replace("\\", "/")


@given(HOSTILE)
def test_A7_the_way_onward_never_leaves_the_site(text: str) -> None:
    onward = same_origin_path(text)
    if onward is None:
        return
    assert onward == text
    for read in (text, as_a_browser_reads(text)):
        parts = urlsplit(urljoin(SITE, read))
        assert (parts.scheme, parts.netloc) == ("https", "cadre.example")


@pytest.mark.parametrize("text", ["/", "/learn/sec-201?step=2#top", "/people?q=A%20b", "/über", "/a//b"])
def test_A7_pages_of_the_site_are_a_way_onward(text: str) -> None:
    assert same_origin_path(text) == text


@pytest.mark.parametrize(
    "text", ["", None, "learn", "//evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
             "https://cadre.example/", "/a\r\nSet-Cookie: x=y", "/\ud800", "/" + "a" * 2000]
)  # fmt: skip
def test_A7_everything_else_is_not(text: str | None) -> None:
    assert same_origin_path(text) is None
