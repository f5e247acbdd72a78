"""Native text courses: the same checks that the browser shows."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import click

from courses import actions, queries
from courses.formats import archive
from lms.cli.output import Answer, command
from lms.kernel.actor import SYSTEM
from lms.kernel.errors import Refused

Folder = click.Path(exists=True, path_type=Path)


@click.group()
def courses() -> None:
    """Native text courses."""


@courses.command("check")
@click.argument("folder", type=Folder)
@command(commits=False)
def check(folder: Path) -> Answer:
    """Name every error of a course folder or ZIP, by file and line."""
    try:
        name, files = _named_files(folder)
        report = actions.check_course(files=files, name=name)
    except archive.ArchiveRefused as refused:
        report = _not_opened(folder, refused)
    return _answer(replace(report, file=folder.name), "Nothing forbids the import")


@courses.command("import")
@click.argument("folder", type=Folder)
@click.option("--owner", help="The code of the agency that owns it; the course says so itself when left out.")
@click.option("--publish", is_flag=True, help="Publish the draft at once.")
@command()
def import_(folder: Path, owner: str | None, publish: bool) -> Answer:
    """Bring a course folder or ZIP in as a draft."""
    try:
        name, files = _named_files(folder)
        outcome = actions.import_course(actor=SYSTEM, files=files, name=name, owner=owner)
    except archive.ArchiveRefused as refused:
        outcome = actions.ImportOutcome(_not_opened(folder, refused), None, None)
    if publish and outcome.version_id is not None:
        actions.publish(actor=SYSTEM, version_id=outcome.version_id, note="")
    deed = "Unchanged" if outcome.report.count("unchanged") else "Imported"
    accepted = f"{deed}: course {outcome.slug}, version {outcome.version_id}"
    return _answer(replace(outcome.report, file=folder.name), accepted, version=outcome.version_id, course=outcome.slug)


@courses.command("export")
@click.argument("course")
@click.argument("folder", type=click.Path(path_type=Path))
@command(commits=False)
def export(course: str, folder: Path) -> Answer:
    """Write a course's published version as a folder, byte for byte as it came."""
    files = queries.export_files(course)
    if folder.exists() and any(folder.iterdir()):
        raise Refused(f"{folder} is not empty: name a new folder, so that nothing of yours is overwritten.")
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return Answer(course=course, files=len(files), folder=str(folder))


def _answer(report: actions.CourseReport, accepted: str, **more: Any) -> Answer:
    """A report for programs, and for people one problem a line, errors first, with the sum beneath."""
    content = {**report.to_json(), **more}
    answer = Answer(content) if report.accepted else Answer.refusing(content)
    errors = [issue for issue in report.issues if issue.level == "error"]
    warnings = [issue for issue in report.issues if issue.level != "error"]
    verdict = accepted if report.accepted else "Refused, nothing was written"
    answer.told = (
        *(f"{issue.place} {issue.code} {issue.message}" for issue in (*errors, *warnings)),
        f"{verdict}. Files: {len(report.items)}; errors: {len(errors)}; warnings: {len(warnings)}.",
    )
    return answer


def _not_opened(path: Path, refused: archive.ArchiveRefused) -> actions.CourseReport:
    sha = sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    return actions.report_archive(refused.issues, path.name, sha)


def _named_files(path: Path) -> tuple[str, dict[str, bytes]]:
    """The files with the name of their folder, which is not always that of the ZIP they come in."""
    if path.is_file():
        return archive.read_named_zip(path.read_bytes(), path.name)
    return path.name, archive.read_folder(path)
