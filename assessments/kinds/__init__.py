"""The quiz as a kind of course step (`courses.kinds.StepKind`).

`reading` and `checking` know no key; `writing` alone puts keys where marking finds them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask import url_for

from assessments.kinds import checking, reading, writing
from courses.formats.issues import Issue
from courses.formats.model import Course, StepFile
from courses.kinds import StepFacts


class QuizKind:
    """Checks, keeps, shows and links quizzes for the courses they stand in."""

    name = "quiz"

    def check(self, step: StepFile, course: Course) -> Sequence[Issue]:
        """Every error in the quiz file, by line."""
        return checking.check(step, course)

    def write(self, *, version_id: int, step: StepFile, course: Course) -> None:
        """Keep the quiz, its questions and, apart from them, their keys."""
        writing.write(version_id=version_id, step=step, course=course)

    def discard(self, *, version_id: int) -> None:
        """Remove the quizzes of a draft."""
        writing.discard(version_id=version_id)

    def url(self, *, registration: UUID, step_key: str) -> str:
        """The start page of the quiz within an enrolment."""
        return url_for("assessments.quiz", registration=registration, step_key=step_key)

    def facts(self, *, version_id: int) -> Mapping[str, StepFacts]:
        """“10 questions, 80% to pass”, by step."""
        return reading.facts(version_id)

    def competences(self, *, version_id: int) -> frozenset[str]:
        """The competences that questions of the version's quizzes ask about."""
        return reading.competences(version_id)

    def preview(self, *, version_id: int, step_key: str) -> str:
        """The questions as an author reads them in a draft, without answers."""
        return reading.preview(version_id, step_key)
