"""Finding a course."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlencode

from flask import render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from courses import queries
from courses.queries import Wish
from courses.rules.searching import LONGEST_QUERY
from courses.views import words
from courses.views.room import blueprint
from lms.web.art import course_art
from lms.web.guards import allowed, current_actor

LENGTHS = (15, 30, 60, 90)


@blueprint.get("/find")
@allowed("catalogue.see", scope="everywhere")
def catalogue() -> ResponseReturnValue:
    """Every published course, searched and narrowed."""
    wish = wish_of(request.args)
    found = queries.catalogue(current_actor(), wish, page=request.args.get("page", 1, int))
    shown = {"found": found, "wish": wish, "words": words, "topics": words.topics(), "lengths": LENGTHS}
    return render_template("courses/catalogue.html", art=art, active=active_filters(wish), asked=asked(wish), **shown)


def wish_of(args: MultiDict[str, str]) -> Wish:
    """What somebody looks for, out of the address; what is not on offer is passed over."""
    longest = args.get("minutes", type=int)
    return Wish(
        text=args.get("q", "").strip()[:LONGEST_QUERY],
        topics=tuple(topic for topic in words.topics() if topic in args.getlist("topic")),
        levels=tuple(dict.fromkeys(level[:80] for level in args.getlist("level") if level)),
        longest=longest if longest in LENGTHS else None,
    )


def asked(wish: Wish, without: tuple[str, str] | None = None) -> dict[str, list[str]]:
    """A wish as the parts of an address, perhaps without one of them."""
    pairs = [("q", wish.text)] if wish.text else []
    pairs += [("topic", topic) for topic in wish.topics] + [("level", level) for level in wish.levels]
    pairs += [("minutes", str(wish.longest))] if wish.longest else []
    parts: dict[str, list[str]] = {}
    for name, value in pairs:
        if (name, value) != without:
            parts.setdefault(name, []).append(value)
    return parts


def active_filters(wish: Wish) -> list[tuple[str, str]]:
    """Each filter that narrows, with the address of the page without it."""
    names = words.topics()
    shown = [("topic", topic, names[topic]) for topic in wish.topics]
    shown += [("level", level, level) for level in wish.levels]
    shown += [("minutes", str(wish.longest), words.minutes(wish.longest))] if wish.longest else []
    return [(label, "/find?" + urlencode(asked(wish, (name, value)), doseq=True)) for name, value, label in shown]


@lru_cache(maxsize=2000)
def art(topic: str, slug: str) -> Markup:
    """The picture of a course; drawn once, because a page shows two dozen."""
    return course_art(topic, slug)
