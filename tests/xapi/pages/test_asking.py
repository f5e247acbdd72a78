"""What the list of statements is asked for: told beside its field where it is nothing, and by agency."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any

import pytest

from lms.agencies import actions as agencies
from lms.kernel import ids
from lms.kernel.actor import SYSTEM
from lms.kernel.db import transaction
from lms.xapi import record
from lms.xapi.queries.browsing import paging
from lms.xapi.rules import verbs
from lms.xapi.rules.facts import Draft, Fact, Stamp
from tests.counting import Counting
from tests.factories import Made, Make
from tests.xapi.conftest import Lrs
from tests.xapi.drafts import course
from tests.xapi.pages.conftest import Reader, does, link, sent


def works(person: Made, agency_id: int, verb: str = verbs.COMPLETED, slug: str = "sec-201") -> Fact:
    """Somebody does something as one of an agency."""
    stamp = Stamp(account_name=person.account_name, person_id=person.id, agency_id=agency_id)
    with transaction():
        return record(Draft(stamp=stamp, verb=verb, object=course(slug)))


def offered(page: str, field: str) -> dict[str, str]:
    """What a list offers: values and words."""
    found = re.search(rf'<select [^>]*id="{field}".*?</select>', page, re.DOTALL)
    assert found is not None
    pairs = re.findall(r'<option[^>]* value="([^"]*)"[^>]*>([^<]*)</option>', found[0])
    return {unescape(value): unescape(words) for value, words in pairs}


@pytest.mark.parametrize(
    ("asked", "field", "words"),
    [
        ({"verb": "https://x.example/none"}, "verb", "Nothing on record is called “https://x.example/none”: choose"),
        ({"sender": "nobody"}, "sender", "Nobody called “nobody” tells anything here: choose"),
        ({"agency": "NOWHERE"}, "agency", "No agency within your area has the code “NOWHERE”: choose"),
        ({"withdrawn": "perhaps"}, "withdrawn", "“perhaps” means nothing here: choose"),
        ({"since": "soon"}, "since", "This is not a day: write it as 2026-03-31"),
        ({"registration": "7"}, "registration", "This is not a registration: copy one from"),
        ({"person": "2147483000"}, "who", "Nobody here has the number 2147483000: type a name"),
        ({"person": "me"}, "who", "Nobody here has the number me: type a name"),
        ({"agent": "2147483000"}, "who", "No account on record has the number 2147483000: type a name"),
        ({"agent": "-1"}, "who", "No account on record has the number -1: type a name"),
        ({"activity": "https://x.example/none"}, "activity", "No activity on record has this address: check it"),
        ({"who": "w" * 201}, "who", "This is too long: a name, a mail address or an account is enough"),
        ({"activity": "a" * 1001}, "activity", "This is too long: an address has at most 1,000 characters"),
    ],
)
def test_what_is_asked_for_and_is_nothing_is_told_beside_its_field_and_no_list_is_shown(
    auditor: Reader, make: Make, asked: dict[str, str], field: str, words: str
) -> None:
    does(make.person(), verbs.COMPLETED)
    answer = auditor.get("/records", **asked)
    page = unescape(answer.text)
    assert answer.status_code == 422
    assert f'<a href="#{field}">{words}' in page
    assert re.search(rf'<p class="govuk-error-message" id="{field}-error">.*?{re.escape(words)}', page)
    for shown in ('<th scope="row"><a', "Stored in the last", "No statement is like that"):
        assert shown not in page
    assert not re.search(r'type="hidden" name="(person|agent)"', page)


def test_everything_wrong_is_told_at_once(auditor: Reader) -> None:
    page = auditor.get("/records", who="Nobody of that name", since="soon", verb="x").text
    assert re.findall(r'<li><a href="#([a-z]+)">', page) == ["who", "verb", "since"]


def test_deeds_are_offered_in_the_words_of_the_sentences(auditor: Reader, make: Make, lrs: Lrs) -> None:
    amina = make.person(name="Amina Diallo")
    for verb in (verbs.REGISTERED, verbs.FAILED, verbs.EXPERIENCED):
        does(amina, verb)
    said = "https://elsewhere.example/verbs/x17"
    lrs.post(sent(verb={"id": said, "display": {"en": "carried out"}}))
    for host in ("a", "b"):
        lrs.post(sent(verb={"id": f"https://{host}.example/helped"}))
    found = offered(auditor.get().text, "verb")
    assert found[verbs.REGISTERED] == "enrolled in …"
    assert found[verbs.FAILED] == "did not pass …"
    assert found[verbs.EXPERIENCED] == "opened …"
    assert found[said] == "carried out …"
    assert found["https://a.example/helped"] == "helped … (a.example)"
    for verb, words in found.items():
        if verb:
            deed = words.partition(" …")[0]
            assert any(deed in sentence for sentence in auditor.sentences("/records", verb=verb)), words


class Government:
    """Two ministries; taxes and, until it was closed, customs stand beneath one of them."""

    def __init__(self, make: Make) -> None:
        root = make.root()
        self.finance = make.agency("FIN", name="Finance", parent=root)
        self.health = make.agency("HEA", name="Health", parent=root)
        self.tax = make.agency("TAX", name="Taxes", parent=self.finance)
        self.customs = make.agency("CUS", name="Customs", parent=self.finance)
        with transaction():
            agencies.close_agency(actor=SYSTEM, agency_id=self.customs, on=date(2026, 1, 1))
        people = {name: make.person(name=name) for name in ("Fay Fin", "Hal Hea", "Tia Tax", "Cas Cus")}
        for one, agency_id in zip(people.values(), (self.finance, self.health, self.tax, self.customs), strict=True):
            works(one, agency_id)
        self.people = people


@pytest.fixture
def government(make: Make) -> Government:
    return Government(make)


def names(reader: Reader, **asked: Any) -> list[str]:
    """Who the list says did something."""
    return [" ".join(words.split()[:2]) for words in reader.sentences("/records", **asked)]


def test_an_agency_stands_for_all_beneath_it_also_for_what_has_closed(auditor: Reader, government: Government) -> None:
    assert names(auditor, agency="FIN") == ["Cas Cus", "Tia Tax", "Fay Fin"]
    assert names(auditor, agency="TAX") == ["Tia Tax"]
    assert names(auditor, agency="HEA", verb=verbs.COMPLETED, sender="own") == ["Hal Hea"]
    assert names(auditor, agency="FIN", person=government.people["Tia Tax"].id) == ["Tia Tax"]
    page = auditor.get("/records", agency="FIN").text
    assert "Agency: Finance" in page and "3 statements, newest first" in page
    assert offered(page, "agency") == {
        "": "All within my area",
        "GOV": "Government",
        "FIN": "\u2003Finance",
        "TAX": "\u2003\u2003Taxes",
        "HEA": "\u2003Health",
    }
    assert '<option selected value="FIN">' in page


def test_an_agency_is_looked_for_a_stretch_at_a_time(
    auditor: Reader, government: Government, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "LOOKED_AT", 20)
    monkeypatch.setattr(paging, "AT_ONCE", 3)
    health, tax = (government.people[name] for name in ("Hal Hea", "Tia Tax"))
    facts = [works(tax, government.tax, slug=f"c-{number}") for number in range(7)]
    for number in range(50):
        works(health, government.health, slug=f"h-{number}")
    page, seen, empty = auditor.get("/records", agency="FIN").text, list[str](), 0
    while True:
        shown = re.findall(r'<th scope="row"><a class="govuk-link" href="/records/([0-9a-f-]{36})"', page)
        seen += shown
        empty += "None of these statements is like that" in page
        assert len(shown) == 3 or "Looked through 10,000 statements, to " in page or 'rel="next"' not in page
        assert "No statement is like that" not in page
        if 'rel="next"' not in page:
            break
        page = auditor.get(link(page, "Older")).text
    assert len(seen) == len(set(seen)) == 10
    assert seen[:7] == [str(fact.id) for fact in reversed(facts)]
    assert empty == 2
    back = []
    while 'rel="prev"' in page:
        page = auditor.get(link(page, "Newer")).text
        back += re.findall(r'<th scope="row"><a class="govuk-link" href="/records/([0-9a-f-]{36})"', page)
    assert set(seen[:7]) <= set(back)


def test_each_read_goes_along_one_bound_at_each_end(
    auditor: Reader, government: Government, monkeypatch: pytest.MonkeyPatch, count_queries: Counting
) -> None:
    """Of two bounds at one end SQLite takes either, and may look through everything between them."""
    monkeypatch.setattr(paging, "LOOKED_AT", 2)
    page = auditor.get("/records", agency="FIN", since="2026-11-01", until="2026-12-01").text
    for _ in range(2):
        with count_queries() as made:
            page = auditor.get(link(page, "Older")).text
        walks = [words for words in made if "xapi_statement.seq >" in words]
        assert walks
        assert all(words.count("xapi_statement.seq >") == words.count("xapi_statement.seq <") == 1 for words in walks)


@pytest.mark.parametrize("field", ["who", "activity", "verb", "sender", "agency", "registration", "since", "person"])
def test_signs_that_no_database_takes_are_refused(auditor: Reader, field: str) -> None:
    assert 400 <= auditor.get("/records", **{field: "a\0b"}).status_code < 500


def test_a_filter_that_finds_few_leads_and_the_agency_is_asked_of_those(
    auditor: Reader, government: Government, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "LOOKED_AT", 2)
    tax = government.people["Tia Tax"]
    registration = ids.new()
    for number in range(5):
        works(tax, government.health if number % 2 else government.tax, slug=f"c-{number}")
    page = auditor.get("/records", agency="FIN", person=str(tax.id)).text
    assert "4 statements, newest first" in page and "Looked through" not in page
    assert names(auditor, agency="FIN", registration=str(registration)) == []
