"""Pages rendered once per version and language, with gaps for what differs from learner to learner.

A course page shows dozens of steps; only their states change between two learners. So the markup is made once by a
template that writes gaps, and each request fills them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
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

MOST_KEPT = 2000
TITLES_MAY_COME = 60.0  # seconds after which a competence without a title is looked up again
# Nobody can guess these, so no text of a course is taken for a gap.
_OPEN, _CLOSE = f"\ue000{token_hex(8)}(", ")\ue000"
_GAP = re.compile(f"{re.escape(_OPEN)}(.*?){re.escape(_CLOSE)}")
STATES = ("done", "started", "todo")


@dataclass(frozen=True, slots=True)
class Shell:
    """Markup with gaps: texts at even places, names of gaps at odd ones."""

    parts: tuple[str, ...]

    def fill(self, values: Mapping[str, str]) -> Markup:
        """Give the markup with every gap filled."""
        parts = list(self.parts)
        parts[1::2] = [values[name] for name in self.parts[1::2]]
        return Markup("".join(parts))


@dataclass(frozen=True, slots=True)
class CourseShells:
    """The course page of a version: its head, its path of modules without and with links, and its facts."""

    head: Markup
    rule: Markup
    path: Shell
    linked_path: Shell
    facts: Shell
    outline: Shell
    stale_at: float


_kept: dict[tuple[int, str, str], CourseShells] = {}


def gap(name: str) -> str:
    """A gap, as templates write it."""
    return f"{_OPEN}{name}{_CLOSE}"


def shells(course: Structure) -> CourseShells:
    """The shells of a published version in the reader's language, kept by this worker."""
    place = (course.version_id, course.sha256, str(get_locale()))
    found = _kept.get(place)
    if found is None or found.stale_at < monotonic():
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        found = _kept[place] = _rendered(course)
    return found


def step_gaps(course: Structure, taken: EnrolmentRow | None, current: str = "") -> dict[str, str]:
    """What stands in the gaps for a learner, or for somebody who has not begun."""
    done, seen = (taken.done, taken.seen) if taken else (frozenset[str](), frozenset[str]())
    marks, stops = _marks()
    values = {"reg": str(taken.registration) if taken else ""}
    for index, module in enumerate(course.modules):
        states = [step_state(step.key, done, seen) for step in module.steps]
        state = whole_state(states)
        values[f"m:{index}"] = state
        values[f"k:{index}"] = stops[state] or str(index + 1)
        for step, own in zip(module.steps, states, strict=True):
            values[f"s:{step.key}"] = marks[own]
            values[f"c:{step.key}"] = ' aria-current="page"' if step.key == current else ""
    return values


def _marks() -> tuple[dict[str, str], dict[str, str]]:
    """The marks of steps and of modules by state, in the reader's language."""
    language = str(get_locale())
    found = _marks_kept.get(language)
    if found is None:
        found = ({state: _mark(state) for state in STATES}, {state: _stop(state) for state in STATES})
        _marks_kept[language] = found
    return found


_marks_kept: dict[str, tuple[dict[str, str], dict[str, str]]] = {}


def _mark(state: str) -> str:
    tick = icon("tick", 16) if state == "done" else ""
    word = f'<span class="govuk-visually-hidden">{escape(words.state_word(state))}: </span>'
    return f'<span class="cd-outline__state cd-outline__state--{state}">{tick}{word}</span>'


def _stop(state: str) -> str:
    return str(icon("tick", 22)) if state == "done" else ""


def _rendered(course: Structure) -> CourseShells:
    notes = {key: facts.note for kind in kinds() for key, facts in kind.facts(version_id=course.version_id).items()}
    known = competences()
    titles = {aim.code: known[aim.code].title for aim in course.competences if aim.code in known}
    aims = [words.aim_words(aim, titles.get(aim.code, "")) for aim in course.competences]

    def rendered(name: str, **more: object) -> str:
        return render_template(f"courses/shell/{name}.html", course=course, words=words, notes=notes, gap=gap, **more)

    return CourseShells(
        head=Markup(rendered("head")),
        rule=Markup(rendered("rule", rule=words.completion_rule(course), aims=aims)),
        path=_shell(lambda: rendered("path", linked=False)),
        linked_path=_shell(lambda: rendered("path", linked=True)),
        facts=_shell(lambda: rendered("facts")),
        outline=_shell(lambda: rendered("outline")),
        stale_at=inf if len(titles) == len(course.competences) else monotonic() + TITLES_MAY_COME,
    )


def _shell(render: Callable[[], str]) -> Shell:
    return Shell(tuple(_GAP.split(render())))
