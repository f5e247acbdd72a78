"""The list of statements: sentences, filters, pages."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from flask import Flask

from lms.kernel import clock, ids
from lms.kernel.actor import Actor
from lms.kernel.audit import AuditEvent
from lms.kernel.db import db, transaction
from lms.xapi.actions.inbound import accept
from lms.xapi.policy import powers
from lms.xapi.queries.browsing.listing import AT_ONCE
from lms.xapi.rules import verbs
from tests.counting import Counting
from tests.factories import Make
from tests.xapi.conftest import Lrs
from tests.xapi.drafts import course
from tests.xapi.pages.conftest import Reader, arrived, does, later, link, sent

PASSED = {"score": {"scaled": 0.8}, "success": True}
REGISTRATION = ids.new()


@pytest.fixture
def told(make: Make, lrs: Lrs) -> list[str]:
    """Two people's deeds, a stranger's word and one that was withdrawn; gives the ids of what came from outside."""
    amina, bo = make.person(name="Amina Diallo"), make.person(name="Bo Nilsson")
    with later(-3 * 24 * 60):
        does(amina, verbs.REGISTERED, registration=REGISTRATION)
    does(amina, verbs.PASSED, registration=REGISTRATION, result=PASSED)
    does(bo, verbs.PASSED, slug="other")
    first = lrs.post(sent()).json
    second = lrs.post(sent(actor={"mbox": "mailto:second@elsewhere.example"})).json
    target = {"objectType": "StatementRef", "id": second[0]}
    lrs.post(sent(verb={"id": verbs.VOIDED}, object=target))
    return [*first, *second]


def test_statements_are_sentences_newest_first_with_who_told_them(auditor: Reader, told: list[str]) -> None:
    arrived(auditor)
    assert auditor.sentences() == [
        "Vera Visitor withdrew an earlier record",
        "Vera Visitor practised Fire drill",
        "Bo Nilsson passed Security check",
        "Amina Diallo passed Security check, 80%",
        "Amina Diallo enrolled in Security check",
    ]
    page = auditor.get().text
    assert page.count('<td data-label="Told by">Test</td>') == 2
    assert page.count('<td data-label="Told by">This system</td>') == 3
    assert "5 statements, newest first" in page


def test_each_filter_shows_what_it_says_and_stays_in_the_address(auditor: Reader, told: list[str]) -> None:
    arrived(auditor)
    for asked, subjects, chip in (
        ({"who": "Diallo"}, ["Amina Diallo"] * 2, "Person: Amina Diallo"),
        ({"who": "visitor@elsewhere.example"}, ["Vera Visitor"] * 2, "Account: Vera Visitor"),
        ({"verb": verbs.PASSED}, ["Bo Nilsson", "Amina Diallo"], "What happened: passed …"),
        ({"activity": "fire"}, ["Vera Visitor"], "Activity: Fire drill"),
        ({"activity": "https://elsewhere.example/things/7"}, ["Vera Visitor"], "Activity: Fire drill"),
        ({"sender": "own"}, ["Bo Nilsson", "Amina Diallo", "Amina Diallo"], "Told by: This system"),
        ({"registration": str(REGISTRATION)}, ["Amina Diallo"] * 2, f"Registration: {str(REGISTRATION)[:12]}…"),
        ({"until": "2026-11-20"}, ["Amina Diallo"], "Until 20 Nov 2026"),
        ({"since": "2026-11-23", "verb": verbs.REGISTERED}, [], "From 23 Nov 2026"),
        ({"verb": verbs.PASSED, "who": "Nilsson"}, ["Bo Nilsson"], "Person: Bo Nilsson"),
    ):
        page = auditor.get("/records", **asked)
        found = [" ".join(text.split()[:2]) for text in auditor.sentences("/records", **asked)]
        assert found == subjects, asked
        assert chip in page.text, asked
        assert ("No statement is like that" in page.text) == (not subjects)
        assert link(page.text, "Clear") == "/records"


def test_withdrawn_ones_are_shown_when_asked_for_and_say_so(auditor: Reader, told: list[str]) -> None:
    page = auditor.get("/records", withdrawn="y", activity="fire").text
    assert "second@elsewhere.example practised Fire drill" in page
    assert "Withdrawn on 23 Nov 2026" in page
    assert "2 statements, newest first" in page


def test_names_that_may_mean_several_are_offered_and_nobody_is_an_error(auditor: Reader, make: Make) -> None:
    for name in ("Kim Berg", "Kim Sand"):
        does(make.person(name=name), verbs.COMPLETED)
    page = auditor.get("/records", who="kim", verb=verbs.COMPLETED).text
    assert "Which of these do you mean?" in page
    assert auditor.sentences(link(page, "Kim Sand")) == ["Kim Sand completed Security check"]
    for asked in ({"who": "Zzz"}, {"activity": "zzz"}, {"since": "2026-02-30"}, {"until": "1600-01-01"}):
        answer = auditor.get("/records", **asked)
        field = next(iter(asked))
        assert answer.status_code == 422
        assert f'href="#{field}"' in answer.text
        assert f'id="{field}-error"' in answer.text
    turned = auditor.get("/records", since="2026-11-20", until="2026-11-19")
    assert "before the first one" in turned.text


def test_pages_go_on_without_gap_or_repetition_while_more_arrives(auditor: Reader, make: Make) -> None:
    amina = make.person(name="Amina Diallo")
    for number in range(2 * AT_ONCE + 5):
        does(amina, verbs.COMPLETED, slug=f"c-{number}")
    before = does(amina, verbs.PASSED)
    page = auditor.get("/records", person=str(amina.id)).text
    seen = [_ids(page)]
    does(amina, verbs.FAILED)
    while 'rel="next"' in page:
        page = auditor.get(link(page, "Older")).text
        seen.append(_ids(page))
    flat = [one for part in seen for one in part]
    assert (len(flat), len(set(flat))) == (2 * AT_ONCE + 6, 2 * AT_ONCE + 6)
    assert flat[0] == str(before.id)
    page = auditor.get(link(page, "Newer")).text
    assert _ids(page) == seen[1]
    page = auditor.get(link(page, "Newer")).text
    assert _ids(page) == seen[0]
    page = auditor.get(link(page, "Newer")).text
    assert 'rel="prev"' not in page
    assert "did not pass" in page


def _ids(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a class="govuk-link" href="/records/([0-9a-f-]{36})"', page)


def test_an_empty_record_says_what_to_do(auditor: Reader) -> None:
    arrived(auditor)
    assert "Nothing is on record yet" in auditor.get().text
    assert "Take one of them away" in auditor.get("/records", since="2030-01-01").text


def test_the_chart_counts_each_day_and_stands_beside_its_table(auditor: Reader, make: Make) -> None:
    amina = make.person(name="Amina Diallo")
    for back, count in ((2, 3), (1, 2)):
        with later(-back * 24 * 60):
            for _ in range(count):
                does(amina, verbs.COMPLETED)
    for _ in range(2):  # the second time from what was counted before
        page = auditor.get().text
        assert _row(page, "2026-11-21") == "3"
        assert _row(page, "2026-11-22") == "2"
        assert _row(page, "2026-11-20") == "0"
        assert page.count('<svg class="cd-chart cd-chart--trend"') == 1
    assert "Stored in the last" not in auditor.get("/records", sender="own").text


def _row(page: str, day: str) -> str:
    found = re.search(rf'<time datetime="{day}">[^<]*</time></th><td class="cd-num">([^<]*)</td>', page)
    assert found is not None
    return found[1]


def test_J6_each_look_at_named_people_is_noted(auditor: Reader, make: Make) -> None:
    amina = make.person(name="Amina Diallo")
    fact = does(amina, verbs.COMPLETED)
    auditor.get("/records", person=str(amina.id))
    auditor.get(f"/records/{fact.id}")
    with transaction():
        looked = db.session.query(AuditEvent).filter_by(action="looked").order_by(AuditEvent.id).all()
    assert [(one.actor, one.subject_kind, one.why) for one in looked] == [
        (auditor.person.account_name, "record", "statements"),
        (auditor.person.account_name, "person", f"statement {fact.id}"),
    ]
    assert looked[0].after == {"people": [amina.id]}


def test_a_page_asks_the_database_as_often_for_many_as_for_few(
    auditor: Reader, make: Make, lrs: Lrs, count_queries: Counting
) -> None:
    thing = course("sec-201").iri
    asked = {"sender": "own", "verb": verbs.COMPLETED, "activity": thing, "since": "2026-11-01", "agency": "GOV"}
    counts = []
    for number in range(2):
        for person in make.people(2 + number * 10):
            does(person, verbs.COMPLETED)
        for address in ({}, asked):
            with count_queries() as made:
                assert auditor.get("/records", **address).status_code == 200
            counts.append(len([words for words in made if not words.startswith(("INSERT", "UPDATE"))]))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 10, counts


def test_time_between_is_told_where_something_was_recorded_late(auditor: Reader, make: Make) -> None:
    does(make.person(), verbs.COMPLETED, timestamp=clock.now() - timedelta(days=2))
    page = auditor.get("/records", verb=verbs.COMPLETED).text
    assert "21 Nov 2026, 09:30 UTC" in page
    assert "recorded 23 Nov 2026" in page


def test_what_was_imported_or_launched_says_so(auditor: Reader, app: Flask) -> None:
    said = json.loads(sent())
    for account_name in ("import", "launch"):
        actor = Actor("client", account_name=account_name, powers=powers(["all"]))
        with transaction():
            accept(actor=actor, body=json.dumps(said).encode(), version="2.0.0")
    for sender, words in (("imported", "Import from a file"), ("launched", "A launched unit")):
        page = auditor.get("/records", sender=sender).text
        assert f'<td data-label="Told by">{words}</td>' in page
        assert "1 statement<" in page
