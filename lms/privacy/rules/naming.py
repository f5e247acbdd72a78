"""Whether a text names somebody."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Names:
    """Texts that lead to one person, as they may stand in other texts: in plain and in JSON."""

    words: frozenset[str]

    @classmethod
    def of(cls, words: Iterable[str]) -> Names:
        """The texts, less the empty ones."""
        plain = {word.strip() for word in words} - {""}
        return cls(frozenset(plain | {json.dumps(word)[1:-1] for word in plain}))

    def stand_in(self, texts: Collection[str | None]) -> bool:
        """Whether one of them stands in some text as a word of its own, in small or capital letters."""
        return any(_has(text.casefold(), word.casefold()) for text in texts if text for word in self.words)


def _has(text: str, word: str) -> bool:
    return word in text and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


def is_telling(name: str) -> bool:
    """Whether a name is long enough to look for: one short word stands in too many texts that mean somebody else."""
    return len(name.split()) > 1 and len(name) >= 5
