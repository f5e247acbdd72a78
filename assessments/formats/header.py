"""The header line of a question: stem, id, kind and attributes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from assessments.formats.model import KINDS, Kind, Question
from courses.formats.issues import Issue
from courses.formats.paths import is_slug

_VALUE = r'"(?:[^"\\]|\\.)*"|[^\s"{}]+'
_HEADER = re.compile(rf"\{{#(?P<id>[^\s{{}}]+)(?P<rest>(?:\s+(?:\.[\w-]+|[\w-]+=(?:{_VALUE})))*)\s*\}}\s*$")
_ATTRIBUTE = re.compile(rf"\s+(?:\.(?P<kind>[\w-]+)|(?P<name>[\w-]+)=(?P<value>{_VALUE}))")
_POINTS = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6})?")
_KNOWN = ("points", "tags", "competence", "objective", "unit")


@dataclass(frozen=True)
class Header:
    """A header line taken apart."""

    stem: str
    id: str
    kinds: tuple[str, ...]
    attributes: tuple[tuple[str, str], ...]

    def get(self, name: str) -> str:
        """Find the value of an attribute; empty when absent."""
        return next((value for key, value in self.attributes if key == name), "")


def split_header(line: str) -> Header | None:
    """Take a header line apart; None when it does not end in {#id …}."""
    found = next(_headers(line), None)
    if found is None:
        return None
    parts = list(_ATTRIBUTE.finditer(found["rest"]))
    kinds = tuple(part["kind"] for part in parts if part["kind"])
    attributes = tuple((part["name"], _unquoted(part["value"])) for part in parts if part["name"])
    return Header(line[3 : found.start()].strip(), found["id"], kinds, attributes)


def _headers(line: str) -> Iterator[re.Match[str]]:
    at = line.find("{#")
    while at >= 0:
        if found := _HEADER.match(line, at):
            yield found
        at = line.find("{#", at + 1)


def _unquoted(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def read_header(file: str, number: int, line: str) -> tuple[Question | None, list[Issue]]:
    """Read a header into a question without answers; None when nobody could tell which question it is."""
    header = split_header(line)
    if header is None:
        code = "BAD_ATTRIBUTE" if "{#" in line else "QUESTION_ID_MISSING"
        message = 'A question starts `## Stem {#q-name .kind points=1 objective="O1"}`; complete the braces.'
        return None, [Issue(file, number, code, message)]
    issues = [Issue(file, number, code, message) for code, message in _faults(header)]
    kind = next((kind for kind in KINDS if kind in header.kinds), None)
    if kind is None:
        return None, issues
    return _question(header, kind, number), issues


def _question(header: Header, kind: Kind, number: int) -> Question:
    points = header.get("points")
    return Question(
        id=header.id,
        kind=kind,
        stem=header.stem,
        points=Decimal(points) if _POINTS.fullmatch(points) else Decimal(1),
        tags=tuple(filter(None, (tag.strip() for tag in header.get("tags").split(",")))),
        competence=header.get("competence"),
        objective=header.get("objective"),
        unit=header.get("unit"),
        extras=tuple((name, value) for name, value in header.attributes if name not in _KNOWN),
        line=number,
    )


def _faults(header: Header) -> Iterator[tuple[str, str]]:
    if not header.stem:
        yield "EMPTY_STEM", "The question has no words before its braces; write the question there."
    if not header.id.startswith("q-") or not is_slug(header.id):
        message = f"The id “{header.id[:60]}” must be q- and then lower-case letters, digits and single hyphens."
        yield "BAD_ID", message
    yield from _kind_faults(header.kinds)
    names = [name for name, _ in header.attributes]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield "ATTRIBUTE_TWICE", f"The attribute `{name}` stands twice; keep one."
    points = header.get("points")
    if points and (not _POINTS.fullmatch(points) or not Decimal(points)):
        yield "BAD_POINTS", f"The points are “{points[:30]}”; write a number above 0, such as 1 or 0.5."


def _kind_faults(kinds: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    known = ", ".join(f".{kind}" for kind in KINDS)
    if not kinds:
        yield "KIND_MISSING", f"The question does not say its kind; write one of: {known}."
    elif len(kinds) > 1:
        yield "KIND_TWICE", f"The question has more than one kind ({', '.join(kinds)[:60]}); keep one."
    elif kinds[0] not in KINDS:
        yield "UNKNOWN_KIND", f"The kind .{kinds[0][:30]} is not known; write one of: {known}."


def write_header(question: Question) -> str:
    """Write the header line of a question, its attributes in one order."""
    parts = [f"#{question.id}", f".{question.kind}", f"points={question.points:f}"]
    named = [
        ("tags", ", ".join(question.tags)),
        ("competence", question.competence),
        ("objective", question.objective),
        ("unit", question.unit),
    ]
    parts += [f"{name}={_quoted(value)}" for name, value in named if value]
    parts += [f"{name}={_quoted(value)}" for name, value in question.extras]
    return f"## {question.stem} {{{' '.join(parts)}}}"
