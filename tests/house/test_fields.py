"""Whatever names a form is sent under, only the fields it declares have an effect (rows B5, C2)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from lms.kernel import ids
from lms.kernel.db import db
from tests.databases import Databases
from tests.house import rows
from tests.house.walking import STATEMENT, Route, routes, sent
from tests.house.world import World

# drawn by chance at each request: the key of a session and the salt of a hash
CHANCE = {
    "web_session": {"key", "content"},
    "account": {"password_hash"},
    "jobs": {"id"},
    "xapi_credential": {"key", "secret_hash"},
    "audit_event": {"subject_id"},
    "seal_leaf": {"salt", "entry"},
    "seal_node": {"root"},
    "seal_checkpoint": {"note"},
}
BESIDES = (
    "is_admin",
    "isAdmin",
    "role",
    "roles",
    "powers",
    "_method",
    "__class__",
    "actor",
    "person",
    "owner",
    "passed",
)
DOERS = {
    "assessments.give_time": "administrator",
    "courses.studio": "trainer",
    "courses.bring_in": "trainer",
    "skills.": "administrator",
    "records.": "administrator",
    "privacy.": "administrator",
}


def strange_names(world: World) -> list[str]:
    """Every column of every table, and what attackers like to try."""
    return sorted({column.name for table in db.metadata.tables.values() for column in table.columns} | set(BESIDES))


def doer(endpoint: str) -> str:
    return next((role for prefix, role in DOERS.items() if endpoint.startswith(prefix)), "learner")


def place(world: World, route: Route) -> str:
    """An object upon which the form works."""
    thing = "FIN" if route.endpoint.startswith("courses.studio") else "pictures"
    if route.endpoint.startswith("privacy."):
        thing = "TAX"
    if route.endpoint.startswith("assessments."):
        thing = "TAX" if route.endpoint == "assessments.give_time" else "mine"
    return route.address(world.things[thing])


class Bench:
    """Sends a form to the same house again and again."""

    def __init__(self, world: World, kept: rows.Kept, databases: Databases) -> None:
        self.world, self._kept, self._databases = world, kept, databases

    def result(self, route: Route, form: dict[str, Any]) -> tuple[int, Any]:
        """The status, and all that is in the database afterwards."""
        app = self.world.app
        with app.app_context():
            rows.put_back(self._databases, self._kept)
        with ids.seeded(random.Random(7)):
            answer = self.world.visit(doer(route.endpoint), route.method, place(self.world, route), **form)
        with app.app_context():
            return answer.status_code, rows.masked(rows.all_rows(db.engine, db.metadata), CHANCE)


@pytest.fixture
def bench(founded: tuple[World, rows.Kept], world: World, databases: Databases) -> Iterator[Bench]:
    yield Bench(world, founded[1], databases)


def test_B5_a_form_takes_no_field_that_it_does_not_declare(bench: Bench) -> None:
    untouched = bench.result(next(routes(bench.world.app)), {})[1]
    worked = 0
    for route in routes(bench.world.app):
        if route.is_safe or route.endpoint.startswith("xapi."):
            continue
        usual_status, usual = bench.result(route, sent(bench.world, route.endpoint))
        assert usual_status in (200, 303), (route.endpoint, usual_status)
        form = sent(bench.world, route.endpoint)
        strange = {name: "1" for name in strange_names(bench.world) if name not in form.get("data", {})}
        form["data"] = {**form.get("data", {}), **strange}
        status, after = bench.result(route, {**form, "query_string": strange})
        if status in (200, 303):
            assert after == usual, route.endpoint
        else:
            assert (status, after) == (422, untouched), route.endpoint
        worked += usual != untouched
    assert worked >= 12, "most forms do something when they are sent as they should be"


@pytest.mark.parametrize("endpoint", ["assessments.answer", "assessments.autosave", "assessments.hand_in"])
def test_C2_each_strange_field_of_a_quiz_is_refused_by_itself(world: World, endpoint: str) -> None:
    route = next(one for one in routes(world.app) if one.endpoint == endpoint)
    known = {"choice", "answer", "order", "revision", "save_id", "flagged", "go", "move"}
    with rows.tables_written() as written:
        for name in set(strange_names(world)) - known:
            form = sent(world, endpoint)
            form["data"] = {**form["data"], name: "100"}
            answer = world.visit("learner", "POST", place(world, route), **form)
            assert (answer.status_code, written()) == (422, set()), name


def test_B5_a_statement_with_a_property_too_many_is_refused_whole(world: World) -> None:
    spoken = {"id", "actor", "verb", "object", "result", "context", "timestamp", "stored", "authority", "version"}
    with rows.tables_written() as written:
        for name in set(strange_names(world)) - spoken - {"attachments"}:
            answer = world.visit("client", "POST", "/xapi/statements", json={**STATEMENT, name: "1"})
            assert (answer.status_code, written()) == (400, set()), name
