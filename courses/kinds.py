"""What a course step can be: each kind's room implements `StepKind`, and `lms.app` registers it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from courses.formats.issues import Issue
from courses.formats.model import Course, StepFile

LESSON = "lesson"


@dataclass(frozen=True, slots=True)
class StepFacts:
    """What the course page says of a step beside its title: "10 questions, 80 % to pass"."""

    note: str


class StepKind(Protocol):
    """A kind of step other than a lesson, seen from the course it stands in."""

    name: str

    def check(self, step: StepFile, course: Course) -> Sequence[Issue]:
        """Every error in the step's file, by line."""
        ...

    def write(self, *, version_id: int, step: StepFile, course: Course) -> None:
        """Keep the step of a new draft version in the kind's own tables."""
        ...

    def discard(self, *, version_id: int) -> None:
        """Remove what `write` kept, when a draft is discarded."""
        ...

    def url(self, *, registration: UUID, step_key: str) -> str:
        """Where the player sends the learner for this step."""
        ...

    def facts(self, *, version_id: int) -> Mapping[str, StepFacts]:
        """What the course page says of each step of this kind, by step key."""
        ...

    def competences(self, *, version_id: int) -> frozenset[str]:
        """The codes of the competences that the steps of this kind test; none where they do not say."""
        ...

    def preview(self, *, version_id: int, step_key: str) -> str:
        """The step as markup for an author who reads a draft, without answers."""
        ...


_kinds: dict[str, StepKind] = {}


def register(kind: StepKind) -> None:
    """Make a kind known; called by the factory."""
    _kinds[kind.name] = kind


def kind_of(name: str) -> StepKind | None:
    """The kind behind a step's name; None for a lesson and for kinds nobody registered."""
    return _kinds.get(name)


def kinds() -> Sequence[StepKind]:
    """Every kind that is known, in the order in which they were registered."""
    return list(_kinds.values())


def check_steps(course: Course) -> list[Issue]:
    """Every error in the steps that are not lessons; a kind that nobody reads is one."""
    found: list[Issue] = []
    for step in course.steps():
        if step.kind == LESSON:
            continue
        kind = kind_of(step.kind)
        if kind is None:
            known = ", ".join((LESSON, *_kinds))
            message = f"Nobody here reads steps of the kind “{step.kind}”; write one of: {known}."
            found.append(Issue(step.path, 1, "KIND_UNKNOWN", message))
        else:
            found.extend(kind.check(step, course))
    return found
