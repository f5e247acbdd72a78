"""Whether a text names somebody."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

STRUCK = "…"


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

    def struck_from(self, text: str) -> str:
        """The text with "…" in the place of each of them."""
        for word in sorted(self.words, key=len, reverse=True):
            text = re.sub(_alone(word), STRUCK, text, flags=re.IGNORECASE)
        return text


def _has(text: str, word: str) -> bool:
    return word in text and re.search(_alone(word), text) is not None


def _alone(word: str) -> str:
    return rf"(?<!\w){re.escape(word)}(?!\w)"


def is_telling(name: str) -> bool:
    """Whether a name is long enough to look for: one short word stands in too many texts that mean somebody else."""
    return len(name.split()) > 1 and len(name) >= 5
