"""Pages of another day than today: the day goes along from page to page, and the words are in its tense."""

from __future__ import annotations

import pytest

from tests.counting import Counting
from tests.reporting.conftest import Reader
from tests.reporting.reading import Tables, links
from tests.requirements.world import World, record_late

PAST, TO_COME = "?as_at=2026-03-31", "?as_at=2027-03-31"
KNOWN = f"{PAST}&known_on=2026-03-31"


@pytest.mark.parametrize("days", ["", PAST, KNOWN])
def test_the_day_goes_along_from_a_cell_to_what_proves_it(world: World, reader: Reader, days: str) -> None:
    client = reader("hr_officer", world.agencies["GOV"])
    person = f"/people/{world.people['P05']}"
    for cell in ("/coverage/TAX/SEC", "/coverage/TAX/role-fit"):
        assert f"{person}{days}" in links(client.get(f"{cell}{days}").text)
    page = links(client.get(f"{person}{days}").text)
    assert f"/coverage{days}" in page
    proof = next(url for url in page if "/evidence/" in url)
    assert proof.endswith(days) and ("?" in proof) == bool(days)
    trail = links(client.get(proof).text)
    assert {f"/coverage{days}", f"{person}{days}"} <= set(trail)
    statement = next(url for url in trail if url.startswith("/statements/"))
    assert f"{person}{days}" in links(client.get(statement).text)


def test_a_persons_page_is_of_the_day_and_says_so(world: World, reader: Reader) -> None:
    client = reader("hr_officer", world.agencies["GOV"])
    address = f"/people/{world.people['P01']}"

    def required(days: str) -> list[str]:
        return Tables(client.get(f"{address}{days}").text).tables[0][1][1:3]

    assert required(PAST) == ["Expires soon", "through 9 Apr 2026"]
    assert required("")[0] == "Overdue"
    assert "As at 31 Mar 2026. Looking" in client.get(f"{address}{PAST}").text
    assert "As at 23 Nov 2026. Looking" in client.get(address).text
    before = client.get(f"{address}?as_at=2025-04-30").text
    assert "Not assessed; level 4 needed" in before and "0 of 3 target levels are reached." in before
    moved = client.get(f"/people/{world.people['P10']}?as_at=2026-01-31").text
    assert '<ul class="cd-meta">' in moved and "Fin</li>" in moved and "Hlt</li>" not in moved


def test_a_persons_page_leaves_out_what_was_not_known_yet(world: World, reader: Reader) -> None:
    record_late(world)
    client = reader("hr_officer", world.agencies["GOV"])
    address = f"/people/{world.people['P12']}"
    since, then = (client.get(f"{address}{days}").text for days in (PAST, KNOWN))
    assert [Tables(page).tables[0][1][1] for page in (since, then)] == ["Holds it", "Overdue"]
    assert since.count("/evidence/") == then.count("/evidence/") + 1
    assert "As at 31 Mar 2026, as known at the end of 31 Mar 2026. Looking" in then


def test_a_day_that_is_none_is_refused_on_every_page_it_leads_to(world: World, reader: Reader) -> None:
    client = reader("hr_officer", world.agencies["GOV"])
    person = f"/people/{world.people['P05']}"
    proof = next(url for url in links(client.get(person).text) if "/evidence/" in url)
    for url in (person, proof):
        for bad in ("as_at=31.3.2026", "known_on=x", "as_at=9999-12-31"):
            assert client.get(f"{url}?{bad}").status_code == 400, (url, bad)


def test_a_persons_page_of_another_day_asks_no_more_than_ten_questions(
    world: World, reader: Reader, count_queries: Counting
) -> None:
    client = reader("hr_officer", world.agencies["FIN"])
    for person in ("P01", "P05"):
        with count_queries() as sent:
            assert client.get(f"/people/{world.people[person]}{KNOWN}").status_code == 200
        assert len(sent) <= 10, sent


def test_words_are_in_the_tense_of_the_day(world: World, reader: Reader) -> None:
    client = reader("hr_officer", world.agencies["GOV"])
    told = {
        "": ("Hold it now", "hold it today", "are overdue", "Expire within", "people who hold it now"),
        PAST: ("Held it", "held it on that day", "were overdue", "Were to expire within", "people who held it"),
        TO_COME: ("Would hold it if nothing is renewed", "would be overdue", "Would expire within"),
    }
    for days, words in told.items():
        page = client.get(f"/coverage{days}").text
        assert [word for word in words if word not in page] == []
        others = {word for other, said in told.items() if other != days for word in said} - {"Held it"}
        assert [word for word in others if word in page and not any(word in own for own in words)] == []
    assert "held it on that day, " in client.get(f"/coverage/GOV/SEC{PAST}").text
    assert "would hold it if nothing is renewed, " in client.get(f"/coverage/GOV/SEC{TO_COME}").text
    assert "hold it now, " in client.get("/coverage/GOV/SEC").text
    assert "met every target" in client.get(f"/coverage/GOV/role-fit{PAST}").text
