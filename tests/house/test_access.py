"""Every function with every role, against a table that people have reviewed (rows B2, B8; goals S1, S2)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import wraps
from typing import Any

import pytest
from flask import Flask

from lms.web import guards
from tests.house.access import WORDS, Cells, table
from tests.house.rows import tables_written
from tests.house.walking import outcome, routes, sent
from tests.house.world import ROLES, World

# what concerns nobody but the auditor himself
HIS_OWN = {"people.sign_in", "people.sign_out", "people.password"}
# the action behind the guard asks once more who may
SECOND_LOCK = {
    "courses.enrol",
    "skills.recognition",
    "skills.withdrawal",
    "skills.withdraw",
    "records.revoke",
    "privacy.kept",
    "privacy.ask_rule",
    "privacy.end_rule",
    "privacy.ask_hold",
    "privacy.release_hold",
    "privacy.take_along",
}


def unlike(world: World, reviewed: Cells, endpoint: str = "", roles: Collection[str] = ROLES) -> list[str]:
    """The cells in which the product does otherwise than the table says, for all endpoints or for one.

    The object asked for is absent, so that nothing more happens than what the guard says.
    """
    found = []
    for route in routes(world.app):
        if endpoint in ("", route.endpoint):
            wanted = reviewed[route.endpoint, route.method]
            seen = {role: outcome(world.visit(role, route.method, route.address())) for role in roles}
            name = f"{route.method} {route.endpoint}"
            found += [f"{name} for {r}: {seen[r]}, not {wanted[r]}" for r in roles if seen[r] != wanted[r]]
    return found


def test_B2_every_function_has_its_row_and_no_row_is_left_over(session_app_any: Flask) -> None:
    reviewed = table()
    assert {(route.endpoint, route.method) for route in routes(session_app_any)} == set(reviewed)
    assert {word for cells in reviewed.values() for word in cells.values()} <= WORDS


def test_B2_every_function_is_open_to_the_roles_of_its_row_and_to_no_other(world: World) -> None:
    assert unlike(world, table()) == []


def without_its_guard(view: Any, declaration: tuple[str, str]) -> Any:
    @wraps(view)
    def same(**parts: Any) -> Any:
        return view(**parts)

    same.__dict__["_permission"] = declaration
    return same


@pytest.mark.parametrize("instead", [(guards.PUBLIC, "public"), (guards.SIGNED_IN, "own")], ids=["public", "signed-in"])
def test_S2_whichever_guard_is_taken_away_the_table_notices(
    world: World, instead: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    reviewed = table()
    refusals = {guards.PUBLIC: WORDS - {"in"}, guards.SIGNED_IN: {"403"}}[instead[0]]
    views: Mapping[str, Any] = dict(world.app.view_functions)
    for endpoint, view in views.items():
        cells = [row for key, row in reviewed.items() if key[0] == endpoint]
        roles = [role for role in ROLES if any(row[role] in refusals for row in cells)]
        if endpoint.startswith("xapi.") or not roles:
            continue  # the record's own door asks for a key before any declaration
        with monkeypatch.context() as taken_away:
            taken_away.setitem(world.app.view_functions, endpoint, without_its_guard(view, instead))
            noticed = unlike(world, reviewed, endpoint, roles[:2])
            assert bool(noticed) != (instead[0] == guards.SIGNED_IN and endpoint in SECOND_LOCK), endpoint


def test_B8_an_auditor_changes_nothing_whatever_is_sent(world: World) -> None:
    with tables_written() as written:
        for route in routes(world.app):
            if route.is_safe or route.endpoint in HIS_OWN:
                continue
            for agency in ("GOV", "HLT", "mine"):
                address = route.address(world.things[agency])
                answer = world.visit("auditor", route.method, address, **sent(world, route.endpoint))
                wanted = "401" if route.endpoint.startswith("xapi.") else "403"
                assert (outcome(answer), written()) == (wanted, set()), address


def test_B2_nobody_is_let_in_by_another_method(world: World) -> None:
    for route in routes(world.app):
        if not route.endpoint.startswith("xapi."):
            for method in ("DELETE", "PATCH", "TRACE"):
                answer = world.visit("administrator", method, route.address())
                assert answer.status_code == 405, (method, route.rule.rule)
        if route.is_safe:
            seen = outcome(world.visit("learner", "HEAD", route.address()))
            assert seen == outcome(world.visit("learner", "GET", route.address())), route.rule.rule
