"""YAML of a course, event by event, as nodes of text: anchors, aliases and tags are refused."""

from __future__ import annotations

from collections.abc import Iterator

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

from courses.formats.yamltext import Listing, Node, Scalar, Table, YamlRefused

DEEPEST = 12


def build(text: str, offset: int) -> Node:
    """Build the one document of a text whose first line has `offset` lines above it; raises YamlRefused."""
    try:
        return _Builder(text, offset).document()
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        line = (mark.line if mark else 0) + 1 + offset
        raise YamlRefused(line, "YAML", f"The YAML cannot be read here: {fault.problem or 'unknown reason'}.") from None
    except (yaml.YAMLError, ValueError, OverflowError):
        message = "The YAML has a character or an escape that is not allowed."
        raise YamlRefused(offset + 1, "YAML", message) from None


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
