"""The competences that course.yaml names, held against the frameworks that are there."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from courses.formats.issues import Issue
from courses.formats.model import Course
from courses.formats.outline import COURSE_FILE, OBJECTIVE_COMPETENCE, read_outline


def unknown_competences(course: Course, known: Collection[str]) -> list[Issue]:
    """Find the competences of course.yaml that no framework has; where there is no framework nothing is said."""
    named = [one for one in _named(course) if one[2] not in known] if known else []
    if not named:
        return []
    outline, _ = read_outline(course.head)
    codes = ", ".join(known)
    return [
        Issue(
            COURSE_FILE,
            outline.line(what, name) if outline else 0,
            "UNKNOWN_COMPETENCE",
            f"No framework here has a competence “{code[:60]}”; write one of: {codes}.",
        )
        for what, name, code in named
    ]


def _named(course: Course) -> Iterator[tuple[str, str, str]]:
    """Every code of course.yaml, with what stands at its line."""
    for aim in course.competences:
        if aim.code:
            yield "competence", aim.code, aim.code
    for objective in course.objectives:
        if objective.competence:
            yield OBJECTIVE_COMPETENCE, objective.id, objective.competence
