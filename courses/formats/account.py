"""The import of a course folder told item by item, in the one shape of import reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256

from courses.formats.issues import Issue, Item, Note, Report, Tally, Verdict
from courses.formats.model import FORMAT, Course, StepFile
from courses.formats.steps import SOURCE_KEY

PLAIN_FORMAT = "markdown-folder"
_CHANGING = ("ENCODING_GUESSED", "ID_CHANGED")


def fingerprint(files: Mapping[str, bytes]) -> str:
    """Give one SHA-256 of a set of files: of their names, sizes and bytes in the order of the names."""
    total = sha256()
    for path in sorted(files):
        total.update(f"{path}\0{len(files[path])}\0".encode())
        total.update(files[path])
    return total.hexdigest()


def report_course(
    file: str,
    files: Mapping[str, bytes],
    course: Course | None,
    issues: Iterable[Issue],
    *,
    format_name: str = FORMAT,
    unchanged: bool = False,
) -> Report:
    """Report on every file found: whole, changed, kept as source, or refused."""
    notes: dict[str, list[Issue]] = {path: [] for path in sorted(files)}
    for issue in issues:
        notes.setdefault(issue.file, []).append(issue)
    ids = {_source(step): step.step_id for step in course.steps()} if course else {}
    items = [
        Item(
            _position(path, found),
            ids.get(path, ""),
            _verdict(path, found, course, unchanged=unchanged),
            tuple(Note(one.code, one.message, one.line, one.level) for one in found),
        )
        for path, found in notes.items()
    ]
    return Report(file, format_name, fingerprint(files), tuple(items), _ledger(course, items))


def _source(step: StepFile) -> str:
    """Say which file a step was read from."""
    return next((extra.text for extra in step.extras if extra.key == SOURCE_KEY and extra.text), step.path)


def _position(path: str, found: list[Issue]) -> str:
    line = next((issue.line for issue in found if issue.line), 0)
    return f"{path}:{line}" if line else path


def _verdict(path: str, found: list[Issue], course: Course | None, *, unchanged: bool) -> Verdict:
    codes = {issue.code for issue in found}
    if course is None:
        return "refused" if any(issue.level == "error" for issue in found) else "kept_as_source"
    if "FILE_UNUSED" in codes:
        return "kept_as_source"
    if unchanged:
        return "unchanged"
    return "changed" if codes & set(_CHANGING) else "whole"


def _ledger(course: Course | None, items: Iterable[Item]) -> dict[str, Tally]:
    """Account for every feature: what was found, stored, only noted, or left out."""
    ledger: dict[str, Tally] = {}
    if course is not None:
        lessons = sum(step.kind == "lesson" for step in course.steps())
        steps = sum(1 for _ in course.steps())
        media = sum(len(module.media) for module in course.modules)
        extras = len(course.extras) + sum(len(step.extras) for step in course.steps() if step.kind == "lesson")
        found = {"modules": len(course.modules), "lessons": lessons, "other_steps": steps - lessons, "media": media}
        ledger = {name: Tally(found=count, stored=count) for name, count in found.items()}
        ledger["unknown_keys"] = Tally(found=extras, stored=extras, noted=extras)
        others = len(course.others)
        ledger["other_files"] = Tally(found=others, stored=others, noted=others)
    for code in sorted({note.code for item in items for note in item.notes}):
        count = sum(note.code == code for item in items for note in item.notes)
        ledger[code.lower()] = Tally(found=count, noted=count)
    return ledger
