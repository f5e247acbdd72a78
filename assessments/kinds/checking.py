"""What forbids a quiz to enter a course: its own faults, names that lead nowhere, and what nobody could mark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from assessments.formats import Question, Quiz, check_course_questions, check_references, read_quiz
from assessments.rules.kinds import KINDS
from courses.formats.issues import Issue
from courses.formats.model import Course, Module, StepFile
from courses.formats.steps import write_step

QUIZ = "quiz"
LONGEST_KEY, LONGEST_CODE, LONGEST_POINTS = 80, 12, 12
WHOLE = 100


def check(step: StepFile, course: Course) -> Sequence[Issue]:
    """Every finding in one quiz file of a course."""
    quiz, issues = parsed(step)
    if quiz is None:
        return issues
    module = next((module for module in course.modules if step in module.steps), None)
    objectives = {objective.id for objective in course.objectives}
    competences = {aim.code for aim in course.competences}
    return [
        *issues,
        *check_references(step.path, quiz, objectives, competences, lambda name: _has_media(module, name)),
        *_repeated(step, course),
        *(issue for question in quiz.questions for issue in _not_for_marking(step.path, question)),
        *_too_long(step.path, quiz),
    ]


def parsed(step: StepFile) -> tuple[Quiz | None, list[Issue]]:
    """The quiz that a step's file holds; None where it has errors."""
    quiz, issues = _parsed(step.path, write_step(step))
    return quiz, list(issues)


@lru_cache(maxsize=64)
def _parsed(path: str, raw: bytes) -> tuple[Quiz | None, tuple[Issue, ...]]:
    quiz, issues = read_quiz(path, raw)
    return quiz, tuple(issues)


def _has_media(module: Module | None, name: str) -> bool:
    return module is not None and module.find_media(name) is not None


def _repeated(step: StepFile, course: Course) -> list[Issue]:
    """Question ids that another quiz of the course had before; each is said at its own file only."""
    quizzes = {one.path: parsed(one)[0] for one in course.steps() if one.kind == QUIZ}
    found = check_course_questions({path: quiz for path, quiz in quizzes.items() if quiz is not None})
    return [issue for issue in found if issue.file == step.path]


def _not_for_marking(path: str, question: Question) -> Iterator[Issue]:
    if question.kind not in KINDS:
        message = f"Nobody here can mark a .{question.kind} question; move it to a lesson, or choose another kind."
        yield Issue(path, question.line, "KIND_NOT_MARKED", message)
    weighted = [(one.line, one.weight) for one in question.accepted]
    weighted += [(one.line, one.weight) for one in question.ranges]
    for line, weight in weighted:
        if weight is not None and weight != WHOLE:
            message = f"An accepted answer earns the whole mark here; take {{weight={weight:f}}} away."
            yield Issue(path, line, "WEIGHT_NOT_MARKED", message)


def _too_long(path: str, quiz: Quiz) -> Iterator[Issue]:
    for question in quiz.questions:
        texts = (
            ("id", question.id, LONGEST_KEY),
            ("competence", question.competence, LONGEST_CODE),
            ("objective", question.objective, LONGEST_CODE),
            ("points", f"{question.points:f}", LONGEST_POINTS),
        )
        for name, text, most in texts:
            if len(text) > most:
                message = f"The {name} “{text[:40]}” has {len(text)} characters; write at most {most}."
                yield Issue(path, question.line, "TOO_LONG", message)
