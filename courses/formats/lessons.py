"""What is wrong with the text of a lesson, said by line of its file."""

from __future__ import annotations

from courses.formats.issues import Issue, Level
from courses.formats.markdown import render
from courses.formats.model import Module, StepFile
from courses.formats.steps import SOURCE_KEY

WHILE_DRAFTING = frozenset(("UNCLOSED_BLOCK", "NESTED_BLOCK", "STRAY_CLOSE", "BLOCK_ATTRIBUTE", "ALT_MISSING"))


def check_lesson(step: StepFile, module: Module, *, draft: bool = False) -> list[Issue]:
    """Check blocks, pictures and headings; the faults of writing only warn while the course is a draft.

    A lesson that came from a plain folder keeps that lenience, so that it comes in again as it went out.
    """
    lenient = draft or any(extra.key == SOURCE_KEY for extra in step.extras)
    names = {media.name: media for media in module.media}
    page = render(step.body, lambda name: name if name in names else "", media_alt=lambda name: names[name].alt)
    offset = step.head.count("\n")
    issues = []
    for note in page.notes:
        level: Level = "error" if note.code in WHILE_DRAFTING and not lenient else "warning"
        issues.append(Issue(step.path, note.line + offset, note.code, note.message, level))
    if not page.words:
        message = "The lesson has no text yet; write it, or take the step out of course.yaml."
        issues.append(Issue(step.path, offset + 1, "EMPTY_LESSON", message, "warning"))
    return issues
