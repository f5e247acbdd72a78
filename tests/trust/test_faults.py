"""Whatever breaks, in a view, in a guard or beneath them, lets nobody in, writes nothing and tells no secret
(rows I6, D11, D12)."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from werkzeug.test import TestResponse

import lms.people.views
from courses.queries import scope
from lms.kernel import audit
from lms.kernel.actor import Actor
from lms.kernel.db import db
from lms.reporting.queries import asked, lists
from lms.web import errors, guards
from lms.xapi import queries
from lms.xapi.actions import inbound, road
from lms.xapi.queries import keys
from lms.xapi.queries.remembered import Remembered
from lms.xapi.views import short_road
from tests.house import rows
from tests.house.access import table
from tests.house.walking import Route, routes, sent
from tests.house.world import World, mark

SECRET = "hunter2 in /srv/secret.py"
TELLTALE = (SECRET, "Traceback", "RuntimeError", "OperationalError", ".py", "sqlalchemy", "select ")
# the note that somebody looked is written whatever became of the page
TRACES = {"audit_event", "web_session"}


AGENT = json.dumps({"mbox": "mailto:a@gov.example"})
ASKED = {  # what these cannot do without
    "xapi.read_activity": {"activityId": "https://gov.example/a"},
    "xapi.read_agent": {"agent": AGENT},
    "xapi.read_state": {"activityId": "https://gov.example/a", "agent": AGENT},
    "xapi.read_activity_profile": {"activityId": "https://gov.example/a"},
    "xapi.read_agent_profile": {"agent": AGENT},
}


def broken(*args: Any, **kwargs: Any) -> Any:
    raise RuntimeError(SECRET)


@pytest.fixture(autouse=True)
def unkept(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is logged is not kept: with it would live every frame of the fault, and the cursors in them."""
    monkeypatch.setattr(errors.log, "disabled", True)


def someone(route: Route) -> str:
    """A role that may use the function."""
    cells = table()[route.endpoint, route.method]
    if route.endpoint == "home.proof":
        return "hr_officer"  # who has attained something
    return next(role for role in ("learner", "administrator", "trainer", "client") if cells[role] == "in")


def place(world: World, route: Route) -> str:
    first = "pictures" if route.endpoint == "courses.learn_media" else "mine"
    first = "FIN" if route.endpoint.startswith("courses.studio") else first
    for thing in (first, "done", "FIN"):
        if route.names <= set(world.things[thing]):
            return route.address(world.things[thing])
    return route.address(world.things["FIN"])


def ask(world: World, route: Route, *, plainly: bool = False) -> TestResponse:
    """Ask for a function on the ordinary road, or as plainly as senders do: statements then go the short one."""
    given = {"query_string": ASKED.get(route.endpoint)} if route.is_safe else sent(world, route.endpoint)
    if route.endpoint.startswith("xapi.put"):
        given["headers"] = {"If-None-Match": "*"}  # xAPI 1.0.3 asks whoever puts a profile to say what he replaces
    if route.endpoint == "xapi.store_statements" and not plainly:
        given["headers"] = {"Content-Encoding": "identity"}
    return world.visit(someone(route), route.method, place(world, route), **given)


def well_said(answer: TestResponse, status: int, name: str) -> None:
    """The error is told plainly, with the number of the request and without anything of the inside."""
    assert answer.status_code == status, (name, answer.status_code)
    text = answer.text
    assert [word for word in TELLTALE if word in text.split("</head>")[-1]] == [], name
    number = answer.headers["X-Request-Id"]
    assert number and number in text, name
    if answer.mimetype == "application/problem+json":
        assert json.loads(text)["status"] == status, name
    else:
        assert answer.mimetype == "text/plain" or text.count("<h1") == 1, name
    if status == 503:
        assert int(answer.headers["Retry-After"]) > 0, name
        assert "saved is lost" in text, name


@contextmanager
def nothing_changes(world: World, traces: set[str]) -> Iterator[None]:
    with world.app.app_context():
        before = rows.all_rows(db.engine, db.metadata)
    yield
    with world.app.app_context():
        assert rows.differing(before, rows.all_rows(db.engine, db.metadata)) - traces == set()


def broken_before(view: Any) -> Any:
    return wraps(view)(broken)


def broken_after(view: Any) -> Any:
    @wraps(view)
    def done_and_broken(**parts: Any) -> Any:
        view(**parts)
        return broken()

    return done_and_broken


@pytest.mark.parametrize("breaking", [broken_before, broken_after])
def test_I6_a_fault_in_any_view_writes_nothing_and_tells_nothing(
    world: World, breaking: Callable[[Any], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with nothing_changes(world, {"audit_event"}):
        for route in routes(world.app):
            if route.endpoint == "static":
                continue  # a file that is read, and nothing else
            with monkeypatch.context() as fault:
                view = world.app.view_functions[route.endpoint]
                fault.setitem(world.app.view_functions, route.endpoint, breaking(view))
                answer = ask(world, route)
            well_said(answer, 500, f"{route.method} {route.endpoint}")
            assert "Set-Cookie" not in answer.headers, route.endpoint


GUARDS: dict[str, tuple[Any, str]] = {
    "the gate's judgement": (guards, "_judge"),
    "the gate's look at the declaration": (guards, "declared"),
    "what an actor may": (Actor, "may"),
    "reading the actor": (lms.people.views, "_thawed"),
    "reading the key": (keys, "opened"),
}


def is_guarded(route: Route, which: str) -> bool:
    """Whether a guard stands before a function at all."""
    cells = table()[route.endpoint, route.method]
    if cells["anonymous"] == "in":
        return False
    if route.endpoint.startswith("xapi."):
        return which != "reading the actor"
    if which == "what an actor may":
        return route.endpoint != "people.password"  # being signed in is all it asks for
    return which != "reading the key"


@pytest.mark.parametrize("which", GUARDS)
def test_I6_a_fault_in_a_guard_lets_nobody_in(world: World, which: str, monkeypatch: pytest.MonkeyPatch) -> None:
    guarded = [route for route in routes(world.app) if is_guarded(route, which)]
    assert len(guarded) >= (3 if which == "reading the key" else 40)
    with nothing_changes(world, set()):
        monkeypatch.setattr(*GUARDS[which], broken)
        for route in guarded:
            well_said(ask(world, route), 500, f"{route.method} {route.endpoint}")


BESIDE_THE_SHORT_ROAD: dict[str, tuple[Any, str]] = {
    "looking at the host": (short_road, "is_ours"),
    "what an actor may": GUARDS["what an actor may"],
    "reading the key": GUARDS["reading the key"],
    "understanding": (inbound, "understood"),
    "storing": (inbound, "take"),
    "what follows from it": (road, "show"),
    "up to when": (queries, "consistent_lately"),
}


@pytest.mark.parametrize("which", BESIDE_THE_SHORT_ROAD)
def test_I6_a_fault_on_the_short_road_writes_nothing_and_tells_nothing(
    world: World, which: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = [route for route in routes(world.app) if route.endpoint == "xapi.store_statements"]
    assert len(mounts) == 2
    with nothing_changes(world, set()):
        monkeypatch.setattr(*BESIDE_THE_SHORT_ROAD[which], broken)
        for route in mounts:
            well_said(ask(world, route, plainly=True), 500, which)


SCOPES: tuple[tuple[Any, str], ...] = (
    (asked, "visible"),
    (sys.modules["lms.reporting.queries.person"], "visible"),
    (lists, "visible"),
    (scope, "visible"),
    (audit, "note"),
)


@pytest.mark.parametrize("where", SCOPES, ids=lambda where: f"{where[0].__name__}.{where[1]}")
def test_D11_a_fault_in_scoping_or_in_noting_shows_nobodys_name(
    world: World, where: tuple[Any, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(*where, broken)
    asked_for = {"as_at": "2026-11-22"} if where[0] is lists else {}
    failed = 0
    for route in routes(world.app):
        if route.is_safe and route.endpoint.startswith(("reporting.", "courses.studio")):
            for role in ("hr_parent", "trainer"):
                if table()[route.endpoint, route.method][role] == "in":
                    answer = world.visit(role, "GET", route.address(world.things["TAX"]), query_string=asked_for)
                    failed += answer.status_code == 500
                    assert answer.status_code in (200, 500), route.endpoint
                    if answer.status_code == 500:
                        assert mark("TAX") not in answer.text, route.endpoint
                        well_said(answer, 500, route.endpoint)
    assert failed


POOL = "QueuePool limit of size 5 overflow 10 reached"
TROUBLE = ("database is locked", "database or disk is full", "unable to open database file", "connection refused", POOL)


@pytest.mark.parametrize("words", TROUBLE)
def test_D12_without_its_database_the_product_says_try_again(
    world: World, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = {"home.accessibility", "home.health", "home.help_page", "home.privacy", "people.sign_in", "static",
               "xapi.about", "people.sign_out", "home.ready"}  # fmt: skip

    def refused(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        raise NoConnectionLeft(words) if words == POOL else OperationalError(statement, {}, Exception(words))

    monkeypatch.setattr(keys, "_remembered", Remembered())
    event.listen(Engine, "before_cursor_execute", refused)
    try:
        for route in routes(world.app):
            if route.endpoint not in without:
                well_said(ask(world, route), 503, f"{route.method} {route.endpoint}")
        ready = world.visit("anonymous", "GET", "/readyz")
        assert (ready.status_code, ready.get_json()["database"]) == (503, False)
        for address in ("/healthz", "/help", "/privacy", "/accessibility", "/xapi/about"):
            assert world.visit("anonymous", "GET", address).status_code == 200
    finally:
        event.remove(Engine, "before_cursor_execute", refused)
