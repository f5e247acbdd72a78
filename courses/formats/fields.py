"""Settings typed by schema: each key is asked for by its type, and what is wrong is said by line."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from courses.formats.issues import Issue, Level
from courses.formats.paths import is_slug
from courses.formats.yamltext import Listing, Node, Scalar, Table

Typed = TypeVar("Typed")
_WHOLE_NUMBER = re.compile(r"[0-9]{1,9}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
TRUTHS = {"true": True, "false": False}


@dataclass(frozen=True)
class Extra:
    """A key that this reader does not know: kept in its order and written back."""

    key: str
    value: Node

    @property
    def text(self) -> str:
        """Give the value as text; empty when it is a list or a table."""
        return self.value.text if isinstance(self.value, Scalar) else ""


@dataclass
class Fields:
    """Reads the keys of one mapping and collects what is wrong with them."""

    file: str
    table: Table
    issues: list[Issue]
    line: int = 1
    what: str = "file"
    asked: set[str] = field(default_factory=set)

    def found(self, line: int, code: str, message: str, level: Level = "error") -> None:
        """Note a finding at a line of this file."""
        self.issues.append(Issue(self.file, line, code, message, level))

    def line_of(self, key: str) -> int:
        """Say on which line a key stands, or where the mapping starts."""
        return next((name.line for name, _ in self.table.entries if name.text == key), self.line)

    def _node(self, key: str, need: Level | None) -> Node | None:
        self.asked.add(key)
        node = self.table.get(key)
        if node is None or (isinstance(node, Scalar) and not node.text):
            if need or node is not None:
                message = f"The {self.what} has no `{key}`; add a line `{key}: …`."
                self.found(self.line_of(key), "MISSING_KEY", message, need or "warning")
            return None
        return node

    def text(self, key: str, need: Level | None = None) -> str:
        """Read a text; `need` says how badly it is missed when it is absent."""
        node = self._node(key, need)
        if node is None:
            return ""
        if not isinstance(node, Scalar):
            self.found(self.line_of(key), "NOT_TEXT", f"`{key}` must be one text, not a list.")
            return ""
        return node.text

    def _typed(
        self, key: str, need: Level | None, code: str, expected: str, read: Callable[[str], Typed | None]
    ) -> Typed | None:
        text = self.text(key, need)
        if not text:
            return None
        value = read(text)
        if value is None:
            self.found(self.line_of(key), code, f"`{key}` is “{text[:60]}”; write {expected}.")
        return value

    def number(self, key: str, lowest: int, highest: int, need: Level | None = None) -> int | None:
        """Read a whole number within bounds."""
        number = self._typed(key, need, "NOT_A_NUMBER", "a whole number in digits", _whole_number)
        if number is None or lowest <= number <= highest:
            return number
        message = f"`{key}` is {number}; write a number from {lowest} to {highest}."
        self.found(self.line_of(key), "OUT_OF_RANGE", message)
        return None

    def day(self, key: str, need: Level | None = None) -> date | None:
        """Read a date written YYYY-MM-DD."""
        return self._typed(key, need, "NOT_A_DATE", "a date as YYYY-MM-DD", _day)

    def truth(self, key: str) -> bool:
        """Read true or false; false when absent."""
        return bool(self._typed(key, None, "NOT_A_TRUTH", "true or false", TRUTHS.get))

    def slug(self, key: str, what: str) -> str:
        """Read an id, which must be there and be a slug."""
        text = self.text(key, "error")
        if text and not is_slug(text):
            message = f"The {what} id “{text[:60]}” must be lower-case letters, digits and single hyphens."
            self.found(self.line_of(key), "BAD_ID", message)
        return text

    def choice(self, key: str, choices: Collection[str], code: str, need: Level | None = None) -> str:
        """Read one of the allowed words."""
        text = self.text(key, need)
        if text and text not in choices:
            message = f"`{key}` is “{text[:60]}”; write one of: {', '.join(choices)}."
            self.found(self.line_of(key), code, message)
        return text

    def _items(self, key: str, need: Level | None) -> tuple[Node, ...]:
        node = self._node(key, need)
        if node is None:
            return ()
        if not isinstance(node, Listing):
            self.found(self.line_of(key), "NOT_A_LIST", f"`{key}` must be a list.")
            return ()
        return node.items

    def texts(self, key: str, need: Level | None = None) -> tuple[str, ...]:
        """Read a list of texts, each once."""
        return tuple(text for text, _ in self.lined_texts(key, need))

    def lined_texts(self, key: str, need: Level | None = None) -> list[tuple[str, int]]:
        """Read a list of texts with the line of each."""
        texts: list[tuple[str, int]] = []
        for node in self._items(key, need):
            if not isinstance(node, Scalar) or not node.text:
                self.found(node.line, "NOT_TEXT", f"Each entry of `{key}` must be one text.")
            elif node.text in (text for text, _ in texts):
                self.found(node.line, "LISTED_TWICE", f"`{key}` lists “{node.text}” twice; keep one.")
            else:
                texts.append((node.text, node.line))
        return texts

    def tables(self, key: str, what: str, need: Level | None = None) -> Iterator[Fields]:
        """Read a list of mappings, one reader for each."""
        for node in self._items(key, need):
            if isinstance(node, Table):
                yield Fields(self.file, node, self.issues, node.line, what)
            else:
                self.found(node.line, "NOT_A_MAPPING", f"Each {what} must be `key: value` lines.")

    def extras(self) -> tuple[Extra, ...]:
        """Give the keys that nobody asked for, in their order."""
        return tuple(Extra(name.text, value) for name, value in self.table.entries if name.text not in self.asked)


def _whole_number(text: str) -> int | None:
    return int(text) if _WHOLE_NUMBER.fullmatch(text) else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None
