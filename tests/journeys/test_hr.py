"""Journey 4: an HR officer follows a figure to its proof, takes the table along, and never sees another ministry."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.officer import Officer
from tests.journeys.visitor import Visitor

Visitors = Callable[..., Visitor]
FINANCE, HEALTH = "hr@valdora.example", "hr.health@valdora.example"
SECURITY = "Security awareness, yearly"


def test_an_hr_officer_follows_a_figure_to_the_statements_that_prove_it(visitor: Visitors) -> None:
    hana = Officer(visitor(), FINANCE)
    hana.when_she_opens_coverage()
    hana.then_a_sentence_says_how_far_her_ministry_is()
    assert hana.matrix()[0][0] == "Ministry of Finance"
    figure = hana.when_she_opens_a_figure("Tax and Customs Authority", SECURITY)
    hana.then_as_many_people_hold_it(figure)
    hana.looks("cell")
    hana.when_she_opens_somebody_who_holds_it()
    hana.when_she_asks_for_the_evidence()
    hana.then_each_statement_can_be_read()
    hana.when_she_opens_coverage()
    hana.when_she_opens_a_figure("Ministry of Finance", "Role fit")
    expect(hana.main).to_contain_text("meet every target of their role")
    hana.looks("role-fit")
    assert "Ministry of Health" not in hana.seen


def test_what_is_exported_is_what_the_page_shows(visitor: Visitors) -> None:
    hana = Officer(visitor(), FINANCE)
    hana.when_she_opens_coverage(open="all")
    hana.looks("coverage-every-unit")
    shown = hana.matrix()
    assert len(shown) >= 5
    for link in ("CSV", "Excel"):
        head, *rows = hana.exported(link)
        assert head[:3] == ["Code", "Agency", "Staff"]
        assert [row[1:] for row in rows] == shown
    hana.when_she_opens_a_figure("Budget Office", SECURITY)
    people = hana.main.locator("tbody th").all_inner_texts()
    for link in ("CSV", "Excel"):
        assert [row[0] for row in hana.exported(link)[1:]] == people


def test_B1_another_ministry_is_not_there_for_her(visitor: Visitors) -> None:
    farid = Officer(visitor(), HEALTH, "hr-health")
    farid.when_she_opens_coverage()
    expect(farid.main.locator(".cd-headbar")).to_contain_text("Ministry of Health")
    theirs = _names(farid, "HLT")
    farid.when_she_opens_a_figure("Ministry of Health", SECURITY)
    farid.when_she_opens_somebody_who_holds_it()
    person = farid.page.url
    farid.when_she_asks_for_the_evidence()
    evidence = farid.page.url
    farid.then_each_statement_can_be_read()
    statement = farid.page.url

    hana = Officer(visitor(), FINANCE)
    ours = _names(hana, "FIN")
    for address in (
        person,
        evidence,
        statement,
        "/coverage/HLT/SEC",
        "/coverage/HLT/SEC/export.csv",
        "/coverage/HLT/role-fit",
        "/coverage?agency=HLT",
        "/people/2000000000",
    ):
        hana.then_it_is_not_there(address)
    hana.looks("not-there")
    for address in ("/coverage?open=all", "/coverage/FIN/SEC", "/coverage/FIN/role-fit", "/find", "/", "/record"):
        hana.page.goto(address)
        hana.seen += hana.page.content()
    assert "Ministry of Health" not in hana.seen
    assert [name for name in theirs - ours if name in hana.seen] == []


def test_a_learner_has_no_coverage_page(visitor: Visitors) -> None:
    amina = visitor()
    amina.sign_in("amina@valdora.example")
    expect(amina.page.get_by_role("link", name=re.compile("Coverage"))).to_have_count(0)
    answer = amina.page.goto("/coverage")
    assert answer is not None
    assert answer.status == 403
    amina.look("learner-not-allowed")


def _names(officer: Officer, agency: str) -> set[str]:
    """Everybody in an agency, from the file of the people behind a figure."""
    answer = officer.visitor.context.request.get(f"/coverage/{agency}/SEC/export.csv")
    names = {row[0] for row in list(csv.reader(io.StringIO(answer.body().decode("utf-8-sig"))))[1:]}
    assert len(names) > 20
    return names
