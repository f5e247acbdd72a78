"""Course files: the native text course, plain folders of Markdown, archives, and lessons as pages.

Things to remember: nothing here knows Flask or the database; bad input gives issues by file and line and never an
exception (archives raise `ArchiveRefused`, which carries them); what nobody changed is written back to the byte.
"""

from __future__ import annotations

from courses.formats.account import PLAIN_FORMAT, fingerprint, report_course
from courses.formats.archive import LIMITS, ArchiveRefused, Limits, read_folder, read_zip, write_zip
from courses.formats.blocks import BLOCK_NAMES, BLOCK_TITLES
from courses.formats.fields import Extra
from courses.formats.issues import Issue, Item, Note, Report, Tally, has_errors
from courses.formats.lessons import check_lesson
from courses.formats.markdown import Rendered, render, render_inline
from courses.formats.model import (
    FORMAT,
    TOPICS,
    CompetenceAim,
    Course,
    MediaFile,
    Module,
    Objective,
    OtherFile,
    StepFile,
)
from courses.formats.paths import is_slug, slug
from courses.formats.plain import read_plain
from courses.formats.reader import read_course
from courses.formats.sections import Heading
from courses.formats.steps import make_extra, read_step, write_step
from courses.formats.writer import in_canonical_form, write_course

__all__ = [
    "BLOCK_NAMES",
    "BLOCK_TITLES",
    "FORMAT",
    "LIMITS",
    "PLAIN_FORMAT",
    "TOPICS",
    "ArchiveRefused",
    "CompetenceAim",
    "Course",
    "Extra",
    "Heading",
    "Issue",
    "Item",
    "Limits",
    "MediaFile",
    "Module",
    "Note",
    "Objective",
    "OtherFile",
    "Rendered",
    "Report",
    "StepFile",
    "Tally",
    "check_lesson",
    "fingerprint",
    "has_errors",
    "in_canonical_form",
    "is_slug",
    "make_extra",
    "read_course",
    "read_folder",
    "read_plain",
    "read_step",
    "read_zip",
    "render",
    "render_inline",
    "report_course",
    "slug",
    "write_course",
    "write_step",
    "write_zip",
]
