"""How sure the government can be of a claimed level (docs/rules.md, section 1.3)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

ASSURANCE: Final[Mapping[str, int]] = MappingProxyType(
    {"self": 0, "participation": 1, "tested": 2, "verified": 3, "certified": 4}
)
# Self-ratings and attendance are shown, but prove no level.
COUNTS_FROM: Final = ASSURANCE["tested"]
_WORDS: Final = tuple(ASSURANCE)


def assurance_rank(word: str) -> int:
    """Give the rank of an assurance word, 0 (self) to 4 (certified)."""
    try:
        return ASSURANCE[word]
    except KeyError:
        raise ValueError(f"Assurance {word!r} is unknown: use one of {', '.join(_WORDS)}.") from None


def assurance_word(rank: int) -> str:
    """Give the word of an assurance rank."""
    if not 0 <= rank < len(_WORDS):
        raise ValueError(f"Assurance rank {rank} is unknown: use 0 (self) to 4 (certified).")
    return _WORDS[rank]
