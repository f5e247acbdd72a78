"""Verbs of this room: import, publish, discard; enrol, open, finish, leave."""

from courses.actions.enrolments import enrol, finish_step, leave, open_step
from courses.actions.imports import ImportOutcome, check_course, import_course
from courses.actions.publishing import discard, publish
from courses.actions.reading import CourseReport, report_archive

__all__ = [
    "CourseReport",
    "ImportOutcome",
    "check_course",
    "discard",
    "enrol",
    "finish_step",
    "import_course",
    "leave",
    "open_step",
    "publish",
    "report_archive",
]
