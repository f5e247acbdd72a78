"""What holds for every page, whoever looks at it (rows A5, A6, B3, B7, J6)."""

from __future__ import annotations

import re

import pytest

from lms.kernel.db import db
from tests.house import rows
from tests.house.access import table
from tests.house.crawl import NOBODYS, Seen, crawl, is_reached
from tests.house.pages import faults
from tests.house.world import TREE, World, mark

pytestmark = pytest.mark.xdist_group("crawl")  # one crawl for all of them
# what a look may leave behind: the session's own row, counters of tries, and the note that somebody looked
TRACES = {"web_session", "sign_in_try", "audit_event"}
NAMED = re.compile(
    r"reporting\.(cell|role_fit|person|evidence|statement|coverage_export|cell_export|role_fit_export)|records\.(statements|statement|proof)"
    r"|privacy\.(find|ask_erasure|take_along)"
)
Crawled = tuple[list[Seen], set[str]]


@pytest.fixture(scope="session")
def crawled(founded: tuple[World, rows.Kept]) -> dict[str, Crawled]:
    """The one crawl on each database, made when the first test asks for it."""
    return {}


@pytest.fixture
def seen(world: World, crawled: dict[str, Crawled]) -> list[Seen]:
    return _crawled(world, crawled)[0]


def _crawled(world: World, crawled: dict[str, Crawled]) -> Crawled:
    if "once" not in crawled:
        with world.app.app_context():
            before = rows.all_rows(db.engine, db.metadata)
            db.session.remove()
        found = crawl(world)
        with world.app.app_context():
            changed = rows.differing(before, rows.all_rows(db.engine, db.metadata))
        crawled["once"] = found, changed
    return crawled["once"]


def test_the_crawl_is_long_and_nothing_in_it_broke(seen: list[Seen]) -> None:
    assert len(seen) > 700
    broken = {one.name: one.answer.status_code for one in seen if one.answer.status_code >= 500}
    assert {name for name in broken if "/readyz" not in name} == set()  # these tests run without migrations


def test_A5_looking_changes_nothing_but_leaves_its_trace(world: World, crawled: dict[str, Crawled]) -> None:
    found, changed = _crawled(world, crawled)
    assert {one.name: one.written - TRACES for one in found if one.written - TRACES} == {}
    assert changed <= TRACES


def test_J6_whoever_looks_at_named_people_is_noted_and_nobody_else(seen: list[Seen]) -> None:
    for one in seen:
        is_look = bool(NAMED.fullmatch(one.route.endpoint)) and one.answer.status_code == 200
        assert ("audit_event" in one.written) == is_look, one.name


def test_A6_no_answer_stays_anywhere_or_may_run_anything(seen: list[Seen]) -> None:
    for one in seen:
        if one.route.endpoint == "static":
            continue
        headers = one.answer.headers
        policy = headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store", one.name
        assert "Cookie" in headers["Vary"], one.name
        assert headers["X-Content-Type-Options"] == "nosniff", one.name
        assert headers["Referrer-Policy"] == "same-origin", one.name
        assert "default-src 'none'" in policy and "http" not in policy, one.name
        # a drawing of a course may carry styles, because nothing in it can run
        assert "unsafe" not in policy or policy.startswith("sandbox; default-src 'none'; style-src"), one.name
        assert "script-src" not in policy or "script-src 'self'" in policy, one.name
        assert re.fullmatch(r"[0-9a-f-]{36}", headers["X-Request-Id"]), one.name
        assert "Set-Cookie" not in headers, one.name
        assert "Server" not in headers, one.name


def test_A6_the_products_own_files_are_kept_for_long_and_know_nobody(world: World, seen: list[Seen]) -> None:
    pages = "".join(one.answer.text for one in seen if one.is_page)
    files = sorted(set(re.findall(r'(?:href|src)="(/static/[^"]+)"', pages)))
    assert len(files) >= 4
    for address in files:
        answer = world.visit("learner", "GET", address)
        assert answer.status_code == 200, address
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert not {"Set-Cookie", "Vary"} & set(answer.headers.keys())


def test_B3_what_is_out_of_reach_looks_as_if_it_were_not_there(seen: list[Seen]) -> None:
    reviewed = table()
    absent = {(one.role, one.route.rule.rule): one for one in seen if one.thing == NOBODYS and one.route.names}
    looked = 0
    for one in seen:
        is_in = reviewed[one.route.endpoint, one.route.method][one.role] == "in"
        if one.thing == NOBODYS or not one.route.names or not is_in:
            continue
        if is_reached(one.role, one.route, one.thing):
            assert one.answer.status_code in (200, 302, 303), (one.name, one.answer.status_code)
            continue
        nothing = absent[one.role, one.route.rule.rule]
        assert (one.answer.status_code, nothing.answer.status_code) == (404, 404), one.name
        assert one.page == nothing.page, one.name
        kept = [[pair for pair in x.answer.headers if pair[0] != "X-Request-Id"] for x in (one, nothing)]
        assert kept[0] == kept[1], one.name
        looked += 1
    assert looked > 250


def test_B7_no_page_or_file_names_what_is_out_of_reach(seen: list[Seen]) -> None:
    reach = {
        "learner": set(),
        "line_manager": {"TAX"},
        "hr_officer": {"TAX"},
        "hr_parent": {"TAX", "FIN"},
        "trainer": {"TAX", "FIN"},
    }
    found = 0
    for one in seen:
        text = one.answer.get_data().decode("utf-8", "replace") + str(one.answer.headers)
        foreign = set(TREE) - reach.get(one.role, set(TREE))
        assert not [agency for agency in foreign if f"Ada {mark(agency)}" in text], one.name
        assert not [agency for agency in foreign if f"Draft of {mark(agency)}" in text], one.name
        assert one.role in ("auditor", "administrator") or mark("HLT") not in text, one.name
        found += sum(mark(agency) in text for agency in TREE)
    assert found > 200, "the marks are to be seen where they may be"


def test_every_page_is_well_formed_and_titled_after_its_heading(seen: list[Seen]) -> None:
    wrong = {}
    for page in {one.page: one for one in seen if one.is_page}.values():
        found = faults(page.answer.text)
        if found:
            wrong[page.name] = found
    assert wrong == {}
