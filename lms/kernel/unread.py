"""Objects of JSON that nobody has to parse unless somebody asks what they say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import orjson


class Unread(Mapping[str, Any]):
    """An object known to be sound by its text, which is parsed when somebody asks for what is not known of it."""

    __slots__ = ("_known", "_parsed", "_text")

    def __init__(self, text: str, known: Mapping[str, Any] | None = None) -> None:
        """`known` is what stands under some of its keys: values, or structs that say as much."""
        self._text, self._known = text, known
        self._parsed: dict[str, Any] | None = None

    def __getitem__(self, key: str) -> Any:
        if self._known is None or key not in self._known:
            return self._value()[key]
        found = self._known[key]
        return msgspec.to_builtins(found) if isinstance(found, msgspec.Struct) else found

    def __iter__(self) -> Iterator[str]:
        return iter(self._value())

    def __len__(self) -> int:
        return len(self._value())

    def _value(self) -> dict[str, Any]:
        if self._parsed is None:
            self._parsed = orjson.loads(self._text)
        return self._parsed
