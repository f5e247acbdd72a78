"""A plain folder of Markdown as a draft course: nothing is refused, and what could not be kept whole is noted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from courses.formats.fields import Extra
from courses.formats.frontmatter import split_text
from courses.formats.issues import Issue, in_reading_order
from courses.formats.lessons import check_lesson
from courses.formats.markdown import render
from courses.formats.model import Course, Module, OtherFile, StepFile
from courses.formats.paths import path_fault, slug
from courses.formats.plainmedia import Shelf
from courses.formats.plainorder import Source, grouped, lesson_paths, licence_line, shared_folder
from courses.formats.steps import SOURCE_KEY, make_extra
from courses.formats.yamltext import Scalar

WORDS_A_MINUTE = 200
_FIRST_HEADING = re.compile(r"(?:[ \t]*\r?\n)*(?: {0,3}#[ \t]+([^\r\n]*?)(?:[ \t]+#+)?[ \t]*(?:\r?\n|$))")
_UNDERLINED = re.compile(r"(?:[ \t]*\r?\n)*([^\s#>\-`|][^\r\n]*)\r?\n {0,3}=+[ \t]*(?:\r?\n|$)")
_SHORTCODE = re.compile(r"\{\{[<%]\s*param\s+(\w+)\s*[%>]\}\}")
_KNOWN_KEYS = (SOURCE_KEY, "id", "kind", "title", "minutes", "objectives", "competences")


@dataclass(frozen=True)
class _Text:
    """A Markdown file taken apart: the title it gives itself, its body without that, and its other keys."""

    title: str
    body: str
    extras: tuple[Extra, ...]
    issues: tuple[Issue, ...]


def read_plain(
    files: Mapping[str, bytes], *, name: str = "course", title: str = ""
) -> tuple[Course | None, list[Issue]]:
    """Make a draft course of a folder of Markdown files; None only when there is none in it."""
    paths = lesson_paths(files)
    if not paths:
        message = "The folder has no course.yaml and no Markdown file (.md), so there is nothing to import."
        return None, [Issue(name, 0, "NO_LESSONS", message)]
    shelf = Shelf(files)
    course_id = slug(name) or "course"
    groups = grouped(paths)
    issues: list[Issue] = []
    modules = [_module(number, sources, shelf, issues) for number, sources in enumerate(groups, 1)]
    course = Course(
        id=course_id,
        code=course_id.upper(),
        title=title or _course_title(files, paths, name),
        licence=licence_line(files),
        minutes=max(1, sum(step.minutes or 0 for module in modules for step in module.steps)),
        modules=tuple(modules),
        others=_others(files, {*paths, *shelf.used}, issues),
    )
    return course, in_reading_order(issues)


def _course_title(files: Mapping[str, bytes], paths: list[str], name: str) -> str:
    """Take the title of the folder's own first page, or else make one of the folder's name."""
    top = shared_folder(paths)
    fronts = [path for path in paths if path.removeprefix(top).lower() in ("readme.md", "index.md", "_index.md")]
    titles = (_taken_apart(path, files[path]).title for path in fronts)
    return next(filter(None, titles), "") or " ".join(re.split(r"[\s_-]+", name)).strip().capitalize() or "Course"


def _module(number: int, sources: list[Source], shelf: Shelf, issues: list[Issue]) -> Module:
    title = sources[0].module_title(_taken_apart(sources[0].path, shelf.files[sources[0].path]).title, number)
    target = f"{number * 10:02d}-{slug(title) or 'module'}"
    steps = [_step(source, f"modules/{target}", shelf, issues) for source in sources]
    module = Module(sources[0].module_id, title, target, tuple(steps), shelf.media_of(f"modules/{target}"))
    for step, source in zip(module.steps, sources, strict=True):
        above = _decoded(source.path, shelf.files[source.path])[0].count("\n") - step.body.count("\n")
        for issue in check_lesson(step, module, draft=True):
            issues.append(replace(issue, file=source.path, line=issue.line + above))
    return module


def _step(source: Source, folder: str, shelf: Shelf, issues: list[Issue]) -> StepFile:
    text = _taken_apart(source.path, shelf.files[source.path])
    issues += text.issues
    body = shelf.settled(text.body, source.path, folder)
    words = render(body, lambda name: name).words
    return StepFile(
        path=f"{folder}/{source.step_id}.md",
        step_id=source.step_id,
        title=text.title or _title_of(source.path),
        minutes=max(1, round(words / WORDS_A_MINUTE)),
        body=body,
        extras=(make_extra(SOURCE_KEY, source.path), *text.extras),
    )


def _decoded(path: str, raw: bytes) -> tuple[str, list[Issue]]:
    """Read UTF-8, or else the old Windows letters, and say so."""
    issues = []
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
        issues.append(_note(path, 1, "ENCODING_GUESSED", "The text is not UTF-8; it was read as Windows-1252."))
    if "\0" in text:
        issues.append(_note(path, 1, "STRAY_MARKUP", "NUL characters were taken out."))
    return text.replace("\0", ""), issues


def _note(path: str, line: int, code: str, message: str) -> Issue:
    return Issue(path, line, code, message, "warning")


def _taken_apart(path: str, raw: bytes) -> _Text:
    text, issues = _decoded(path, raw)
    sheet, faults = split_text(path, text)
    unread = bool(faults) or sheet.settings is None
    body = text if unread else sheet.body
    for fault in faults:
        issues.append(_note(path, fault.line, "STRAY_MARKUP", f"Front matter kept as text: {fault.message}"))
    keys = () if unread or sheet.settings is None else sheet.settings.entries
    named = next((value.text for key, value in keys if key.text == "title" and isinstance(value, Scalar)), "")
    title, body = _titled(named.strip(), body)
    extras = tuple(Extra(_safe_key(key.text), value) for key, value in keys if key.text not in ("title", ""))
    return _Text(title, body, extras, tuple(issues))


def _safe_key(key: str) -> str:
    """Keep a foreign key apart from the keys that have a meaning here."""
    return f"source-{key}" if key in _KNOWN_KEYS else key


def _titled(named: str, body: str) -> tuple[str, str]:
    """Find the title and take its heading out of the body, because the page shows the title itself."""
    found = _FIRST_HEADING.match(body) or _UNDERLINED.match(body)
    if not found:
        return named, body
    heading = _plain_words(_SHORTCODE.sub(lambda code: named if code[1] == "title" else code[0], found[1]))
    if named and heading and heading != named:
        return named, body
    rest = body[found.end() :]
    return named or heading, re.sub(r"\A(?:[ \t]*\r?\n)+", "", rest)


def _plain_words(markdown: str) -> str:
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    return " ".join(re.sub(r"[*`]|<[^>]*>|\{#[^}]*\}", "", text).split())


def _title_of(path: str) -> str:
    stem = path.rpartition("/")[2].rpartition(".")[0]
    if stem.lower() in ("readme", "index", "_index"):
        stem = path.rpartition("/")[0].rpartition("/")[2] or "Introduction"
    words = re.sub(r"^[\d.]+[\s._-]+", "", stem)
    return " ".join(re.split(r"[\s_-]+", words or stem)).strip().capitalize() or "Lesson"


def _others(files: Mapping[str, bytes], used: set[str], issues: list[Issue]) -> tuple[OtherFile, ...]:
    """Keep what is no lesson, and say so."""
    left = sorted(set(files) - used)
    issues += (_note(path, 0, "FILE_UNUSED", "This file is no lesson; it is kept, not shown.") for path in left)
    return tuple(OtherFile(_kept_path(path), files[path]) for path in left)


def _kept_path(path: str) -> str:
    """Find a place for a kept file, also for one that lay too deep."""
    kept = f"source/{path}"
    mark = sha256(path.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"source/{mark}" if path_fault(kept) else kept
