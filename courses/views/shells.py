"""Course pages and outlines, made once per version and language, and once more for all who have come as far."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from math import inf
from time import monotonic
from typing import Any

from markupsafe import escape

from courses.kinds import kinds
from courses.queries import EnrolmentRow, Structure
from courses.rules.progress import step_state, whole_state
from courses.views import words
from lms.kernel.actor import Actor
from lms.skills.queries import CompetenceRow, competences
from lms.web import shells
from lms.web.icons import icon
from lms.web.shells import Shell

MOST_KEPT = 500
MOST_PLACES = 200
TITLES_MAY_COME = 60.0  # seconds after which a competence without a title is looked up again
Place = tuple[object, ...]

_kept: dict[Place, tuple[Shell, float]] = {}
_come_so_far: dict[Place, Shell] = {}


def course_shell(actor: Actor, course: Structure, standing: str) -> Shell:
    """The course page for a reader who stands so: "visitor", "newcomer", "active", "completed" or "again"."""
    make = partial(shells.whole, "courses/course.html", title=course.title, standing=standing)
    return _shell(course, ("course", standing, frozenset(actor.powers)), make)


def outline_shell(course: Structure) -> Shell:
    """The outline beside a lesson."""
    return _shell(course, ("outline",), partial(shells.piece, "courses/shell/outline.html"))


def at_progress(shell: Shell, course: Structure, taken: EnrolmentRow | None, current: str = "") -> Shell:
    """The same for everybody who has come as far: only what is a reader's own is still open."""
    place = (shell, current, *((taken.done, taken.seen, taken.last_step_key) if taken else ()))
    found = _come_so_far.get(place)
    if found is None:
        if len(_come_so_far) >= MOST_PLACES:
            _come_so_far.clear()
        found = _come_so_far[place] = shell.partly({**_step_gaps(course, taken, current), **_progress_gaps(taken)})
    return found


def _progress_gaps(taken: EnrolmentRow | None) -> dict[str, str]:
    """How far a learner is, and where to go on."""
    if taken is None:
        return {}
    return {
        "go_on": taken.next_key or taken.structure.keys[0],
        "percent": str(taken.percent if taken.is_active else 100),
        "left": str(escape(words.minutes_left(taken.minutes_left))),
    }


def _step_gaps(course: Structure, taken: EnrolmentRow | None, current: str) -> dict[str, str]:
    """What stands in the gaps of steps and modules for a learner, or for somebody who has not begun."""
    done, seen = (taken.done, taken.seen) if taken else (frozenset[str](), frozenset[str]())
    language, values = shells.language(), dict[str, str]()
    for index, module in enumerate(course.modules):
        states = [step_state(step.key, done, seen) for step in module.steps]
        state = whole_state(states)
        values[f"m:{index}"] = state
        values[f"k:{index}"] = _finished_mark() if state == "done" else str(index + 1)
        for step, own in zip(module.steps, states, strict=True):
            values[f"s:{step.key}"] = _mark(own, language)
            values[f"c:{step.key}"] = ""
    if current:
        values[f"c:{current}"] = ' aria-current="page"'
    return values


@lru_cache(maxsize=256)
def _mark(state: str, language: str) -> str:
    """The mark of a step, in a language."""
    tick = icon("tick", 16) if state == "done" else ""
    word = f'<span class="govuk-visually-hidden">{escape(words.state_word(state))}: </span>'
    return f'<span class="cd-outline__state cd-outline__state--{state}">{tick}{word}</span>'


@lru_cache(maxsize=1)
def _finished_mark() -> str:
    return str(icon("tick", 22))


def _shell(course: Structure, place: Place, make: Callable[..., Shell]) -> Shell:
    place = (course.version_id, course.sha256, shells.language(), *place)
    found = _kept.get(place)
    if found is None or found[1] < monotonic():
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        known = competences()
        found = _kept[place] = make(**_shown(course, known)), _stale_at(course, known)
    return found[0]


def _shown(course: Structure, known: Mapping[str, CompetenceRow]) -> dict[str, Any]:
    """What the templates of a course read."""
    notes = {key: facts.note for kind in kinds() for key, facts in kind.facts(version_id=course.version_id).items()}
    titles = {code: row.title for code, row in known.items()}
    aims = [words.aim_words(aim, titles.get(aim.code, "")) for aim in course.competences]
    return {"course": course, "words": words, "notes": notes, "aims": aims}


def _stale_at(course: Structure, known: Mapping[str, CompetenceRow]) -> float:
    return inf if all(aim.code in known for aim in course.competences) else monotonic() + TITLES_MAY_COME
