"""No route without a declared permission, and none that comes or goes unnoticed (rows B1, B2)."""

from __future__ import annotations

import pytest
from flask import Flask

from lms.web import guards
from tests.house.source import ROOT

LIST = ROOT / "tests" / "house" / "routes.txt"


def routes(app: Flask) -> list[str]:
    return sorted(
        f"{method} {rule.rule} {rule.endpoint}"
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    )


def test_the_list_of_routes_is_the_reviewed_one(session_app_any: Flask) -> None:
    assert routes(session_app_any) == LIST.read_text("utf-8").splitlines()


def test_B1_a_route_without_a_declaration_stops_the_start(session_app_any: Flask) -> None:
    app = Flask("undeclared")
    app.add_url_rule("/secret", "secret", lambda: "x")
    app.view_functions["static"] = guards.allowed(guards.PUBLIC, scope="public")(lambda: "")
    with pytest.raises(guards.Undeclared, match="/secret"):
        guards.guard(app, {"": lambda: guards.ANONYMOUS})


def test_every_declared_permission_is_held_by_some_role(session_app_any: Flask) -> None:
    from lms.people.policy import POWERS
    from lms.xapi.policy import SCOPES

    known = {permission for powers in (*POWERS.values(), *SCOPES.values()) for permission in powers}
    known |= {guards.PUBLIC, guards.SIGNED_IN}
    declared = {
        found[0]
        for rule in session_app_any.url_map.iter_rules()
        if (found := guards.declared(session_app_any, rule.endpoint))
    }
    assert declared - known == set()
