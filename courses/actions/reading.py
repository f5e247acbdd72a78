"""A folder read whole: native or plain, with everything that is wrong said in one report."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from courses import kinds
from courses.formats.competences import unknown_competences
from courses.formats.frontmatter import decode
from courses.formats.issues import Issue, Item, Note, Report, Tally, Verdict, has_errors, in_reading_order
from courses.formats.media import SIDECAR
from courses.formats.model import FORMAT, Course, MediaFile, Module
from courses.formats.outline import COURSE_FILE, read_outline
from courses.formats.plain import read_plain
from courses.formats.reader import read_course
from courses.formats.steps import read_step
from courses.formats.writer import write_course

PLAIN_FORMAT = "markdown-folder"
ARCHIVE_FORMAT = "archive"
RESERVED_STEPS = frozenset({"media", "done", "leave"})  # the player has pages of these names
_LONGEST_COURSE_TEXTS = {
    "id": 80,
    "code": 40,
    "title": 200,
    "language": 12,
    "level": 80,
    "audience": 200,
    "licence": 80,
    "attribution": 200,
}
_LONGEST_ID = 80
_LONGEST_TITLE = 200


@dataclass(frozen=True)
class CourseReport(Report):
    """The report of a course folder, with its findings by file and line."""

    issues: tuple[Issue, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether nothing forbids the import."""
        return not has_errors(self.issues)

    def to_json(self) -> dict[str, object]:
        """Give the report in its one shape, with whether the course may come in."""
        return {**super().to_json(), "accepted": self.accepted}


@dataclass(frozen=True, slots=True)
class Reading:
    """A folder as it was understood; `course` and `files` are what a draft is made of, where nothing is wrong.

    `sources` names what was sent; of a plain folder the files are made anew in the native form.
    """

    format: str
    sources: tuple[str, ...]
    course: Course | None
    files: Mapping[str, bytes]
    issues: tuple[Issue, ...]


def read_files(files: Mapping[str, bytes], name: str, competences: Collection[str] = ()) -> Reading:
    """Read a folder with course.yaml as a native course, any other as plain Markdown.

    `competences` are the codes that a course may name; where none is known, no code is questioned.
    """
    if COURSE_FILE in files:
        return _read_native(files, competences)
    sources = tuple(sorted(files))
    course, issues = read_plain(files, name=name)
    if course is None:
        return Reading(PLAIN_FORMAT, sources, None, {}, tuple(issues))
    course = _shortened(course)
    issues += _own_rules(course)
    return Reading(PLAIN_FORMAT, sources, course, write_course(course), tuple(in_reading_order(issues)))


def fingerprint(files: Mapping[str, bytes]) -> str:
    """Give one hash for a whole folder: names and contents, in the order of names."""
    whole = sha256()
    for path in sorted(files):
        whole.update(f"{path}\0{sha256(files[path]).hexdigest()}\n".encode())
    return whole.hexdigest()


def report(reading: Reading, name: str, sha: str, *, unchanged: bool = False) -> CourseReport:
    """Tell of every file what it is; a refused one is itself at fault, and one fault keeps the whole course out."""
    refused = has_errors(reading.issues)
    noted = _notes_by_file(reading.issues)
    ids = {step.path: step.step_id for step in reading.course.steps()} if reading.course else {}
    elsewhere = [issue.file for issue in reading.issues if issue.level == "error"]
    positions = dict.fromkeys((*reading.sources, *elsewhere))
    items = []
    for position in positions:
        notes = noted.get(position, ())
        verdict: Verdict = "unchanged" if unchanged else _verdict(reading.format, notes)
        items.append(Item(position, ids.get(position, ""), verdict, notes))
    return CourseReport(name, reading.format, sha, tuple(items), _ledger(reading, refused), reading.issues)


def report_archive(issues: Iterable[Issue], name: str, sha: str = "") -> CourseReport:
    """Tell why a folder or an archive was not even opened."""
    return report(Reading(ARCHIVE_FORMAT, (), None, {}, tuple(in_reading_order(issues))), name, sha)


def _read_native(files: Mapping[str, bytes], competences: Collection[str]) -> Reading:
    course, issues = read_course(files)
    readable = course or _as_far_as_readable(files)
    if readable is not None:
        issues = [*issues, *_own_rules(readable), *unknown_competences(readable, competences)]
    return Reading(FORMAT, tuple(sorted(files)), course, files, tuple(in_reading_order(issues)))


def _as_far_as_readable(files: Mapping[str, bytes]) -> Course | None:
    """What can be read of a folder with errors, so that its other steps are checked in the same go."""
    text, _ = decode(COURSE_FILE, files[COURSE_FILE])
    outline, _ = read_outline(text) if text is not None else (None, [])
    if outline is None:
        return None
    return replace(outline.course, modules=tuple(_readable(module, files) for module in outline.course.modules))


def _readable(module: Module, files: Mapping[str, bytes]) -> Module:
    found = (read_step(stub.path, files[stub.path])[0] for stub in module.steps if stub.path in files)
    folder = f"modules/{module.folder}/media/"
    media = (MediaFile(path, files[path]) for path in files if path.startswith(folder) and not path.endswith(SIDECAR))
    steps = (step for step in found if step is not None and step.head)
    return replace(module, steps=tuple(steps), media=tuple(media))


def _own_rules(course: Course) -> list[Issue]:
    """What this room and the rooms of other kinds ask of a course beyond its format."""
    return [*kinds.check_steps(course), *_names(course), *_lengths(course)]


def _names(course: Course) -> list[Issue]:
    taken = ", ".join(sorted(RESERVED_STEPS))
    return [
        Issue(step.path, 2, "ID_RESERVED", f"The player uses the names {taken} itself; give this step another id.")
        for step in course.steps()
        if step.step_id in RESERVED_STEPS
    ]


def _lengths(course: Course) -> list[Issue]:
    texts = [(COURSE_FILE, key, getattr(course, key), most) for key, most in _LONGEST_COURSE_TEXTS.items()]
    for module in course.modules:
        texts += [(COURSE_FILE, "id", module.id, _LONGEST_ID), (COURSE_FILE, "title", module.title, _LONGEST_TITLE)]
    for step in course.steps():
        texts += [(step.path, "id", step.step_id, _LONGEST_ID), (step.path, "title", step.title, _LONGEST_TITLE)]
    return [
        Issue(file, 0, "TOO_LONG", f"`{key}` “{text[:40]}…” has {len(text)} characters; write at most {most}.")
        for file, key, text, most in texts
        if len(text) > most
    ]


def _shortened(course: Course) -> Course:
    """Cut the titles that a plain folder gave itself to what a page can hold."""

    def short(text: str, most: int = _LONGEST_TITLE) -> str:
        return text if len(text) <= most else text[: most - 1].rstrip() + "…"

    modules = (
        replace(
            module,
            title=short(module.title),
            steps=tuple(replace(step, title=short(step.title)) for step in module.steps),
        )
        for module in course.modules
    )
    licence = short(course.licence, _LONGEST_COURSE_TEXTS["licence"])
    return replace(course, title=short(course.title), licence=licence, modules=tuple(modules))


def _notes_by_file(issues: Sequence[Issue]) -> dict[str, tuple[Note, ...]]:
    notes: dict[str, tuple[Note, ...]] = {}
    for issue in issues:
        notes[issue.file] = (*notes.get(issue.file, ()), Note(issue.code, issue.message, issue.line, issue.level))
    return notes


def _verdict(format: str, notes: Sequence[Note]) -> Verdict:
    if any(note.level == "error" for note in notes):
        return "refused"
    if any(note.code == "FILE_UNUSED" for note in notes):
        return "kept_as_source"
    return "changed" if notes and format == PLAIN_FORMAT else "whole"


def _ledger(reading: Reading, refused: bool) -> dict[str, Tally]:
    course = reading.course
    if course is None:
        return {}
    counts = {"module": len(course.modules), "media": sum(len(module.media) for module in course.modules)}
    for step in course.steps():
        counts[step.kind] = counts.get(step.kind, 0) + 1
    ledger = {name: Tally(found, stored=0 if refused else found) for name, found in counts.items() if found}
    if course.others:
        ledger["other file"] = Tally(len(course.others), noted=len(course.others))
    return ledger
