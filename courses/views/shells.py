"""Pages rendered once per version and language, with gaps for what differs from learner to learner.

A course page shows dozens of steps; only their states change between two learners. So the markup is made once by a
template that writes gaps, and each request fills them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import inf
from secrets import token_hex
from time import monotonic

from flask import render_template
from flask_babel import get_locale
from markupsafe import Markup, escape

from courses.kinds import kinds
from courses.queries import EnrolmentRow, Structure
from courses.rules.progress import step_state, whole_state
from courses.views import words
from lms.skills.queries import competences
from lms.web.icons import icon

MOST_KEPT = 5000
TITLES_MAY_COME = 60.0  # seconds after which a competence without a title is looked up again
# Nobody can guess these, so no text of a course is taken for a gap.
_OPEN, _CLOSE = f"\ue000{token_hex(8)}(", ")\ue000"
_GAP = re.compile(f"{re.escape(_OPEN)}(.*?){re.escape(_CLOSE)}")


@dataclass(frozen=True, slots=True)
class Shell:
    """Markup with gaps: texts at even places, names of gaps at odd ones."""

    parts: tuple[str, ...]
    stale_at: float = inf

    def fill(self, values: Mapping[str, str]) -> Markup:
        """Give the markup with every gap filled; the values are markup."""
        parts = list(self.parts)
        parts[1::2] = [values[name] for name in self.parts[1::2]]
        return Markup("".join(parts))


_kept: dict[tuple[int, str, str, str, str], Shell] = {}


def course_shell(course: Structure, standing: str) -> Shell:
    """The course page for a reader who stands so: "visitor", "newcomer", "active", "completed" or "again"."""
    return _shell(course, "course", standing)


def outline_shell(course: Structure) -> Shell:
    """The outline beside a lesson."""
    return _shell(course, "outline", "")


def gap(name: str) -> str:
    """A gap, as templates write it."""
    return f"{_OPEN}{name}{_CLOSE}"


def step_gaps(course: Structure, taken: EnrolmentRow | None, current: str = "") -> dict[str, str]:
    """What stands in the gaps of steps and modules for a learner, or for somebody who has not begun."""
    done, seen = (taken.done, taken.seen) if taken else (frozenset[str](), frozenset[str]())
    language = str(get_locale())
    values = {"reg": str(taken.registration) if taken else ""}
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


def _shell(course: Structure, name: str, standing: str) -> Shell:
    place = (course.version_id, course.sha256, str(get_locale()), name, standing)
    found = _kept.get(place)
    if found is None or found.stale_at < monotonic():
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        found = _kept[place] = _rendered(course, name, standing)
    return found


def _rendered(course: Structure, name: str, standing: str) -> Shell:
    notes = {key: facts.note for kind in kinds() for key, facts in kind.facts(version_id=course.version_id).items()}
    known = competences()
    titles = {aim.code: known[aim.code].title for aim in course.competences if aim.code in known}
    markup = render_template(
        f"courses/shell/{name}.html",
        course=course,
        standing=standing,
        words=words,
        notes=notes,
        aims=[words.aim_words(aim, titles.get(aim.code, "")) for aim in course.competences],
        gap=gap,
    )
    is_final = len(titles) == len({aim.code for aim in course.competences})
    return Shell(tuple(_GAP.split(markup)), inf if is_final else monotonic() + TITLES_MAY_COME)
