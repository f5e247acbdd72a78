"""A folder of files read as a course: everything that is wrong is said at once, by file and line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from courses.formats.frontmatter import decode
from courses.formats.issues import Issue, has_errors, in_reading_order
from courses.formats.lessons import check_lesson
from courses.formats.media import SIDECAR, read_media
from courses.formats.model import Course, MediaFile, Module, OtherFile, StepFile
from courses.formats.outline import COURSE_FILE, Outline, read_outline
from courses.formats.paths import collision_key, path_fault
from courses.formats.steps import read_step


def read_course(files: Mapping[str, bytes], *, draft: bool = False) -> tuple[Course | None, list[Issue]]:
    """Read a course folder; the course is None exactly when an issue is an error.

    With `draft`, faults in the text of lessons (an open block, a picture not described) only warn.
    """
    issues = _path_issues(files)
    if COURSE_FILE not in files:
        message = "The folder has no course.yaml; add one, or import the folder as plain Markdown."
        return None, [*issues, Issue(COURSE_FILE, 0, "COURSE_YAML_MISSING", message)]
    text, faults = decode(COURSE_FILE, files[COURSE_FILE])
    outline, more = read_outline(text) if text is not None else (None, [])
    issues += faults + more
    if outline is None:
        return None, in_reading_order(issues)
    course = _Folder(files, outline, issues).read()
    issues += _check(course, outline, draft=draft)
    return None if has_errors(issues) else course, in_reading_order(issues)


def _path_issues(paths: Iterable[str]) -> list[Issue]:
    """Refuse names that are unsafe, or that would be one file on some machine."""
    issues: list[Issue] = []
    seen: dict[str, str] = {}
    for path in sorted(paths):
        if fault := path_fault(path):
            shown = path.encode("unicode_escape").decode()[:120]
            issues.append(Issue(shown, 0, "UNSAFE_PATH", f"The file {fault[1]}."))
        elif (key := collision_key(path)) in seen:
            message = f"The name differs from {seen[key]} only in capitals or accents; rename one."
            issues.append(Issue(path, 0, "NAME_COLLISION", message))
        else:
            seen[key] = path
    return issues


class _Folder:
    """The files of one course folder, with account of which of them the course uses."""

    def __init__(self, files: Mapping[str, bytes], outline: Outline, issues: list[Issue]) -> None:
        self.files, self.outline, self.issues = files, outline, issues
        self.used = {COURSE_FILE}
        self.folders: set[str] = set()

    def read(self) -> Course:
        """Read every file that course.yaml names, and keep the others."""
        modules = tuple(self._filled(module) for module in self.outline.course.modules)
        left = sorted(set(self.files) - self.used)
        message = "No part of the course uses this file; it is kept, not shown."
        self.issues += [Issue(path, 0, "FILE_UNUSED", message, "warning") for path in left]
        others = tuple(OtherFile(path, self.files[path]) for path in left)
        return replace(self.outline.course, modules=modules, others=others)

    def _filled(self, module: Module) -> Module:
        folder = f"modules/{module.folder}/"
        if not module.folder or folder in self.folders:
            return module
        self.folders.add(folder)
        if not any(path.startswith(folder) for path in self.files):
            self._missing_folder(module)
            return module
        steps = [self._step(stub) for stub in module.steps]
        paths = sorted(path for path in self.files if path.startswith(folder + "media/"))
        media = [self._media(path) for path in paths if not path.endswith(SIDECAR)]
        return replace(module, steps=tuple(filter(None, steps)), media=tuple(media))

    def _missing_folder(self, module: Module) -> None:
        if module.steps:
            message = f"There is no folder modules/{module.folder}; make it, or correct `folder`."
            line = self.outline.line("folder", module.folder)
            self.issues.append(Issue(COURSE_FILE, line, "FOLDER_MISSING", message))

    def _step(self, stub: StepFile) -> StepFile | None:
        if stub.path not in self.files:
            message = f"There is no file {stub.path}; add it, or take it out of `steps`."
            line = self.outline.line("step", stub.path)
            self.issues.append(Issue(COURSE_FILE, line, "STEP_MISSING", message))
            return None
        self.used.add(stub.path)
        step, faults = read_step(stub.path, self.files[stub.path])
        self.issues += faults
        return step

    def _media(self, path: str) -> MediaFile:
        self.used |= {path, path + SIDECAR} & set(self.files)
        media, faults = read_media(path, self.files)
        self.issues += faults
        return media


def _check(course: Course, outline: Outline, *, draft: bool) -> list[Issue]:
    """Check what no file can know alone: ids used twice, and names that lead nowhere."""
    issues = _repeated(course, outline) + _folders(course, outline) + _references(course, outline)
    for module in course.modules:
        for step in module.steps:
            if step.kind == "lesson" and step.head:
                issues += check_lesson(step, module, draft=draft)
    return issues


def _repeated(course: Course, outline: Outline) -> list[Issue]:
    named: list[tuple[str, str, StepFile | None]] = []
    named += [("module", module.id, None) for module in course.modules]
    named += [("objective", objective.id, None) for objective in course.objectives]
    named += [("competence", aim.code, None) for aim in course.competences]
    named += [("step", step.step_id, step) for step in course.steps()]
    issues: list[Issue] = []
    seen: set[tuple[str, str]] = set()
    for what, name, step in named:
        if name and (what, name) in seen:
            file = step.path if step else COURSE_FILE
            line = _key_line(step, "id") if step else outline.line(what, name)
            message = f"The {what} “{name[:60]}” stands twice in this course; each must have its own id."
            issues.append(Issue(file, line, "DUPLICATE_ID", message))
        seen.add((what, name))
    return issues


def _folders(course: Course, outline: Outline) -> list[Issue]:
    folders = [module.folder for module in course.modules if module.folder]
    twice = {folder for folder in folders if folders.count(folder) > 1}
    message = "Two modules use this folder; give each its own."
    return [Issue(COURSE_FILE, outline.line("folder", name), "FOLDER_DUPLICATE", message) for name in sorted(twice)]


def _references(course: Course, outline: Outline) -> list[Issue]:
    """Find objectives and competences that are named somewhere but not declared in course.yaml."""
    objectives = {objective.id for objective in course.objectives}
    codes = {aim.code for aim in course.competences}
    issues = []
    for objective in course.objectives:
        if objective.competence and objective.competence not in codes:
            line = outline.line("objective", objective.id)
            issues.append(_unknown_competence(COURSE_FILE, line, objective.competence))
    for step in course.steps():
        line = _key_line(step, "objectives")
        for name in (name for name in step.objectives if name not in objectives):
            message = f"The objective “{name[:60]}” is not declared in course.yaml; add it there or correct it here."
            issues.append(Issue(step.path, line, "UNKNOWN_OBJECTIVE", message))
        for code in (code for code in step.competences if code not in codes):
            issues.append(_unknown_competence(step.path, _key_line(step, "competences"), code))
    return issues


def _unknown_competence(file: str, line: int, code: str) -> Issue:
    message = f"The competence “{code[:60]}” is not among the competences of course.yaml."
    return Issue(file, line, "UNKNOWN_COMPETENCE", message, "warning")


def _key_line(step: StepFile, key: str) -> int:
    """Say on which line of a step's front matter a key stands."""
    lines = step.head.split("\n")
    return next((number for number, line in enumerate(lines, start=1) if line.startswith(f"{key}:")), 1)
