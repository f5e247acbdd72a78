"""Where an actor can go."""

from __future__ import annotations

from dataclasses import dataclass

from lms.kernel.actor import Actor

# endpoint, path, icon, permission; the path is fixed so that drawing the navigation costs nothing
PLACES = (
    ("home.home", "/", "home", "record.see"),
    ("courses.catalogue", "/find", "search", "catalogue.see"),
    ("home.record", "/record", "record", "record.see"),
    ("reporting.coverage", "/coverage", "coverage", "coverage.see"),
    ("courses.studio", "/studio", "edit", "courses.see_drafts"),
    ("records.statements", "/records", "shield", "records.see"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation."""

    label: str
    url: str
    icon: str
    current: bool


def navigation(actor: Actor, path: str, labels: dict[str, str]) -> list[Place]:
    """The entries an actor sees; the one whose part of the product is shown is current."""
    found = []
    for endpoint, url, icon, permission in PLACES:
        if actor.may(permission):
            current = path.startswith("/learn/") or path == "/" if url == "/" else _belongs(path, url)
            found.append(Place(labels[endpoint], url, icon, current))
    return found


def _belongs(path: str, url: str) -> bool:
    """Whether a page stands beneath a place of the navigation, or under an address of its own that belongs to it."""
    homes = {"/find": ("/courses/",), "/coverage": ("/people/", "/statements/"), "/records": ("/privacy/kept/",)}
    return f"{path}/".startswith((f"{url}/", *homes.get(url, ())))
