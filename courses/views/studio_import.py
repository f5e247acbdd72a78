"""Bringing a course into the studio, as a ZIP or a folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from courses import actions, queries
from courses.actions import ImportOutcome
from courses.formats.archive import ArchiveRefused, check_names, name_of_zip, read_named_zip, without_top_folder
from courses.formats.issues import Issue
from courses.forms import ImportForm
from courses.policy import AUTHOR
from courses.views.room import blueprint
from lms.kernel.errors import Refused
from lms.web.guards import allowed, current_actor


@dataclass(frozen=True, slots=True)
class Upload:
    """What was sent: its name, and files by path with the name of their folder, or why they were not accepted."""

    name: str
    folder: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()


@blueprint.get("/studio/import")
@allowed(AUTHOR, scope="agency")
def studio_import() -> ResponseReturnValue:
    """Choose a course to bring in."""
    return _asked(_form())


@blueprint.post("/studio/import")
@allowed(AUTHOR, scope="agency")
def bring_in() -> ResponseReturnValue:
    """Import what was sent: a draft, or a report of everything that is wrong."""
    form = _form()
    upload = _upload(form) if form.validate_on_submit() else None
    if upload is None:
        return _asked(form), 422
    if upload.issues:
        return _told(upload.name, upload.issues, 0)
    try:
        actor, owner = current_actor(), form.owner.data or None
        outcome = actions.import_course(actor=actor, files=upload.files, name=upload.folder, owner=owner)
    except Refused as refused:
        form.archive.errors = [refused.detail]
        return _asked(form), 422
    return _led_on(upload, outcome)


def _led_on(upload: Upload, outcome: ImportOutcome) -> ResponseReturnValue:
    if outcome.version_id is None:
        return _told(upload.name, outcome.report.issues, len(upload.files))
    if outcome.report.count("unchanged"):
        flash(_("These are the same files as before, so nothing was changed."), "message")
    else:
        flash(_("The course is in the studio as a draft. Learners see nothing of it until you publish it."), "success")
    return redirect(url_for("courses.studio_version", version_id=outcome.version_id), 303)


def _form() -> ImportForm:
    form = ImportForm()
    choices = [("", _("As course.yaml says"))]
    form.owner.choices = choices + [(row.code, row.name) for row in queries.owners(current_actor(), AUTHOR)]
    return form


def _asked(form: ImportForm) -> str:
    return render_template("courses/import.html", form=form, page_errors=form.errors)


def _told(name: str, issues: tuple[Issue, ...], count: int) -> ResponseReturnValue:
    errors = [issue for issue in issues if issue.level == "error"]
    notes = [issue for issue in issues if issue.level != "error"]
    return render_template("courses/report.html", name=name, errors=errors, notes=notes, count=count), 422


def _upload(form: ImportForm) -> Upload | None:
    """What the form sent; None, with an error in the form, when it sent nothing."""
    archive: FileStorage | None = form.archive.data
    folder = [file for file in form.folder.data or [] if isinstance(file, FileStorage) and file.filename]
    if archive is not None and archive.filename:
        return _unpacked(archive)
    if folder:
        return _folder(folder)
    form.archive.errors = [_("Choose a ZIP file, or a folder.")]
    return None


def _unpacked(archive: FileStorage) -> Upload:
    sent = archive.filename or ""
    name = name_of_zip(sent)[:80]
    try:
        return Upload(name, *read_named_zip(archive.read(), sent))
    except ArchiveRefused as refused:
        return Upload(name, issues=refused.issues)


def _folder(sent: list[FileStorage]) -> Upload:
    """A folder as browsers send it: each file under its path from the chosen folder."""
    paths = [file.filename or "" for file in sent]
    folder = paths[0].partition("/")[0] or "course"
    issues = check_names(paths)
    if issues:
        return Upload(folder[:80], issues=tuple(issues))
    files = {path: file.read() for path, file in zip(paths, sent, strict=True)}
    return Upload(folder[:80], folder, without_top_folder(files))
