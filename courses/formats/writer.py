"""A course written as files: what did not change stays as it was, to the byte."""

from __future__ import annotations

from dataclasses import replace

from courses.formats.frontmatter import changed_yaml
from courses.formats.media import write_media
from courses.formats.model import Course
from courses.formats.outline import COURSE_FILE, course_entries, read_outline
from courses.formats.steps import write_step
from courses.formats.yamlwriter import write_yaml


def write_course(course: Course) -> dict[str, bytes]:
    """Write all files of a course, by path."""
    files = {COURSE_FILE: _outline_text(course).encode("utf-8")}
    for module in course.modules:
        files |= {step.path: write_step(step) for step in module.steps}
        for media in module.media:
            files |= write_media(media)
    return files | {other.path: other.content for other in course.others}


def _outline_text(course: Course) -> str:
    after = course_entries(course)
    outline = read_outline(course.head)[0] if course.head else None
    if outline is None:
        return write_yaml(after)
    return changed_yaml(course.head, course_entries(outline.course), after)


def in_canonical_form(course: Course) -> Course:
    """Forget how settings and front matter stood in their files, so that all is written the one canonical way."""
    modules = tuple(
        replace(
            module,
            steps=tuple(replace(step, head="") for step in module.steps),
            media=tuple(replace(media, head="") for media in module.media),
        )
        for module in course.modules
    )
    return replace(course, head="", modules=modules)
