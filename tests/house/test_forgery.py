"""Forms that nobody meant to send change nothing (row A5, goal S6)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from lms.kernel.db import db
from tests.house import rows
from tests.house.walking import Route, routes, sent
from tests.house.world import PEOPLE, World

ELSEWHERE: tuple[dict[str, str], ...] = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://["},
    {"Origin": "http://localhost.evil.example"},
)


@pytest.fixture
def guarded(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The house as it is in earnest: forms need their token. Nothing in it may change."""
    monkeypatch.setitem(world.app.config, "WTF_CSRF_ENABLED", True)
    with world.app.app_context():
        before = rows.all_rows(db.engine, db.metadata)
    yield world
    with world.app.app_context():
        assert rows.differing(before, rows.all_rows(db.engine, db.metadata)) == set()


def unsafe(world: World) -> list[Route]:
    """Routes of forms; programs at the record's door show a key with each request instead."""
    return [route for route in routes(world.app) if not route.is_safe and not route.endpoint.startswith("xapi.")]


def wanted(world: World, route: Route, role: str) -> str:
    """An address at which the form would work for the role, were it not forged."""
    thing = "TAX" if route.endpoint.startswith("courses.studio") else "mine"
    own = {"learner": "mine", "hr_officer": "done"}.get(role, thing)
    values = {**world.things["HLT"], **world.things[own if own in world.things else thing]}
    return route.address(values)


def token(world: World, role: str) -> str:
    """The token of a role's own session, as its pages carry it."""
    page = world.visit(role, "GET", "/account/password" if role != "anonymous" else "/sign-in").text
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found is not None
    return found.group(1)


def with_field(given: dict[str, Any], name: str, value: str) -> dict[str, Any]:
    return {**given, "data": {**given.get("data", {}), name: value}}


def refused(answer: Any, name: str) -> None:
    assert answer.status_code == 400, (name, answer.status_code)
    assert "nothing was changed" in answer.text, name
    assert "Set-Cookie" not in answer.headers, name


def test_A5_no_form_works_without_its_token(guarded: World) -> None:
    for role in PEOPLE:
        stolen = token(guarded, "auditor" if role != "auditor" else "learner")
        for route in unsafe(guarded):
            address = wanted(guarded, route, role)
            for given in (None, stolen, "made-up"):
                form = sent(guarded, route.endpoint)
                form = form if given is None else with_field(form, "csrf_token", given)
                answer = guarded.visit(role, route.method, address, **form)
                if answer.status_code != 403:  # the gate may refuse the role before anything is read
                    refused(answer, f"{role} {route.rule.rule}")


@pytest.mark.parametrize("headers", ELSEWHERE, ids=lambda headers: "-".join(headers.values()))
def test_A5_no_form_is_taken_from_another_site_even_with_a_token(guarded: World, headers: dict[str, str]) -> None:
    tokens = {role: token(guarded, role) for role in ("learner", "trainer", "administrator")}
    for role, own in tokens.items():
        for route in unsafe(guarded):
            form = with_field(sent(guarded, route.endpoint), "csrf_token", own)
            answer = guarded.visit(role, route.method, wanted(guarded, route, role), headers=headers, **form)
            refused(answer, f"{role} {route.rule.rule}")


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "http://localhost"},
     {"Origin": "http://127.0.0.1:8000"}],
    ids=lambda headers: "-".join(headers.values()) or "silent",
)  # fmt: skip
def test_A5_from_our_own_pages_every_browser_gets_through(
    world: World, monkeypatch: pytest.MonkeyPatch, headers: dict[str, str]
) -> None:
    monkeypatch.setitem(world.app.config, "WTF_CSRF_ENABLED", True)
    form = {"data": {"csrf_token": token(world, "learner")}}
    route = next(route for route in unsafe(world) if route.endpoint == "courses.leave")
    answer = world.visit("learner", "POST", wanted(world, route, "learner"), headers=headers, **form)
    assert answer.status_code == 303


def test_A5_a_program_with_a_key_needs_no_token_and_a_session_alone_opens_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(world.app.config, "WTF_CSRF_ENABLED", True)
    given = sent(world, "xapi.store_statements")
    elsewhere = {"Sec-Fetch-Site": "cross-site", "Origin": "https://client.example"}
    assert world.visit("client", "POST", "/xapi/statements", headers=elsewhere, **given).status_code == 200
    for role in PEOPLE:
        assert world.visit(role, "POST", "/xapi/statements", **given).status_code == 401
