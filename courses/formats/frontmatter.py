"""Front matter and settings files: taken apart into their own lines, and changed one key at a time."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from courses.formats.issues import Issue
from courses.formats.yamltext import Node, Table, read_yaml
from courses.formats.yamlwriter import write_yaml

LONGEST_TEXT = 200_000
_FENCE = re.compile(r"\ufeff?---[ \t]*\r?\n?")
_CLOSE = re.compile(r"---[ \t]*\r?\n?")
Entries = Sequence[tuple[str, Node]]


@dataclass(frozen=True)
class Sheet:
    """A text file in two parts that together are its exact text: front matter with its fences, and body."""

    head: str
    body: str
    settings: Table | None

    @property
    def body_line(self) -> int:
        """Say on which line of the file the body starts."""
        return self.head.count("\n") + 1


def decode(file: str, raw: bytes) -> tuple[str | None, list[Issue]]:
    """Read UTF-8, or say where the text stops being UTF-8."""
    if len(raw) > LONGEST_TEXT:
        return None, [Issue(file, 0, "FILE_TOO_LARGE", f"The text is longer than {LONGEST_TEXT} bytes; split it.")]
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as fault:
        line = raw.count(b"\n", 0, fault.start) + 1
        return None, [Issue(file, line, "ENCODING", "The text is not UTF-8 here; save the file as UTF-8.")]
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        return None, [Issue(file, line, "NUL_CHARACTER", "The text has a NUL character here; take it out.")]
    return text, []


def split_text(file: str, text: str) -> tuple[Sheet, list[Issue]]:
    """Take a text apart into front matter and body; the two always add up to the text."""
    lines = text.split("\n")
    lines = [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    if not lines or not _FENCE.fullmatch(lines[0]):
        return Sheet("", text, None), []
    close = next((at for at, line in enumerate(lines) if at and _CLOSE.fullmatch(line)), None)
    if close is None:
        message = "The front matter is not closed; write a line `---` after the last key."
        return Sheet("", text, None), [Issue(file, 1, "FRONT_MATTER_OPEN", message)]
    settings, issues = read_yaml(file, "".join(lines[1:close]), first_line=2)
    end = close + 1
    if end < len(lines) and lines[end] in ("\n", "\r\n"):
        end += 1
    return Sheet("".join(lines[:end]), "".join(lines[end:]), settings), issues


def write_head(entries: Entries, body: str) -> str:
    """Write front matter with its fences and the blank line that parts it from the body."""
    return f"---\n{write_yaml(entries)}---\n" + ("\n" if body else "")


def changed_head(head: str, before: Entries, after: Entries, body: str) -> str:
    """Rewrite only the keys of a front matter that changed; an unchanged one stays as it is, to the byte."""
    if not head:
        return write_head(after, body) if after else ""
    if list(before) == list(after):
        return _parted(head, body)
    settings = head.partition("\n")[2]
    settings = settings[: settings.rindex("---")]
    return f"---\n{changed_yaml(settings, before, after)}---\n" + ("\n" if body else "")


def _parted(head: str, body: str) -> str:
    """Add the line ends without which head and body would be read differently."""
    if not body:
        return head
    if not head.endswith("\n"):
        return head + "\n\n"
    blank = head.endswith(("\n\n", "\n\r\n"))
    return head if blank or not body.startswith(("\n", "\r\n")) else head + "\n"


def changed_yaml(text: str, before: Entries, after: Entries) -> str:
    """Rewrite only the keys of a settings text that changed, at their place and with their neighbours' comments."""
    old, new = dict(before), dict(after)
    if old == new and text:
        return text
    preamble, pieces = key_pieces(text)
    order = [key for key, _ in after]
    if pieces is None:
        return write_yaml(after)
    kept = _kept_pieces(pieces, old, new)
    written = list(kept)
    for key in (key for key in order if key not in kept):
        at = _place(key, order, written)
        written.insert(at, key)
        kept[key] = write_yaml([(key, new[key])])
    return preamble + "".join(kept[key] for key in written)


def _kept_pieces(pieces: Sequence[tuple[str, str]], old: Mapping[str, Node], new: Mapping[str, Node]) -> dict[str, str]:
    """Keep the lines of each key that stays as it was, and write the changed ones anew in their place."""
    kept = {}
    for key, lines in pieces:
        if key in new:
            same = old.get(key) == new[key]
            kept[key] = lines if same else write_yaml([(key, new[key])])
    return kept


def _place(key: str, order: Sequence[str], written: Sequence[str]) -> int:
    """Find the place of a new key: behind the nearest key that canonically stands before it."""
    before = [name for name in order[: order.index(key)] if name in written]
    return written.index(before[-1]) + 1 if before else 0


def key_pieces(text: str) -> tuple[str, list[tuple[str, str]] | None]:
    """Part a settings text into what stands before its first key and the lines of each key."""
    table, issues = read_yaml("", text)
    if issues or table is None or table.flow:
        return "", None
    lines = [line + "\n" for line in text.replace("\r\n", "\n").removesuffix("\n").split("\n")]
    starts = [key.line - 1 for key, _ in table.entries]
    if not starts:
        return "".join(lines) if text else "", []
    ends = [*starts[1:], len(lines)]
    pieces = [
        (key.text, "".join(lines[start:end])) for (key, _), start, end in zip(table.entries, starts, ends, strict=True)
    ]
    return "".join(lines[: starts[0]]), pieces
