"""What the coverage pages show: the figures of the rules, each leading to the people behind it."""

from __future__ import annotations

import csv
import io
import re
from datetime import date

from openpyxl import load_workbook

from lms.kernel.actor import SYSTEM
from lms.reporting import queries
from tests.factories import Make
from tests.reporting.conftest import Reader
from tests.reporting.reading import Tables, links
from tests.requirements.world import EXPECTED, World

DAY = "?as_at=2026-03-31"
ALL = f"{DAY}&open=all"
UNITS = ("GOV", "FIN", "TAX", "HLT")


def test_page_command_and_both_files_give_the_same_figures(world: World, reader: Reader) -> None:
    client = reader("hr_officer", world.agencies["GOV"])
    shown = Tables(client.get(f"/coverage{ALL}").text).tables[0][1:]
    command = queries.coverage_json(actor=SYSTEM, as_at=date(2026, 3, 31))
    comma = list(csv.reader(io.StringIO(client.get(f"/coverage/export.csv{ALL}").data.decode("utf-8-sig"))))[1:]
    book = load_workbook(io.BytesIO(client.get(f"/coverage/export.xlsx{ALL}").data)).active
    assert book is not None
    excel = list(book.iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in comma] == [row[0] for row in excel] == list(UNITS)
    for place, unit in enumerate(UNITS):
        wanted = EXPECTED["compliance"][unit]
        rates = (wanted["current_rate_pct"], wanted["due_compliance_pct"])
        obliged = wanted["met"] + wanted["not_yet_due"] + wanted["in_grace"] + wanted["overdue"]
        assert shown[place][3].startswith(f"{rates[0]}% {wanted['met']} of {obliged} Due: {rates[1]}%")
        assert [float(x) for x in comma[place][2:8]] == list(excel[place][2:8])
        full_time = next(staff["full_time"] for staff in command["staff"] if staff["agency"] == unit)
        assert shown[place][2] == str(full_time) == str(EXPECTED["fte"].get(unit, full_time))
        counted = [wanted["headcount"], full_time, rates[0], wanted["met"], obliged, rates[1]]
        assert list(excel[place][2:8]) == counted
        cell = next(cell for cell in command["cells"] if cell["agency"] == unit)
        assert (round(100 * cell["current_rate"], 1), round(100 * cell["compliance_of_due"], 1)) == rates
        fit = next(fit for fit in command["role_fit"] if fit["agency"] == unit)
        assert excel[place][8:10] == (round(100 * fit["role_fit"], 1), fit["fully_fit"])
        assert shown[place][4].startswith(f"{round(100 * fit['role_fit'], 1)}%")


def test_staff_are_counted_where_nothing_is_required(reader: Reader, make: Make) -> None:
    fin = make.agency("FIN", parent=make.root())
    make.people(2, agency=fin, account=False)
    make.person(account=False)
    client = reader("hr_officer", make.root())
    shown = Tables(client.get("/coverage?open=all").text).tables[0][1:]
    comma = list(csv.reader(io.StringIO(client.get("/coverage/export.csv?open=all").data.decode("utf-8-sig"))))[1:]
    command = queries.coverage_json(actor=SYSTEM, as_at=date(2026, 11, 23))
    assert [row[1] for row in shown] == [row[2] for row in comma] == ["3", "2"]
    assert [staff["headcount"] for staff in command["staff"]] == [3, 2]


def test_the_headline_says_it_in_one_sentence_with_its_day(world: World, reader: Reader) -> None:
    page = reader("auditor", world.agencies["GOV"]).get(f"/coverage{DAY}").text
    assert "<strong>62.5%</strong> of 8 staff due for Data protection and security held it on that day" in page
    assert "2 were overdue, 2 were to expire within 60 days." in page
    assert "As at 31 March 2026, with everything on record by 23 November 2026, 09:30 UTC" in page


def test_every_figure_of_the_matrix_opens_into_its_people(world: World, reader: Reader) -> None:
    client = reader("hr_officer", world.agencies["GOV"])
    page = client.get(f"/coverage{ALL}").text
    for unit in UNITS:
        assert f"/coverage/{unit}/SEC{DAY}" in links(page)
        assert f"/coverage/{unit}/role-fit{DAY}" in links(page)
    rows = Tables(client.get(f"/coverage/FIN/SEC{DAY}").text).tables[0][1:]
    assert [(row[0], row[3], row[4]) for row in rows] == [
        ("P02", "Overdue", "due 30 Nov 2025, 121 days ago"),
        ("P11", "In grace", "due 22 Mar 2026"),
        ("P03", "Not yet due", "due 19 Apr 2026"),
        ("P01", "Expires soon", "through 9 Apr 2026"),
        ("P05", "Holds it", "through 31 Aug 2026"),
        ("P04", "Long absence", ""),
    ]


def test_people_are_cut_by_status_with_counts_and_sorted(world: World, reader: Reader) -> None:
    client = reader("hr_officer", world.agencies["GOV"])
    for status, names in {"overdue": {"P02", "P12"}, "expiring": {"P01", "P08"}, "exempt": {"P07"}}.items():
        page = client.get(f"/coverage/GOV/SEC{DAY}&status={status}").text
        assert {row[0] for row in Tables(page).tables[0][1:]} == names
    page = client.get(f"/coverage/GOV/SEC{DAY}&sort=name&desc=1").text
    names = [row[0] for row in Tables(page).tables[0][1:]]
    assert names == sorted(names, reverse=True) and len(names) == 11
    assert 'Everyone <span class="cd-count">11</span>' in page
    assert 'Overdue <span class="cd-count">2</span>' in page
    reached = Tables(client.get(f"/coverage/GOV/role-fit{DAY}&sort=met&desc=1").text).tables[0][1:]
    assert {row[0] for row in reached[:3]} == {"P01", "P05", "P10"}
    assert {row[3] for row in reached[:3]} == {"3 of 3", "2 of 2"}


def test_on_a_persons_page_the_account_is_still_the_readers_own(world: World, reader: Reader) -> None:
    client = reader("hr_officer", world.agencies["GOV"])
    at_home, on_the_page = (
        re.findall(r'class="cd-avatar[^"]*" aria-hidden="true">(\w+)<', client.get(url).text)
        for url in ("/", f"/people/{world.people['P01']}")
    )
    assert len(at_home) == 1 and on_the_page[:1] == at_home and on_the_page[1:] not in ([], at_home)


def test_who_may_give_extra_time_finds_it_on_the_persons_page(world: World, reader: Reader) -> None:
    address, top = f"/people/{world.people['P01']}", world.agencies["GOV"]
    wanted = f"{address}/quiz-time"
    assert wanted in links(reader("administrator", top).get(address).text)
    assert wanted not in links(reader("hr_officer", top).get(address).text)


def test_a_persons_page_shows_posts_obligations_levels_and_what_was_attained(world: World, reader: Reader) -> None:
    client = reader("hr_officer", world.agencies["GOV"])
    page = client.get(f"/people/{world.people['P10']}").text
    assert "<h1" in page and "P10</h1>" in page
    required, attained = Tables(page).tables[0][1], Tables(page).tables[1][1]
    assert required[:2] == ["Data protection and security", "Overdue"]
    assert required[3] == "Required of everyone in Gov, because of Circular 4/2025."
    assert attained[0].startswith("skill-")
    posts = Tables(page).tables[-1][1:]
    assert [(row[0], row[2]) for row in posts] == [("Hlt", "1 Feb 2026"), ("Fin", "1 Jul 2021")]
    assert "3 of 3 target levels are reached." in page


def test_evidence_shows_the_statements_that_prove_an_attainment(world: World, reader: Reader) -> None:
    client = reader("hr_officer", world.agencies["GOV"])
    person = world.people["P05"]
    proofs = [url for url in links(client.get(f"/people/{person}").text) if "/evidence/" in url]
    assert len(proofs) == 5
    trail = client.get(proofs[0]).text
    assert "Completed s" in trail and "Shown by" in trail
    statement = next(url for url in links(trail) if url.startswith("/statements/"))
    page = client.get(statement).text
    assert "&#34;id&#34;: &#34;" + statement.rsplit("/", 1)[1] in page
    assert "Completed s" in page


def test_X24_tables_have_captions_scopes_and_sorting_and_the_chart_its_table(world: World, reader: Reader) -> None:
    client = reader("hr_officer", world.agencies["GOV"])
    for url in ("/coverage", "/coverage/GOV/SEC", "/coverage/GOV/role-fit", f"/people/{world.people['P01']}"):
        page = client.get(f"{url}{DAY}").text
        found = Tables(page)
        assert len(found.captions) == len(found.tables) and all(found.captions)
        assert all(head.get("scope") in ("col", "row") for heads in found.heads for head in heads)
        assert page.count("<h1") == 1
    found = Tables(client.get(f"/coverage{DAY}&sort=SEC&desc=1").text)
    assert [head["aria-sort"] for head in found.heads[0] if "aria-sort" in head] == ["descending"]
    assert [row[0].split(" ")[0] for row in found.tables[0][1:]] == ["Gov", "Hlt", "Fin"]
    assert found.captions[1] == "Trend by month end" and len(found.tables[1]) == 16


def test_units_are_shown_where_an_agency_is_opened(world: World, reader: Reader) -> None:
    client = reader("hr_officer", world.agencies["GOV"])

    def names(query: str) -> list[str]:
        return [row[0].split(" ")[0] for row in Tables(client.get(f"/coverage{query}").text).tables[0][1:]]

    assert names("") == ["Gov", "Fin", "Hlt"]
    assert names("?open=FIN") == names("?open=all") == ["Gov", "Fin", "Tax", "Hlt"]
    assert names("?agency=FIN") == ["Fin", "Tax"]


def test_a_day_that_is_none_is_refused_with_how_to_write_it(world: World, reader: Reader) -> None:
    client = reader("hr_officer", world.agencies["GOV"])
    answer = client.get("/coverage?as_at=31.3.2026")
    assert answer.status_code == 400 and "write it as 2026-03-31" in answer.text
    for day in ("0001-01-01", "9999-12-31"):
        assert "choose a day from 1970 to 2100" in client.get(f"/coverage?known_on={day}").text


def test_odd_addresses_find_nothing_and_break_nothing(world: World, reader: Reader) -> None:
    client = reader("hr_officer", world.agencies["GOV"])
    for url in ("/coverage/GOV/a%00b", "/coverage/a%00b/SEC", "/coverage?requirement=%00"):
        assert client.get(url).status_code == 400, url
    assert client.get("/coverage/GOV/%ED%A0%80").status_code == 404
    for query in ("page=0", "page=-5", "page=99999999999999999999999", "page=x", "sort=no", "status=no", "desc=7"):
        assert "P12" in client.get(f"/coverage/GOV/SEC{DAY}&{query}").text


def test_without_people_or_requirements_the_page_says_so(make: Make, reader: Reader) -> None:
    page = reader("hr_officer", make.root()).get("/coverage").text
    assert "No requirement is in force on this day" in page and "n/a" in page
