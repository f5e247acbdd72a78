"""Every route with every method, as the walks of the house go them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.assessments.conftest import STEP
from tests.courses.conftest import small
from tests.factories import PASSWORD
from tests.house.world import LESSON, World, packed

SAFE = {"GET", "HEAD", "OPTIONS"}
ABSENT: Mapping[str, Any] = {
    "agency": "NOWHERE",
    "requirement": "NOTHING",
    "person_id": 2147483600,
    "registration": UUID(int=0x7000_8000_0000_0000_0000),
    "attempt_id": 2147483600,
    "attainment_id": 2147483600,
    "statement_id": UUID(int=0x7000_8000_0000_0000_0001),
    "slug": "no-such-course",
    "version_id": 2147483600,
    "recognition_id": 2147483600,
    "rule_id": 2147483600,
    "hold_id": 2147483600,
    "key": "k-000000000000000000000000",
}
# What is the same for every object: parts of addresses that say where within it.
WITHIN: Mapping[str, Any] = {
    "position": 1,
    "log": "statements",
    "number": 1,
    "form": "csv",
    "path": "modules/10-first/media/square.svg",
}
STEPS: Mapping[str, str] = {"assessments": STEP, "courses": LESSON, "courses.studio_step": "lesson-1"}
FILES = {"filename": "dist/app.js"}
LAST = "people.sign_out"
NEW_PASSWORD = "four green bottles"
STATEMENT = {
    "actor": {"account": {"homePage": "https://client.example", "name": "someone"}},
    "verb": {"id": "https://client.example/verbs/tried"},
    "object": {"id": "https://client.example/things/one"},
}


@dataclass(frozen=True)
class Route:
    """A rule with one of its methods."""

    rule: Rule
    method: str

    @property
    def endpoint(self) -> str:
        return str(self.rule.endpoint)

    @property
    def is_safe(self) -> bool:
        return self.method in SAFE

    def address(self, values: Mapping[str, Any] = ABSENT) -> str:
        """The address of an object; what `values` lack is absent."""
        step = STEPS.get(self.endpoint) or STEPS.get(self.endpoint.partition(".")[0], "")
        parts = {**ABSENT, **WITHIN, **FILES, "step_key": step, **values}
        built = self.rule.build({name: parts[name] for name in self.rule.arguments})
        assert built is not None, (self.rule.rule, values)
        return str(built[1])

    @property
    def names(self) -> set[str]:
        """The parts of the address that name an object."""
        return self.rule.arguments & set(ABSENT)


def routes(app: Flask) -> Iterator[Route]:
    """Every route, in the order of their addresses; signing out, after which a walk could not go on, comes last."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: (one.endpoint == LAST, one.rule, one.endpoint)):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Route(rule, method)


def sent(world: World, endpoint: str) -> dict[str, Any]:
    """What a well-meaning reader would send to an unsafe route, as arguments of a request."""
    if endpoint.startswith("xapi."):
        return sent_by_program(endpoint)
    if endpoint == "courses.bring_in":
        files = small("brought-in", owner="FIN")
        return {"data": {"archive": (packed(files), "folder.zip"), "owner": ""}}
    answer = {"choice": "true", "revision": "0", "go": "next"}
    forms: dict[str, dict[str, str]] = {
        "people.sign_in": {"email": world.readers["learner"].email, "password": PASSWORD},
        "people.password": {"current": PASSWORD, "new": NEW_PASSWORD, "again": NEW_PASSWORD},
        "courses.studio_publish": {"note": "What is new"},
        "assessments.answer": answer,
        "assessments.autosave": answer,
        "assessments.give_time": {"factor": "3/2"},
        "skills.recognise": {
            "activity": "https://client.example/things/two",
            "reach": "exact",
            "sender": "",
            "target": "course:pictures",
            "level": "",
            "assurance": "participation",
            "why": "The same course",
        },
        "skills.withdraw": {"why": "No longer the same"},
        "privacy.add_rule": {"record_class": "answers", "agency_id": "0", "months": "36", "why": "Schedule, section 4"},
        "privacy.end_rule": {"why": "A new schedule"},
        "privacy.lay_hold": {"person": "", "agency_id": "0", "record_class": "results", "why": "Case 12"},
        "privacy.release_hold": {"why": "Case closed"},
        "privacy.erase": {"why": "Asked for", "sure": "y"},
        "records.make_key": {"name": "Course platform", "scopes": "statements/read", "expires_on": "2027-03-31"},
    }
    return {"data": forms.get(endpoint, {})}


def sent_by_program(endpoint: str) -> dict[str, Any]:
    """What a program with a key would send to the record: a statement, or a document of somebody about something."""
    if endpoint.endswith("statements"):
        return {"json": STATEMENT}
    if endpoint.endswith("statement"):
        return {"json": STATEMENT, "query_string": {"statementId": str(ABSENT["statement_id"])}}
    of_activity, of_agent = {"activityId": STATEMENT["object"]["id"]}, {"agent": json.dumps(STATEMENT["actor"])}
    places = {
        "state": {**of_activity, **of_agent, "stateId": "one"},
        "activity_profile": {**of_activity, "profileId": "one"},
        "agent_profile": {**of_agent, "profileId": "one"},
    }
    (place,) = (query for name, query in places.items() if endpoint.endswith(name))
    return {"json": {"one": 1}, "query_string": place}


def outcome(answer: TestResponse) -> str:
    """What the guard said: in, sign-in, 401 or 403."""
    if answer.status_code in (401, 403):
        return str(answer.status_code)
    # the gate sends away with 302; signing out, which leads to the same page, is a 303
    is_sent_away = answer.status_code == 302 and answer.location.partition("?")[0] == "/sign-in"
    return "sign-in" if is_sent_away else "in"
