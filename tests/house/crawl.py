"""One long look at the product: every page, for every role, about objects of every agency."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.test import TestResponse

from tests.house.access import table
from tests.house.rows import tables_written
from tests.house.walking import Route, routes
from tests.house.world import PEOPLE, TREE, World

NOBODYS = "absent"
OWN = ("mine", "done", "pictures")
EVERYWHERE = (*TREE, "gone", "crossed", "mine")
# the learner's own course has neither the lesson nor the picture that the drafts have
LESSONS_ONLY = ("courses.studio_media", "courses.studio_step")
AREA: Mapping[str, set[str]] = {
    "learner": set(),
    "line_manager": {"TAX"},
    "hr_officer": {"TAX"},
    "hr_parent": {"TAX", "FIN"},
    "trainer": {"TAX", "FIN"},
    "auditor": set(TREE),
    "administrator": set(TREE),
}


@dataclass(frozen=True)
class Seen:
    """An answer to a role about an object of an agency."""

    role: str
    route: Route
    thing: str
    address: str
    answer: TestResponse
    written: frozenset[str]

    @property
    def name(self) -> str:
        return f"{self.role} {self.route.method} {self.address} ({self.thing})"

    @property
    def page(self) -> str:
        """The text of the answer without what differs from request to request."""
        return self.answer.text.replace(self.answer.headers["X-Request-Id"] or "no id", "…")

    @property
    def is_page(self) -> bool:
        return self.answer.mimetype == "text/html" and self.answer.status_code not in (302, 303)


def things(route: Route, is_open: bool) -> tuple[str, ...]:
    """Which objects there are to ask a route about; one where it is about none, or is not open to the reader at all."""
    if not route.names or not is_open:
        return (NOBODYS,)
    if route.endpoint.startswith(("reporting.", "courses.studio", "assessments.extra", "assessments.give")):
        return (NOBODYS, *EVERYWHERE)
    return (NOBODYS, "HLT", "TAX", *OWN)


def is_about(route: Route, content: dict[str, Any]) -> bool:
    """Whether an object has every part that the address of a route needs."""
    return route.names <= set(content)


def crawl(world: World, roles: tuple[str, ...] = PEOPLE) -> list[Seen]:
    """Look at everything once."""
    found, reviewed = [], table()
    with tables_written() as written:
        for role in roles:
            for route in routes(world.app):
                if not route.is_safe or route.endpoint.startswith("xapi."):
                    continue
                for thing in things(route, reviewed[route.endpoint, route.method][role] == "in"):
                    content = world.things.get(thing, {})
                    if thing == NOBODYS or is_about(route, content):
                        address = route.address(content)
                        answer = world.visit(role, route.method, address)
                        found.append(Seen(role, route, thing, address, answer, frozenset(written())))
    return found


def is_reached(role: str, route: Route, thing: str) -> bool:
    """Whether a role that may use a function reaches an object with it; thought out here, not asked of the product."""
    endpoint, area = route.endpoint, AREA[role]
    if endpoint in ("courses.course", "courses.enrol"):
        return thing in OWN
    if endpoint in ("assessments.extra_time", "assessments.give_time") or endpoint.startswith(
        ("skills.", "records.", "privacy.")
    ):
        return True
    if endpoint == "reporting.person" and thing == "gone":
        return role == "administrator"  # whoever has left stands in no agency any more
    if endpoint.startswith("courses.studio"):
        owner = "GOV" if thing in OWN else "TAX" if thing == "crossed" else thing
        return owner in area and not (endpoint in LESSONS_ONLY and thing == "mine")
    if endpoint.startswith("reporting."):
        return _is_reported(endpoint, thing, area)
    return _is_own(role, endpoint, thing)


def _is_reported(endpoint: str, thing: str, area: set[str]) -> bool:
    if thing == "gone":
        return "TAX" in area and endpoint != "reporting.evidence"
    if thing == "crossed":
        return "TAX" in area and endpoint not in ("reporting.evidence", "reporting.cell", "reporting.cell_export")
    return thing in area


def _is_own(role: str, endpoint: str, thing: str) -> bool:
    owner = {"mine": "learner", "pictures": "learner", "done": "hr_officer"}.get(thing)
    if endpoint == "courses.learn_media":
        return owner == role and thing == "pictures"
    if endpoint.startswith("assessments.") and thing == "pictures":
        return False
    return owner == role
