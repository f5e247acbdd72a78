"""Reads of this room: what is published for everyone, what is taken by its learner, what is drafted by reach."""

from courses.queries.earning import earned
from courses.queries.enrolling import EnrolmentRow, enrolment, my_enrolments
from courses.queries.files import export_files, media, version_notes
from courses.queries.finding import Catalogue, CourseCard, Wish, band, catalogue
from courses.queries.playing import StepPage, step_page
from courses.queries.published import published_structure, published_structures
from courses.queries.reading import CoursePage, course_page
from courses.queries.scope import owners
from courses.queries.studio import (
    StudioCourse,
    StudioPage,
    VersionLine,
    VersionPage,
    step_html,
    studio_courses,
    version_page,
    versions_of,
)
from courses.queries.versions import (
    AimRow,
    ModuleRow,
    ObjectiveRow,
    StepRow,
    Structure,
    structure,
    structure_of,
)

__all__ = [
    "AimRow",
    "Catalogue",
    "CourseCard",
    "CoursePage",
    "EnrolmentRow",
    "ModuleRow",
    "ObjectiveRow",
    "StepPage",
    "StepRow",
    "Structure",
    "StudioCourse",
    "StudioPage",
    "VersionLine",
    "VersionPage",
    "Wish",
    "band",
    "catalogue",
    "course_page",
    "earned",
    "enrolment",
    "export_files",
    "media",
    "my_enrolments",
    "owners",
    "published_structure",
    "published_structures",
    "step_html",
    "step_page",
    "structure",
    "structure_of",
    "studio_courses",
    "version_notes",
    "version_page",
    "versions_of",
]
