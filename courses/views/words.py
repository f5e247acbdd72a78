"""What topics, kinds, levels and lengths are called on pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import flask_babel
from babel import Locale, UnknownLocaleError

from courses.queries import AimRow, Structure
from lms.skills.rules.levels import LEVELS, band_of

_: Callable[..., str] = flask_babel.gettext
ngettext: Callable[..., str] = flask_babel.ngettext
format_date: Callable[..., str] = flask_babel.format_date


def topics() -> dict[str, str]:
    """The topics in the order of the catalogue's filter."""
    return {
        "information": _("Information"),
        "communication": _("Communication"),
        "content": _("Writing and content"),
        "security": _("Security and data protection"),
        "inclusion": _("Accessibility and inclusion"),
        "change": _("Change"),
        "data": _("Data"),
        "ai": _("Artificial intelligence"),
    }


def kind_word(kind: str) -> str:
    """A kind of step."""
    words = {"lesson": _("Lesson"), "quiz": _("Check")}
    return words.get(kind, kind.capitalize())


def state_word(state: str) -> str:
    """How far a step or module has come."""
    return {"done": _("Done"), "started": _("Started")}.get(state, _("Not started"))


def version_state(state: str) -> str:
    """The state of a course version."""
    words = {"draft": _("Draft"), "published": _("Published"), "superseded": _("Earlier version")}
    return words.get(state, state)


def minutes(count: int) -> str:
    """A length in minutes."""
    return ngettext("%(num)d minute", "%(num)d minutes", count)


def minutes_left(count: int) -> str:
    """What is still to be done of a course."""
    return ngettext("%(num)d minute left", "%(num)d minutes left", count)


def months(count: int | None) -> str:
    """How long something holds."""
    if count is None:
        return _("Without end")
    return ngettext("%(num)d month", "%(num)d months", count)


def language(code: str) -> str:
    """A language by its name in the reader's own; by its code where it has none here."""
    try:
        name = Locale.parse(code, sep="-").get_display_name(flask_babel.get_locale())
    except (UnknownLocaleError, ValueError):
        return code
    return name or code


def day(text: str) -> str:
    """A date written YYYY-MM-DD, in the reader's language."""
    return format_date(date.fromisoformat(text), "d MMMM y") if text else ""


def level_words(level: int | None) -> str:
    """One of the eight levels in words: "Intermediate, level 3"."""
    if level is None or level not in LEVELS:
        return ""
    bands = {
        "basic": _("Basic"),
        "intermediate": _("Intermediate"),
        "advanced": _("Advanced"),
        "highly_advanced": _("Highly advanced"),
    }
    return _("%(band)s, level %(level)s", band=bands[band_of(level)], level=level)


def aim_words(aim: AimRow, title: str) -> str:
    """A competence with its level: "4.1 Protecting devices: intermediate, level 3"."""
    name = f"{aim.code} {title}".strip()
    words = level_words(aim.level)
    return f"{name}: {words}" if words else name


def completion_rule(course: Structure) -> str:
    """What finishing the course takes, in a sentence."""
    lessons = sum(step.kind == "lesson" and step.required for step in course.steps)
    others = sum(step.kind != "lesson" and step.required for step in course.steps)
    read = ngettext("%(num)d lesson", "%(num)d lessons", lessons)
    check = ngettext("%(num)d check", "%(num)d checks", others)
    if lessons and others:
        both = _("You finish the course by going through %(lessons)s and passing %(checks)s.")
        return both % {"lessons": read, "checks": check}
    if others:
        return _("You finish the course by passing %(checks)s.", checks=check)
    return _("You finish the course by going through %(lessons)s.", lessons=read)
