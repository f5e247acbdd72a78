"""The rows of a draft version: written whole, and removed whole when another takes its place."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from babel import Locale, UnknownLocaleError
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import delete, insert

from courses.formats.markdown import render
from courses.formats.model import Course, Module, StepFile
from courses.kinds import LESSON, kind_of, kinds
from courses.models import CourseFile, CourseModule, CourseStep
from courses.rules.searching import searchable
from lms.kernel.db import db


def version_values(course: Course, sha: str) -> dict[str, Any]:
    """The columns of a version, as its course says them."""
    promises = [one.text for one in course.objectives]
    titles = [title for module in course.modules for title in (module.title, *(s.title for s in module.steps))]
    return {
        "title": course.title,
        "language": course.language,
        "topic": course.topic,
        "level": course.level,
        "audience": course.audience,
        "summary": course.summary,
        "licence": course.licence,
        "attribution": course.attribution,
        "minutes": course.minutes or sum(step.minutes or 0 for step in course.steps()),
        "valid_months": course.valid_months,
        "reviewed": course.reviewed.isoformat() if course.reviewed else "",
        "objectives": [
            {"id": one.id, "text": one.text, "competence": one.competence, "level": one.level}
            for one in course.objectives
        ],
        "competences": [{"code": aim.code, "level": aim.level} for aim in course.competences],
        "search_text": searchable([course.title, course.code, course.summary, *promises, *titles]),
        "sha256": sha,
    }


def write_content(version_id: int, course: Course, files: Mapping[str, bytes]) -> None:
    """Keep modules, steps and files of a version; each kind of step keeps its own."""
    titles = block_titles(course.language)
    position = 0
    for place, module in enumerate(course.modules):
        values = {"version_id": version_id, "position": place, "key": module.id, "title": module.title}
        module_id = db.session.execute(insert(CourseModule).values(**values).returning(CourseModule.id)).scalar_one()
        for step in module.steps:
            row = _step_values(step, module, titles) | {"version_id": version_id, "module_id": module_id}
            db.session.execute(insert(CourseStep).values(position=position, **row))
            position += 1
    rows = [
        {"version_id": version_id, "path": path, "content": content, "sha256": sha256(content).hexdigest()}
        for path, content in files.items()
    ]
    db.session.execute(insert(CourseFile), rows)
    for step in course.steps():
        if step.kind != LESSON and (kind := kind_of(step.kind)):
            kind.write(version_id=version_id, step=step, course=course)


def remove_content(version_id: int) -> None:
    """Remove what `write_content` kept."""
    for kind in kinds():
        kind.discard(version_id=version_id)
    for table in (CourseStep, CourseModule, CourseFile):
        db.session.execute(delete(table).where(table.version_id == version_id))
    db.session.expire_all()


def block_titles(language: str) -> dict[str, str]:
    """The headings of blocks without a title of their own, in the language of the course."""
    with force_locale(_locale(language)):
        return {
            "situation": _("A situation from the office"),
            "example": _("Example"),
            "try": _("Try it now"),
            "remember": _("Remember"),
            "note": _("Note"),
            "warning": _("Take care"),
            "steps": _("Step by step"),
            "more": _("Read more"),
            "details": _("Details"),
            "kept": _("Kept in the file, not shown"),
            "missing": _("Picture missing"),
        }


def _locale(language: str) -> str:
    """A locale that is known; English for a language that has no name here."""
    try:
        return str(Locale.parse(language, sep="-"))
    except (UnknownLocaleError, ValueError):
        return "en"


def _step_values(step: StepFile, module: Module, titles: Mapping[str, str]) -> dict[str, Any]:
    return {
        "key": step.step_id,
        "kind": step.kind,
        "title": step.title,
        "minutes": step.minutes or 0,
        "required": True,
        "path": step.path,
        "html": _html(step, module, titles) if step.kind == LESSON else "",
        "objectives": list(step.objectives),
    }


def _html(step: StepFile, module: Module, titles: Mapping[str, str]) -> str:
    """The lesson as markup; pictures are addressed from the page that shows it, learner's or author's."""

    def address(name: str) -> str:
        media = module.find_media(name)
        return f"media/{quote(media.path)}" if media else ""

    def alt(name: str) -> str:
        media = module.find_media(name)
        return media.alt if media else ""

    return render(step.body, address, titles, alt).html
