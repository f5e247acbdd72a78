"""YAML read as text: no scalar is guessed to be a number, a date or a truth value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from courses.formats.issues import Issue

DEEPEST = 12
LONGEST = 256_000


@dataclass(frozen=True)
class Scalar:
    """A text as written; `quoted` says that it stood in quotes or in a block."""

    text: str
    quoted: bool = False
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Listing:
    """A list; `flow` says that it was written in brackets on one line."""

    items: tuple[Node, ...] = ()
    flow: bool = False
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Table:
    """Keys and values in the order of the file; `flow` says that it was written in braces."""

    entries: tuple[tuple[Scalar, Node], ...] = ()
    flow: bool = False
    line: int = field(default=0, compare=False)

    def get(self, key: str) -> Node | None:
        """Find the value of a key."""
        return next((value for name, value in self.entries if name.text == key), None)


Node = Scalar | Listing | Table


class YamlRefused(Exception):
    """The text is not YAML that a course may use; carries line, code and plain words."""

    def __init__(self, line: int, code: str, message: str) -> None:
        super().__init__(message)
        self.line, self.code, self.message = line, code, message


def read_yaml(file: str, text: str, first_line: int = 1) -> tuple[Table | None, list[Issue]]:
    """Read one YAML mapping of texts, or say by line what is wrong with it."""
    offset = first_line - 1
    if len(text) > LONGEST:
        return None, [Issue(file, first_line, "FILE_TOO_LARGE", f"The settings are longer than {LONGEST} characters.")]
    try:
        node = _Builder(text, offset).document()
    except YamlRefused as fault:
        return None, [Issue(file, fault.line, fault.code, fault.message)]
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        line = (mark.line if mark else 0) + 1 + offset
        return None, [Issue(file, line, "YAML", f"The YAML cannot be read here: {fault.problem or 'unknown reason'}.")]
    except (yaml.YAMLError, ValueError, OverflowError):
        message = "The YAML has a character or an escape that is not allowed."
        return None, [Issue(file, first_line, "YAML", message)]
    if not isinstance(node, Table):
        return None, [Issue(file, first_line, "NOT_A_MAPPING", "Write `key: value` lines here.")]
    return node, _repeated_keys(file, node)


def _repeated_keys(file: str, node: Node) -> list[Issue]:
    """Find keys that stand twice in the same mapping."""
    if isinstance(node, Scalar):
        return []
    if isinstance(node, Listing):
        return [issue for item in node.items for issue in _repeated_keys(file, item)]
    seen: set[str] = set()
    found: list[Issue] = []
    for key, value in node.entries:
        if key.text in seen:
            found.append(Issue(file, key.line, "DUPLICATE_KEY", f"The key `{key.text}` is written twice; keep one."))
        seen.add(key.text)
        found += _repeated_keys(file, value)
    return found


class _Builder:
    """Builds nodes from YAML events, with a limit on depth and without anchors, aliases and tags."""

    def __init__(self, text: str, offset: int) -> None:
        self.events: Iterator[Event] = yaml.parse(text, Loader=yaml.BaseLoader)
        self.offset = offset

    def line(self, event: Event) -> int:
        mark = event.start_mark
        return (mark.line if mark else 0) + 1 + self.offset

    def document(self) -> Node:
        """Build the one document of the text."""
        event = next(self.events)
        while isinstance(event, StreamStartEvent | DocumentStartEvent):
            event = next(self.events)
        if isinstance(event, StreamEndEvent):
            return Table()
        node = self.node(event, 0)
        self._end()
        return node

    def _end(self) -> None:
        end = next(self.events)
        if isinstance(end, DocumentEndEvent) and not end.explicit and isinstance(next(self.events), StreamEndEvent):
            return
        raise YamlRefused(self.line(end), "YAML", "Only one YAML document may stand here; take out `...` and `---`.")

    def node(self, event: Event, depth: int) -> Node:
        """Build what starts with this event."""
        line = self.line(event)
        if depth > DEEPEST:
            raise YamlRefused(line, "YAML_TOO_DEEP", f"The YAML is nested deeper than {DEEPEST} levels.")
        self._refuse_cleverness(event, line)
        if isinstance(event, ScalarEvent):
            return Scalar(self._text(event, line), event.style is not None, line)
        if isinstance(event, SequenceStartEvent):
            return Listing(tuple(self._items(depth)), bool(event.flow_style), line)
        return Table(tuple(self._entries(depth)), bool(getattr(event, "flow_style", False)), line)

    def _refuse_cleverness(self, event: Event, line: int) -> None:
        if isinstance(event, AliasEvent) or (isinstance(event, NodeEvent) and event.anchor is not None):
            raise YamlRefused(line, "YAML_ALIAS", "Anchors (&) and aliases (*) are not allowed; write the value out.")
        if isinstance(event, ScalarEvent | SequenceStartEvent | MappingStartEvent) and event.tag is not None:
            raise YamlRefused(line, "YAML_TAG", "Tags (!) are not allowed; write the plain value.")

    @staticmethod
    def _text(event: ScalarEvent, line: int) -> str:
        text = str(event.value)
        if "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
            raise YamlRefused(line, "YAML", "A text has a character that no file can hold (NUL or half a pair).")
        return text

    def _items(self, depth: int) -> Iterator[Node]:
        while not isinstance(event := next(self.events), SequenceEndEvent):
            yield self.node(event, depth + 1)

    def _entries(self, depth: int) -> Iterator[tuple[Scalar, Node]]:
        while not isinstance(event := next(self.events), MappingEndEvent):
            key = self.node(event, depth + 1)
            if not isinstance(key, Scalar):
                raise YamlRefused(self.line(event), "YAML", "A key must be a plain word.")
            yield key, self.node(next(self.events), depth + 1)
