"""course.yaml: the outline of a course, read key by key and written in one order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from courses.formats.fields import Extra, Fields
from courses.formats.issues import Issue
from courses.formats.model import FORMAT, TOPICS, CompetenceAim, Course, Module, Objective, StepFile
from courses.formats.paths import path_fault
from courses.formats.steps import extra_entries
from courses.formats.yamltext import Listing, Node, Scalar, Table, read_yaml
from courses.formats.yamlwriter import number_node, text_node

COURSE_FILE = "course.yaml"
LONGEST_COURSE = 100_000
OBJECTIVE_COMPETENCE = "competence of an objective"
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass
class Outline:
    """A course as course.yaml tells it: steps are named but not yet read; `lines` says where things stand."""

    course: Course
    lines: dict[tuple[str, str], int] = field(default_factory=dict)

    def line(self, what: str, name: str) -> int:
        """Say on which line of course.yaml something was named."""
        return self.lines.get((what, name), 1)


def read_outline(text: str) -> tuple[Outline | None, list[Issue]]:
    """Read course.yaml; None when it is not YAML or not of this format."""
    table, issues = read_yaml(COURSE_FILE, text)
    if table is None:
        return None, issues
    fields = Fields(COURSE_FILE, table, issues, what="course")
    version = fields.text("format", "error")
    if version != FORMAT:
        if version:
            message = f"The format is “{version[:60]}”; this reader knows `{FORMAT}`."
            fields.found(fields.line_of("format"), "FORMAT_UNKNOWN", message)
        return None, issues
    outline = Outline(Course(id=""))
    outline.course = _course(fields, outline, text)
    return outline, issues


def _course(fields: Fields, outline: Outline, text: str) -> Course:
    return Course(
        id=fields.slug("id", "course"),
        code=fields.text("code", "warning"),
        title=fields.text("title", "error"),
        language=_language(fields),
        licence=fields.text("licence", "warning"),
        attribution=fields.text("attribution"),
        owner=fields.text("owner", "warning"),
        topic=fields.choice("topic", TOPICS, "UNKNOWN_TOPIC", "warning"),
        level=fields.text("level"),
        audience=fields.text("audience"),
        minutes=fields.number("minutes", 1, LONGEST_COURSE, "warning"),
        summary=fields.text("summary", "warning"),
        valid_months=fields.number("valid_months", 1, 1200),
        reviewed=fields.day("reviewed"),
        competences=tuple(_aim(entry, outline) for entry in fields.tables("competences", "competence")),
        objectives=tuple(_objective(entry, outline) for entry in fields.tables("objectives", "objective")),
        modules=tuple(_module(entry, outline) for entry in fields.tables("modules", "module", "error")),
        extras=_noted_extras(fields),
        head=text,
    )


def _language(fields: Fields) -> str:
    language = fields.text("language", "error")
    if language and not _LANGUAGE.fullmatch(language):
        message = f"`language` is “{language[:60]}”; write a code such as en, fr or pt-BR."
        fields.found(fields.line_of("language"), "BAD_LANGUAGE", message)
    return language


def _noted_extras(fields: Fields) -> tuple[Extra, ...]:
    """Keep unknown keys and say so, because a misspelt key looks just like one."""
    extras = fields.extras()
    for extra in extras:
        message = f"`{extra.key}` is not a key of this {fields.what}; it is kept, not used."
        fields.found(fields.line_of(extra.key), "UNKNOWN_KEY", message, "warning")
    return extras


def _aim(fields: Fields, outline: Outline) -> CompetenceAim:
    code = fields.text("code", "error")
    outline.lines["competence", code] = fields.line_of("code")
    return CompetenceAim(code, fields.number("level", 1, 8), _noted_extras(fields))


def _objective(fields: Fields, outline: Outline) -> Objective:
    objective_id = fields.text("id", "error")
    outline.lines["objective", objective_id] = fields.line_of("id")
    outline.lines[OBJECTIVE_COMPETENCE, objective_id] = fields.line_of("competence")
    return Objective(
        objective_id,
        fields.text("text", "error"),
        fields.text("competence"),
        fields.number("level", 1, 8),
        _noted_extras(fields),
    )


def _module(fields: Fields, outline: Outline) -> Module:
    module_id = fields.slug("id", "module")
    outline.lines["module", module_id] = fields.line_of("id")
    title = fields.text("title", "error")
    steps = fields.lined_texts("steps")
    folder = fields.text("folder", "error" if steps else None)
    if folder:
        outline.lines["folder", folder] = fields.line_of("folder")
        _check_name(fields, folder, fields.line_of("folder"))
    stubs = []
    for name, line in steps:
        if folder and _check_name(fields, name, line):
            path = f"modules/{folder}/{name}"
            outline.lines["step", path] = line
            stubs.append(StepFile(path))
    return Module(module_id, title, folder, tuple(stubs), extras=_noted_extras(fields))


def _check_name(fields: Fields, name: str, line: int) -> bool:
    """Refuse a name that leads elsewhere or into a sub-folder."""
    fault = path_fault(name)
    if fault is None and "/" not in name:
        return True
    words = fault[1] if fault else "has a / in it; write the name alone"
    fields.found(line, "UNSAFE_PATH", f"“{name[:60]}” {words}.")
    return False


def course_entries(course: Course) -> list[tuple[str, Node]]:
    """Give course.yaml in its canonical order."""
    entries: list[tuple[str, Node]] = [("format", Scalar(FORMAT))]
    texts = ("id", "code", "title", "language", "licence", "attribution", "owner", "topic", "level", "audience")
    entries += [(key, text_node(value)) for key in texts if (value := getattr(course, key))]
    entries += _optional_number("minutes", course.minutes)
    if course.summary:
        entries.append(("summary", text_node(course.summary)))
    entries += _optional_number("valid_months", course.valid_months)
    if course.reviewed is not None:
        entries.append(("reviewed", Scalar(course.reviewed.isoformat())))
    if course.competences:
        entries.append(("competences", Listing(tuple(_aim_table(aim) for aim in course.competences))))
    if course.objectives:
        entries.append(("objectives", Listing(tuple(_objective_table(one) for one in course.objectives))))
    entries.append(("modules", Listing(tuple(_module_table(module) for module in course.modules))))
    return entries + extra_entries(course.extras)


def _optional_number(key: str, number: int | None) -> list[tuple[str, Node]]:
    return [] if number is None else [(key, number_node(number))]


def _table(entries: list[tuple[str, Node]]) -> Table:
    return Table(tuple((text_node(key), value) for key, value in entries))


def _aim_table(aim: CompetenceAim) -> Table:
    entries: list[tuple[str, Node]] = [("code", Scalar(aim.code, quoted=True))]
    return _table(entries + _optional_number("level", aim.level) + extra_entries(aim.extras))


def _objective_table(objective: Objective) -> Table:
    entries: list[tuple[str, Node]] = [("id", text_node(objective.id)), ("text", text_node(objective.text))]
    if objective.competence:
        entries.append(("competence", Scalar(objective.competence, quoted=True)))
    return _table(entries + _optional_number("level", objective.level) + extra_entries(objective.extras))


def _module_table(module: Module) -> Table:
    entries: list[tuple[str, Node]] = [("id", text_node(module.id)), ("title", text_node(module.title))]
    if module.folder:
        entries.append(("folder", text_node(module.folder)))
    names = Listing(tuple(text_node(step.name) for step in module.steps))
    return _table([*entries, ("steps", names), *extra_entries(module.extras)])
