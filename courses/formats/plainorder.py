"""Which files of a plain folder are lessons, in which order, and to which module each belongs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from courses.formats.frontmatter import split_text
from courses.formats.paths import slug

_ENDINGS = (".md", ".markdown")
_FRONT = ("readme", "index", "_index")
_NO_LESSON = re.compile(r"(licen[cs]e|copying|notice|code[_-]of[_-]conduct|contributing|changelog|authors|security)\b")
_LICENCE = re.compile(r"(licen[cs]e|copying)(\.(md|txt|markdown))?", re.IGNORECASE)
_NO_NAME = ("creative commons legal code", "license", "licence", "licenses", "copying")
_NUMBERS = re.compile(r"(\d{1,4})[._-](\d{1,4})(?=[\s._-]|$)")
_NUMBERED_FOLDER = re.compile(r"^\d+[\s._-]+")


@dataclass(frozen=True)
class Source:
    """A Markdown file that becomes a step; `group` is its folder, or the number before its name."""

    path: str
    group: str
    step_id: str
    module_id: str

    def module_title(self, first_title: str, number: int) -> str:
        """Name the module: by its folder's own page, by its folder, or by its number."""
        if self.group.isdecimal() or not self.group:
            return f"Module {int(self.group) if self.group else number}"
        if _stem(self.path) in _FRONT and first_title:
            return first_title
        words = _NUMBERED_FOLDER.sub("", self.group.rpartition("/")[2])
        return " ".join(re.split(r"[\s_-]+", words)).strip().capitalize() or f"Module {number}"


def _stem(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[0].lower()


def _natural(text: str) -> list[tuple[int, int, str]]:
    """Order names as people do: 2 before 10."""
    parts = re.findall(r"[0-9]+|[^0-9]+", text.lower())
    return [(0, int(part[:18]), part) if part.isdecimal() and part.isascii() else (1, 0, part) for part in parts]


def _order(path: str) -> tuple[object, ...]:
    folder, _, _ = path.rpartition("/")
    return ([_natural(part) for part in folder.split("/") if part], _stem(path) not in _FRONT, _natural(_stem(path)))


def lesson_paths(files: Iterable[str]) -> list[str]:
    """Find the Markdown files that are lessons, in reading order."""
    found = [path for path in files if path.lower().endswith(_ENDINGS) and not _NO_LESSON.match(_stem(path))]
    return sorted(found, key=lambda path: (_order(path), path))


def shared_folder(paths: list[str]) -> str:
    """Find the folder, with its slash, that all these files lie in; empty when there is none."""
    parts = [path.split("/")[:-1] for path in paths]
    shared: list[str] = []
    for level in zip(*parts, strict=False):
        if len(set(level)) > 1:
            break
        shared.append(level[0])
    return "".join(part + "/" for part in shared)


def grouped(paths: list[str]) -> list[list[Source]]:
    """Group lessons into modules by sub-folder, or by the first of two numbers before their names."""
    top = shared_folder(paths)
    groups: dict[str, list[Source]] = {}
    module_ids: dict[str, str] = {}
    step_ids: set[str] = set()
    for path in paths:
        relative = path.removeprefix(top)
        group = _group(relative)
        if group not in module_ids:
            words = f"m{int(group)}" if group.isdecimal() else group or "main"
            module_ids[group] = _new_id(words, "module", set(module_ids.values()))
        step_id = _new_id(relative.rpartition(".")[0], "lesson", step_ids)
        step_ids.add(step_id)
        groups.setdefault(group, []).append(Source(path, group, step_id, module_ids[group]))
    return list(groups.values())


def _group(path: str) -> str:
    folder, _, name = path.rpartition("/")
    numbers = _NUMBERS.match(name)
    return folder or (numbers[1] if numbers else "")


def _new_id(words: str, otherwise: str, taken: set[str]) -> str:
    """Make an id of a path that stays the same whatever other files come or go."""
    new_id = slug(words.replace("/", " "))
    if new_id and new_id not in taken:
        return new_id
    return f"{new_id or otherwise}-{sha256(words.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def licence_line(files: Mapping[str, bytes]) -> str:
    """Read the licence from the first line of a licence file, whichever lies highest."""
    named = (path for path in files if _LICENCE.fullmatch(path.rpartition("/")[2]))
    found = sorted(named, key=lambda path: (path.count("/"), path))
    for path in found:
        text = split_text(path, files[path].decode("utf-8", "replace"))[0].body
        lines = (line.strip(" \t#*=-\r") for line in text.split("\n"))
        line = next((line for line in lines if line and line.lower() not in _NO_NAME), "")
        if line:
            return " ".join("".join(char if char.isprintable() else " " for char in line).split())[:80]
    return ""
