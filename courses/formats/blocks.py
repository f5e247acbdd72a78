"""The `:::` blocks of a lesson, found line by line; a fenced piece of code holds none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from courses.formats.issues import Note

BLOCK_TITLES: Mapping[str, str] = {
    "situation": "A situation from the office",
    "example": "Example",
    "try": "Try it now",
    "remember": "Remember",
    "note": "Note",
    "warning": "Take care",
    "steps": "Step by step",
    "more": "Read more",
    "details": "Details",
    "kept": "Kept in the file, not shown",
    "missing": "Picture missing",
}
BLOCK_NAMES = tuple(name for name in BLOCK_TITLES if name not in ("kept", "missing"))
ALIASES: Mapping[str, str] = {
    "callout": "note",
    "prereq": "note",
    "objectives": "note",
    "questions": "note",
    "testimonial": "note",
    "keypoints": "remember",
    "checklist": "remember",
    "challenge": "try",
    "discussion": "try",
    "caution": "warning",
    "solution": "details",
    "spoiler": "details",
    "hint": "details",
}
_CODE_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})([^\r\n]*)")
_OPEN = re.compile(r" {0,3}:{3,}[ \t]*([A-Za-z][\w-]*)(?=[ \t:]|$)")
_CLOSE = re.compile(r" {0,3}:{3,}[ \t]*")
_TITLE = re.compile(r'title="((?:[^"\\]|\\.)*)"')
PieceKind = Literal["text", "open", "close"]


@dataclass(frozen=True)
class Piece:
    """A run of text, or the line that opens or closes a block; `line` counts from 1 within the body."""

    kind: PieceKind
    line: int
    text: str = ""
    name: str = ""
    title: str = ""


def outside_code(body: str) -> Iterator[tuple[int, str, bool]]:
    """Go through the lines with their number and whether Markdown is read there, which it is not in code fences."""
    fence = ""
    for number, line in enumerate(body.split("\n"), start=1):
        line = line.removesuffix("\r")
        found = _CODE_FENCE.fullmatch(line)
        if fence:
            yield number, line, False
            if found and found[1].startswith(fence) and not found[2].strip():
                fence = ""
        elif found and not (found[1][0] == "`" and "`" in found[2]):
            fence = found[1]
            yield number, line, False
        else:
            yield number, line, True


def cut_blocks(body: str) -> tuple[list[Piece], list[Note]]:
    """Cut a body into text and blocks; every opening has its closing in the result, and faults are noted."""
    cutter = _Cutter()
    for number, line, readable in outside_code(body):
        cutter.take(number, line, readable)
    return cutter.finish(), cutter.notes


class _Cutter:
    """Collects pieces and keeps account of which blocks are open."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.notes: list[Note] = []
        self.open: list[Piece] = []
        self.lines: list[str] = []
        self.start = 1

    def take(self, number: int, line: str, readable: bool) -> None:
        """Take one more line of the body."""
        if readable and _CLOSE.fullmatch(line):
            self._flush(number)
            self._close(number)
        elif readable and (found := _OPEN.match(line)):
            self._flush(number)
            self._open(number, found[1], line[found.end() :].strip().rstrip(":").rstrip())
        else:
            self.lines.append(line)

    def _flush(self, number: int) -> None:
        if any(line.strip() for line in self.lines):
            self.pieces.append(Piece("text", self.start, "\n".join(self.lines)))
        self.lines, self.start = [], number + 1

    def _open(self, number: int, name: str, rest: str) -> None:
        title = _TITLE.fullmatch(rest)
        if rest and not title:
            message = f'After `::: {name}` only title="…" may stand; “{rest[:60]}” is not used.'
            self.notes.append(Note("BLOCK_ATTRIBUTE", message, number))
        if self.open:
            message = f"Blocks do not nest: close `{self.open[-1].name}` with ::: before `{name}`."
            self.notes.append(Note("NESTED_BLOCK", message, number))
        self._note_name(name, number)
        words = re.sub(r"\\(.)", r"\1", title[1]) if title else ""
        piece = Piece("open", number, name=name, title=words)
        self.open.append(piece)
        self.pieces.append(piece)

    def _note_name(self, name: str, number: int) -> None:
        if name in ALIASES:
            message = f"The block `{name}` is shown as `{ALIASES[name]}`."
            self.notes.append(Note("BLOCK_RENAMED", message, number))
        elif name not in BLOCK_NAMES:
            message = f"The block `{name}` is not known: it is kept in the file, not shown."
            self.notes.append(Note("UNKNOWN_BLOCK", message, number))

    def _close(self, number: int) -> None:
        if self.open:
            self.pieces.append(Piece("close", number, name=self.open.pop().name))
        else:
            message = "This ::: closes nothing; take it out, or give the block a name where it opens."
            self.notes.append(Note("STRAY_CLOSE", message, number))

    def finish(self) -> list[Piece]:
        """Close what is still open and give all pieces."""
        self._flush(0)
        for piece in reversed(self.open):
            message = f"The block `{piece.name}` is never closed; write ::: alone on a line where it ends."
            self.notes.append(Note("UNCLOSED_BLOCK", message, piece.line))
            self.pieces.append(Piece("close", piece.line, name=piece.name))
        return self.pieces
